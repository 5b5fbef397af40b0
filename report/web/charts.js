/* The charts of the report page: only what is used of ECharts, drawn as SVG, so that their text is text. Every number that a chart
 * shows beside its axes was written by the program; what it says in a chart also stands in the table behind it. */
import { init, use } from "echarts/core";
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import {
  AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, HeatmapChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent,
  VisualMapComponent, SVGRenderer]);

const dark = matchMedia("(prefers-color-scheme: dark)");
let drawn = [], turns = 0;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { ink: of("--ink"), quiet: of("--quiet"), rule: of("--rule"), paper: of("--paper"), bad: of("--bad"), accent: of("--accent"),
    series: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => of("--c" + i)) };
}

/* Round values on axes, in the reader's habit. */
function tick(value, unit) {
  const plain = (x) => String(Number(x.toFixed(2)));
  if (!unit) return plain(value);
  if (unit.kind === "percent") return String(Number((value * 100).toPrecision(3))) + "%";
  if (unit.kind === "seconds") return String(Number(value.toPrecision(3)));
  if (unit.kind !== "money") return plain(value);
  const size = Math.abs(value), sign = value < 0 ? "-" : "";
  if (size === 0) return "0";
  if (unit.wan) return sign + (size >= 1e8 ? plain(size / 1e8) + "亿" : size >= 1e4 ? plain(size / 1e4) + "万" : plain(size));
  return sign + (size >= 1e6 ? plain(size / 1e6) + "M" : size >= 1e3 ? plain(size / 1e3) + "k" : plain(size));
}

const signed = (unit) => (value) => (value > 0 ? "+" : "") + tick(value, unit);
const axisText = (c) => ({ color: c.quiet, fontSize: 12 });

function valueAxis(c, axis, more) {
  return { type: "value", name: axis.name || "", nameLocation: "middle", nameTextStyle: { color: c.quiet, fontSize: 12 }, nameGap: 28,
    axisLabel: { ...axisText(c), hideOverlap: true, formatter: (v) => tick(v, axis.unit) }, splitLine: { lineStyle: { color: c.rule } },
    axisLine: { show: false }, ...more };
}

function categoryAxis(c, axis, labels, more) {
  return { type: "category", data: labels, name: axis.name || "", nameLocation: "middle", nameGap: 28,
    nameTextStyle: { color: c.quiet, fontSize: 12 }, axisLabel: { ...axisText(c), hideOverlap: true },
    axisLine: { lineStyle: { color: c.rule } }, axisTick: { show: false }, ...more };
}

/* One box per row or place of the pointer: the label, then the program's texts. */
const box = (label, lines) => [label, ...lines].filter(Boolean).join("\n");

function bars(spec, c, narrow) {
  const labels = spec.labels;
  return {
    legend: { show: spec.series.length > 1 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (at) => box(labels[at[0].dataIndex],
        [...at.filter((s) => spec.series[s.seriesIndex].texts).map((s) => `${s.seriesName}  ${spec.series[s.seriesIndex].texts[s.dataIndex]}`),
          spec.totals[at[0].dataIndex]]) },
    grid: { right: narrow ? 64 : 84 },
    yAxis: categoryAxis(c, spec.y, labels, { inverse: true, axisLabel: { ...axisText(c), color: c.ink, width: narrow ? 96 : 150, overflow: "break" } }),
    xAxis: valueAxis(c, spec.x, { splitNumber: narrow ? 2 : 4 }),
    series: [
      ...spec.series.map((s) => ({ name: s.name, type: "bar", stack: "all", data: s.values, itemStyle: { color: c.series[s.colour] }, barMaxWidth: 34 })),
      { name: "", type: "bar", stack: "all", silent: true, data: labels.map(() => 0), itemStyle: { color: "transparent" },
        label: { show: true, position: "right", color: c.ink, fontSize: 12, formatter: (p) => spec.totals[p.dataIndex] } },
    ],
  };
}

/* Local time of the scenario, as the program writes it. */
const moment = (spec, i) => new Date(spec.from + i * spec.stepHours * 36e5).toISOString().slice(0, 16).replace("T", " ");

