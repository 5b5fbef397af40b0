/* The report page without charts: language, theme, sliders, download. No library, no network; texts only by textContent. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("script");
  const blocks = [...document.querySelectorAll(".page[lang]")];
  const read = (element) => JSON.parse(element.textContent);
  const shown = () => blocks.find((block) => !block.hidden);

  function show(lang) {
    const next = blocks.find((block) => block.lang === lang);
    if (!next) return;
    for (const block of blocks) block.hidden = block !== next;
    root.lang = lang;
    document.title = next.dataset.title;
    document.dispatchEvent(new CustomEvent("page-shown", { detail: next }));
  }

  /* Money in the reader's habit: as the program writes it on the cards. */
  function money(value, unit) {
    const sign = value < 0 ? "-" : "";
    const size = Math.abs(value);
    const number = (x, digits) => x.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (unit.wan && size >= 1e8) return sign + unit.symbol + number(size / 1e8, 2) + "亿";
    if (unit.wan && size >= 1e4) return sign + unit.symbol + number(size / 1e4, 2) + "万";
    return sign + unit.symbol + number(size, unit.decimals);
  }
  const percent = (share) => (share < 0 ? "" : "+") + (share * 100).toFixed(1) + "%";
  const trimmed = (x, digits) => String(Number(x.toFixed(digits)));

  /* Where a slider stands between the solved values: index of the lower one and the share of the way to the next. */
  function place(axis, position) {
    const low = Math.max(0, Math.min(Math.floor(position), axis.values.length - 2));
    return { low, share: axis.values.length > 1 ? position - low : 0 };
  }
  const valueAt = (axis, position) => {
    const { low, share } = place(axis, position);
    const next = axis.values[Math.min(low + 1, axis.values.length - 1)];
    return share === 0 ? axis.values[low] : axis.values[low] * (1 - share) + next * share;
  };

  /* A wanted point is a solved one, lies between solved ones, or next to one that has no plan. */
  function answer(table, positions) {
    let corners = [{ at: 0, weight: 1 }];
    table.axes.forEach((axis, i) => {
      const { low, share } = place(axis, positions[i]);
      corners = corners.flatMap(({ at, weight }) => {
        const base = at * axis.values.length + low;
        const out = [];
        if (share < 1) out.push({ at: base, weight: weight * (1 - share) });
        if (share > 0) out.push({ at: base + 1, weight: weight * share });
        return out;
      });
    });
    const points = corners.map(({ at }) => table.points[at]);
    if (points.some((point) => point.cost === null)) return { point: points.find((point) => point.cost === null), cost: null };
    if (points.length === 1) return { point: points[0], cost: points[0].cost };
    return { cost: corners.reduce((sum, { weight }, i) => sum + weight * points[i].cost, 0) };
  }

  function settings(axis, position) {
    const value = valueAt(axis, position);
    const at = axis.values.indexOf(value);
    if (at === axis.now) return [];
    return axis.set.map((set) => `--set ${set.before}${trimmed(set.times * value, set.digits)}${set.after}`);
  }

  function whatIf(section) {
    const spec = read(section.querySelector("script"));
    const knobs = [...section.querySelectorAll("input[type=range]")];
    const ways = section.querySelector("select");
    const out = (name) => section.querySelector(`[data-out=${name}]`);
    const text = spec.text;

    /* Served by the program: what is not solved yet is asked for, the last wish only. */
    let wish = 0;
    function ask(table, axes, positions) {
      const mine = ++wish;
      const query = new URLSearchParams({ table: String(spec.tables.indexOf(table)) });
      table.axes.forEach((i, k) => query.set(`a${i}`, String(valueAt(axes[k], positions[k]))));
      setTimeout(async () => {
        if (mine !== wish) return;
        try {
          const reply = await fetch(`what-if?${query}`);
          const point = reply.ok ? await reply.json() : null;
          if (!point || mine !== wish) return;
          const none = point.how === "none";
          out("how").className = "tag " + point.how;
          out("how").textContent = text[point.how];
          out("note").textContent = none ? "" : `${text.gap} ${(point.gap * 100).toFixed(2)}%`;
          out("cost").textContent = none ? "-" : money(point.cost, spec.money);
          out("change").textContent = none || !spec.now ? "" : percent(point.cost / spec.now - 1);
        } catch {
          /* the program has ended: what is shown stays what it says it is */
        }
      }, 250);
    }

    function update() {
      const table = spec.tables[ways ? Number(ways.value) : 0];
      const used = (knob) => table.axes.includes(Number(knob.dataset.axis));
      const axes = table.axes.map((i) => spec.axes[i]);
      const positions = table.axes.map((i) => Number(knobs.find((knob) => Number(knob.dataset.axis) === i).value));
      knobs.forEach((knob) => {
        const axis = spec.axes[Number(knob.dataset.axis)];
        const value = valueAt(axis, Number(knob.value));
        const at = axis.values.indexOf(value);
        const words = at >= 0 ? axis.texts[at] : trimmed(value * axis.shown, axis.decimals) + axis.unit;
        knob.disabled = !used(knob);
        knob.setAttribute("aria-valuetext", words);
        knob.parentElement.querySelector("output").textContent = words;
      });
      const found = answer({ axes, points: table.points }, positions);
      const exact = found.point !== undefined;
      const tag = out("how");
      const kept = table.kept && positions.some((position, i) => position !== axes[i].now);
      const how = found.cost === null ? "none" : kept ? "kept" : exact ? "solved" : "between";
      tag.className = "tag " + how;
      tag.textContent = text[how];
      out("cost").textContent = found.cost === null ? "-" : exact ? found.point.text : money(found.cost, spec.money);
      out("change").textContent = found.cost === null || !spec.now ? "" : percent(found.cost / spec.now - 1);
      out("note").textContent = exact && !kept ? found.point.note : "";
      const options = axes.flatMap((axis, i) => settings(axis, positions[i]));
      if (document.body.dataset.live === "yes" && (!exact || kept)) ask(table, axes, positions);
      else wish++;
      out("command").textContent = [spec.command, ...table.set.map((set) => `--set ${set}`), ...options].join(" ");
    }
    section.querySelector("details").open = false;
    section.addEventListener("input", update);
    out("reset").addEventListener("click", () => {
      for (const knob of knobs) knob.value = spec.axes[Number(knob.dataset.axis)].now;
      if (ways) ways.value = "0";
      update();
    });
    update();
  }

  for (const block of blocks) {
    block.querySelectorAll(".what-if").forEach(whatIf);
    block.querySelectorAll("[data-show]").forEach((button) =>
      button.addEventListener("click", () => {
        show(button.dataset.show);
        shown().querySelector("[data-show]").focus();
      }));
    block.querySelectorAll("[data-download]").forEach((button) =>
      button.addEventListener("click", () => {
        const link = document.createElement("a");
        const bytes = new Blob([document.getElementById("data").textContent], { type: "application/json" });
        link.href = URL.createObjectURL(bytes);
        link.download = button.dataset.download;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      }));
  }
  const wanted = { "#zh": "zh-CN", "#en": "en" }[location.hash];
  if (wanted) show(wanted);
})();
