// Looks at report pages in headless Chromium and says what it saw, as JSON. Judging is done by test_page.py.
//   node browse.js CHROMIUM < jobs.json        jobs: [{"page", "language", "width", "dark", "scripts", "axe", "slide",
//   "print"}], or "url" of a served page instead of "page" and "wait": places of its sliders whose plans are waited for
"use strict";
const fs = require("fs");
const path = require("path");
const modules = process.env.PAGE_MODULES;
const puppeteer = require(path.join(modules, "puppeteer-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");

/* What stands in the page that is shown: run inside of it. */
function seen() {
  const shown = [...document.querySelectorAll(".page")].find((page) => !page.hidden);
  const charts = {};
  for (const figure of shown.querySelectorAll("figure.chart"))
    charts[figure.id] = {
      texts: [...figure.querySelectorAll("svg text")].map((text) => text.textContent),
      description: (figure.querySelector(".plot") || figure).getAttribute("aria-label"),
      heads: [...figure.querySelectorAll("thead th")].map((cell) => cell.textContent),
      rows: [...figure.querySelectorAll("table tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
    };
  const elements = [...document.querySelectorAll("*")];
  return {
    language: document.documentElement.lang,
    title: document.title,
    sideways: document.documentElement.scrollWidth - innerWidth,
    text: shown.innerText,
    charts,
    tags: [...new Set(elements.map((element) => element.tagName.toLowerCase()))].sort(),
    scripts: document.scripts.length,
    handlers: elements.flatMap((element) => [...element.attributes])
      .filter((attribute) => /^on/i.test(attribute.name) || /^\s*javascript:/i.test(attribute.value)).map((attribute) => attribute.name),
    links: elements.filter((element) => element.hasAttribute("href") || element.hasAttribute("src")).length,
    injected: typeof window.injected,
    items: [...shown.querySelectorAll("li, .found p:first-child")].map((item) => item.textContent),
    tablesShown: [...shown.querySelectorAll("table")].filter((table) => table.getBoundingClientRect().height > 0).length,
  };
}

/* A4 in pixels of a screen, without the margins that the page asks for. */
const PAPER = 703;

/* What is wrong with the page as it goes to paper: charts not drawn, what is wider than paper, what may be cut between two sheets. */
function printed() {
  dispatchEvent(new Event("beforeprint"));
  const shown = (selector) => [...document.querySelectorAll(".page:not([hidden]) " + selector)].filter((one) => one.getClientRects().length);
  const words = (one) => `${one.tagName.toLowerCase()} "${(one.id || one.textContent).trim().slice(0, 40)}"`;
  const whole = (one) => getComputedStyle(one).breakInside === "avoid";
  const holder = (figure) => figure.closest(".panel") || figure;
  return [
    ...shown("figure.chart").filter((one) => !one.querySelector("svg text")).map((one) => words(one) + " is not drawn"),
    ...shown("*").filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => words(one) + " is wider than paper"),
    ...shown("figure.chart").filter((one) => !whole(holder(one))).map((one) => words(one) + " may be cut"),
    ...shown("tr, .card, .found, li").filter((one) => !whole(one)).map((one) => words(one) + " may be cut"),
    ...shown("tr.group, h2, h3").filter((one) => getComputedStyle(one).breakAfter !== "avoid").map((one) => words(one) + " may end a sheet"),
    ...shown("input, button, summary, select").map((one) => words(one) + " is of no use on paper"),
    ...(shown(".what-if").length && !shown(".what-if td").length ? ["what was solved is not told"] : []),
  ];
}

/* Moves the sliders to places and says what the page says then. */
function slid(places) {
  const section = [...document.querySelectorAll(".page")].find((page) => !page.hidden).querySelector(".what-if");
  if (!section) return [];
  const said = (name) => section.querySelector(`[data-out=${name}]`).textContent;
  return places.map((place) => {
    const ways = section.querySelector("select");
    section.querySelectorAll("input[type=range]").forEach((knob, i) => {
      if (place.at[i] !== undefined) knob.value = place.at[i];
    });
    if (ways) ways.value = String(place.way || 0);
    section.dispatchEvent(new Event("input", { bubbles: true }));
    return { cost: said("cost"), how: said("how"), change: said("change"), command: said("command"), note: said("note") };
  });
}

/* Moves the sliders of a served page and waits for what the program answers. */
async function waited(page, places) {
  const results = [];
  for (const place of places) {
    const [first] = await page.evaluate(slid, [place]);
    await page.waitForFunction(() => [...document.querySelectorAll(".page")].find((one) => !one.hidden)
      .querySelector("[data-out=how]").classList.contains("solved"), { timeout: 20000 }).catch(() => {});
    results.push({ first, then: await page.evaluate(() => {
      const section = [...document.querySelectorAll(".page")].find((one) => !one.hidden).querySelector(".what-if");
      const said = (name) => section.querySelector(`[data-out=${name}]`).textContent;
      return { cost: said("cost"), how: said("how"), change: said("change"), command: said("command"), note: said("note") };
    }) });
  }
  return results;
}

async function look(browser, job) {
  const page = await browser.newPage();
  const troubles = [];
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && troubles.push("console: " + message.text()));
  page.on("pageerror", (error) => troubles.push("error: " + error.message));
  page.on("dialog", (dialog) => { troubles.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => /^(file|blob):/.test(request.url()) || (job.url && request.url().startsWith(job.url)) ||
    troubles.push("request: " + request.url()));
  await page.setViewport({ width: job.width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: job.dark ? "dark" : "light" }]);
  if (job.scripts === false) await page.setJavaScriptEnabled(false);
  await page.goto((job.url || "file://" + job.page) + (job.language ? "#" + job.language : ""), { waitUntil: "load" });
  if (job.charts) await page.waitForFunction(() => document.documentElement.dataset.drawn, { timeout: 30000 })
    .catch(() => troubles.push("charts are not drawn"));
  const result = await page.evaluate(seen);
  if (job.slide) result.slid = await page.evaluate(slid, job.slide);
  if (job.wait) result.waited = await waited(page, job.wait);
  result.paint = await page.evaluate(() => (performance.getEntriesByName("first-contentful-paint")[0] || {}).startTime || 0);
  if (job.axe) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    result.violations = found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  }
  if (job.print) {
    await page.setViewport({ width: PAPER, height: 1000 });
    await page.emulateMediaType("print");
    result.printed = await page.evaluate(printed);
  }
  if (job.shot) await page.screenshot({ path: job.shot, fullPage: true });
  await page.close();
  return { ...result, troubles };
}

(async () => {
  const jobs = JSON.parse(fs.readFileSync(0, "utf8"));
  const browser = await puppeteer.launch({ executablePath: process.argv[2], headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"] });
  const results = [];
  for (const job of jobs) results.push(await look(browser, job));
  await browser.close();
  process.stdout.write(JSON.stringify(results));
})().catch((error) => { console.error(error.stack); process.exit(1); });