function steps(spec, c) {
  return {
    legend: {},
    tooltip: { trigger: "axis",
      formatter: (at) => box(moment(spec, at[0].dataIndex), at.map((s) => `${s.seriesName}  ${s.value}`)) },
    xAxis: categoryAxis(c, spec.x, spec.ticks, { boundaryGap: false, axisLabel: { ...axisText(c), hideOverlap: true, interval: (i) => spec.ticks[i] !== "" } }),
    yAxis: valueAxis(c, spec.y, { minInterval: 1, nameLocation: "end", nameGap: 12, nameTextStyle: { color: c.quiet, fontSize: 12, align: "left" } }),
    series: spec.series.map((s) => s.dashed
      ? { name: s.name, type: "line", step: "end", symbol: "none", data: s.values, lineStyle: { color: c.ink, width: 1.6, type: "dashed" }, itemStyle: { color: c.ink } }
      : { name: s.name, type: "line", step: "end", symbol: "none", stack: "held", data: s.values, lineStyle: { width: 0.6, color: c.series[s.colour] },
        areaStyle: { color: c.series[s.colour], opacity: 0.75 }, itemStyle: { color: c.series[s.colour] } }),
  };
}

function lines(spec, c) {
  return {
    legend: {},
    tooltip: { trigger: "axis",
      formatter: (at) => box(spec.labels[at[0].dataIndex], at.map((s) => `${s.seriesName}  ${spec.series[s.seriesIndex].texts[s.dataIndex]}`)) },
    xAxis: valueAxis(c, spec.x, { scale: true, splitLine: { show: false } }),
    yAxis: valueAxis(c, spec.y, { scale: true }),
    series: spec.series.map((s) => ({ name: s.name, type: "line", symbolSize: 8, connectNulls: false, data: s.values.map((v, i) => [spec.at[i], v]),
      lineStyle: { color: c.series[s.colour], type: s.dashed ? "dashed" : "solid", width: 2 }, itemStyle: { color: c.series[s.colour] },
      label: { show: s.labelled, position: "top", color: c.ink, fontSize: 12, formatter: (p) => (p.dataIndex === spec.now ? s.texts[p.dataIndex] : "") } })),
  };
}

function tornado(spec, c, narrow) {
  const side = (s) => ({ name: s.name, type: "bar", stack: "swing", data: s.values, itemStyle: { color: c.series[s.colour] }, barMaxWidth: 28,
    label: { show: !narrow, position: "inside", color: c.paper, fontSize: 12, formatter: (p) => s.texts[p.dataIndex] }, labelLayout: { hideOverlap: true } });
  return {
    legend: {},
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (at) => box(spec.labels[at[0].dataIndex], at.map((s) => `${s.seriesName}  ${spec.series[s.seriesIndex].texts[s.dataIndex]}`)) },
    yAxis: categoryAxis(c, spec.y, spec.labels, { inverse: true, axisLine: { show: false },
      axisLabel: { ...axisText(c), color: c.ink, width: narrow ? 96 : 190, overflow: "break" } }),
    xAxis: valueAxis(c, spec.x, { splitNumber: narrow ? 2 : 5, axisLabel: { ...axisText(c), hideOverlap: true, formatter: signed(spec.x.unit) } }),
    series: spec.series.map(side),
  };
}

function histogram(spec, c) {
  const mark = (m, i) => ({ xAxis: m.at, name: m.text, lineStyle: { color: m.hard ? c.bad : c.ink, type: m.hard ? "solid" : "dashed", width: m.hard ? 2 : 1.2 },
    label: { formatter: m.text, color: m.hard ? c.bad : c.ink, fontSize: 12, position: "end", distance: [0, 4 + 15 * i] } });
  return {
    legend: { show: false },
    tooltip: { trigger: "axis", formatter: (at) => spec.texts[at[0].dataIndex] || "" },
    grid: { top: 26 + 15 * spec.marks.length },
    xAxis: valueAxis(c, spec.x, { min: spec.from, max: spec.to, splitLine: { show: false },
      axisLabel: { ...axisText(c), hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (v) => tick(v, spec.x.unit) } }),
    yAxis: valueAxis(c, spec.y, { nameLocation: "end", nameGap: 10 }),
    series: [{ type: "line", name: spec.name, step: "end", symbol: "none", data: [...spec.values, 0].map((v, i) => [spec.edges[i], v]),
      lineStyle: { width: 1, color: c.series[0] }, areaStyle: { color: c.series[0], opacity: 0.65 }, itemStyle: { color: c.series[0] },
      markLine: { symbol: "none", silent: true, data: spec.marks.map(mark) } }],
  };
}

function heat(spec, c, narrow) {
  return {
    legend: { show: false },
    tooltip: { trigger: "item", formatter: (p) => spec.texts[p.data[1] * 24 + p.data[0]] },
    grid: { top: 8, bottom: 64 },
    xAxis: categoryAxis(c, spec.x, spec.hours, { axisLabel: { ...axisText(c), interval: narrow ? 5 : 2 } }),
    yAxis: categoryAxis(c, spec.y, spec.days, { inverse: true }),
    visualMap: { min: spec.low, max: spec.high, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 12,
      text: [spec.highText, spec.lowText], textStyle: { color: c.quiet }, inRange: { color: dark.matches && !document.documentElement.classList.contains("printing") ? ["#1d2735", "#2c5a9e", "#8ab4f8"] : ["#eef3fd", "#7fa7ee", "#1d4fb4"] } },
    series: [{ type: "heatmap", name: spec.name, data: spec.values.map((v, i) => [i % 24, Math.floor(i / 24), v]).filter((p) => p[2] !== null),
      itemStyle: { borderColor: c.paper, borderWidth: 1 } }],
  };
}

const said = (value, unit) => (value === null ? "-" : tick(value, unit) + (unit.kind === "seconds" ? " s" : ""));

/* From low to high by hour of the week, and the limit where it is near enough to be drawn. */
function band(spec, c) {
  const drawn = spec.high.filter((v) => v !== null), most = Math.max(...drawn);
  const limited = spec.limit !== null && spec.limit < 4 * most;
  const part = (name, data, more) => ({ name, type: "line", step: "middle", symbol: "none", connectNulls: false, data, lineStyle: { width: 1.4, color: c.series[0] },
    itemStyle: { color: c.series[0] }, ...more });
  const hidden = { lineStyle: { width: 0 }, silent: true, tooltip: { show: false } };
  return {
    legend: { data: [spec.lowName, spec.highName] },
    grid: { top: 56 },
    tooltip: { trigger: "axis", formatter: (at) => box(spec.labels[at[0].dataIndex], [spec.low, spec.high].map((of, k) => `${[spec.lowName, spec.highName][k]}  ${said(of[at[0].dataIndex], spec.y.unit)}`)) },
    xAxis: categoryAxis(c, spec.x, spec.ticks, { boundaryGap: false, axisLabel: { ...axisText(c), hideOverlap: true, interval: (i) => spec.ticks[i] !== "" } }),
    yAxis: valueAxis(c, spec.y, { nameLocation: "end", nameGap: 12, nameTextStyle: { color: c.quiet, fontSize: 12, align: "left" },
      axisLabel: { ...axisText(c), showMaxLabel: !limited, formatter: (v) => tick(v, spec.y.unit) },
      max: limited ? Number((1.1 * Math.max(spec.limit, most)).toPrecision(2)) : undefined }),
    series: [
      part(" ", spec.low, { ...hidden, stack: "band" }),
      part("  ", spec.high.map((v, i) => (v === null || spec.low[i] === null ? null : v - spec.low[i])), { ...hidden, stack: "band",
        areaStyle: { color: c.series[0], opacity: 0.22 } }),
      part(spec.lowName, spec.low, {}),
      part(spec.highName, spec.high, { lineStyle: { width: 1.4, color: c.series[2] }, itemStyle: { color: c.series[2] },
        markLine: limited ? { symbol: "none", silent: true, data: [{ yAxis: spec.limit, lineStyle: { color: c.bad, type: "dashed", width: 1.4 },
          label: { formatter: spec.limitText, color: c.bad, fontSize: 12, position: "insideEndTop" } }] } : undefined }),
    ],
  };
}

const kinds = { bars, steps, lines, tornado, histogram, heat, band };

/* Patterns beside colours, quiet ones: who does not see colours can still tell series apart. */
const decals = (c) => [
  { symbol: "none" },
  { color: "rgba(255,255,255,.32)", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  { color: "rgba(255,255,255,.38)", symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0], symbolSize: 0.6 },
  { color: "rgba(255,255,255,.32)", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { color: "rgba(255,255,255,.3)", dashArrayX: [1, 0], dashArrayY: [2, 6] },
  { color: "rgba(255,255,255,.3)", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0] },
].map((d) => ({ ...d, backgroundColor: c.none }));

function draw(figure) {
  const plot = figure.querySelector(".plot");
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const c = colours(), narrow = plot.clientWidth < 420;
  const own = kinds[spec.kind](spec, c, narrow);
  if (spec.rows) plot.style.height = Math.max(190, 96 + spec.rows * (spec.rowHeight || 40)) + "px";
  const chart = init(plot, null, { renderer: "svg" });
  const legend = { type: "plain", top: 0, left: 0, itemWidth: 16, itemHeight: 11, itemGap: 12, textStyle: { color: c.ink, fontSize: 12 },
    data: (spec.series || []).map((s) => s.name), ...own.legend };
  const hidden = own.legend.show === false;
  const names = (own.legend.data || spec.series || []).length;
  const rows = hidden ? 0 : narrow ? Math.ceil(names / 2) : Math.ceil(names / 4);
  chart.setOption({
    animation: false, backgroundColor: "transparent", textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    aria: { enabled: true, label: { description: spec.description }, decal: { show: spec.kind !== "heat" && spec.kind !== "histogram" && spec.kind !== "band", decals: decals(c) } },
    ...own,
    grid: { left: 4, right: 18, top: 20 + 20 * rows, bottom: spec.x && spec.x.name ? 26 : 4, containLabel: true, ...own.grid },
    legend,
    tooltip: { renderMode: "richText", confine: true, backgroundColor: c.paper, borderColor: c.rule, textStyle: { color: c.ink, fontSize: 13 }, ...own.tooltip },
  });
  figure.querySelector("details").open = false;
  drawn.push(chart);
}

function cleared() {
  for (const chart of drawn) chart.dispose();
  drawn = [];
  return document.querySelector(".page[lang]:not([hidden])");
}

/* One after the other, so that the page can be read and moved meanwhile. */
function drawAll() {
  if (document.documentElement.classList.contains("printing")) return; /* drawn for paper; again when that is over */
  const turn = ++turns;
  const page = cleared();
  const waiting = [...page.querySelectorAll("figure.chart")];
  const next = () => {
    const figure = waiting.shift();
    if (turn !== turns) return;
    if (!figure) return finish();
    draw(figure);
    setTimeout(next);
  };
  const finish = () => { document.documentElement.dataset.drawn = page.lang; };
  delete document.documentElement.dataset.drawn;
  setTimeout(next);
}

/* On paper everything is there at once and light; what was solved stands in its table, for paper has no sliders. */
const solvedTables = () => document.querySelectorAll(".page:not([hidden]) .what-if details");
addEventListener("beforeprint", () => {
  turns++;
  document.documentElement.classList.add("printing");
  for (const details of solvedTables()) details.open = true;
  cleared().querySelectorAll("figure.chart").forEach(draw);
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  for (const details of solvedTables()) details.open = false;
  drawAll();
});

/* A chart that was drawn for another width or scheme is drawn again. */
let width = innerWidth, later;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(later);
  later = setTimeout(drawAll, 150);
});
dark.addEventListener("change", drawAll);
document.addEventListener("page-shown", drawAll);
drawAll();
