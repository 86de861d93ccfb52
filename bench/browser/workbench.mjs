// The page itself, measured in Chromium: `make bench-page`. A million rows that stream into its table, beside the
// client in a page that shows nothing, in turn; a large graph while it is laid out, moved and zoomed; the memory of
// results that are as large as the page keeps. ROUNDS and QUICK are as in main.mjs; a quick run only prints.
//
// Without a GPU Chromium draws WebGL in software, so frames of the large graph are those of the processor.
import { fileURLToPath } from "node:url";
import { serve, startRelay } from "../../web/test/environment.mjs";
import { Workbench } from "../../web/test/page/workbench.mjs";
import { realServer, run } from "./neo4j.mjs";
import { memoryOf } from "./parts.mjs";
import { Report } from "./report.mjs";
import { label, settings } from "./settings.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const out = root + (settings.quick ? "build/page.json" : "bench/results/page.json");
const client = "client without a page";
const clientValues = "client, every value read";
const source = "page";
const rows = settings.quick ? 100_000 : 1_000_000;
const [nodes, relationships] = settings.quick ? [5_000, 10_000] : [50_000, 100_000];
const loads = {
  integers: `UNWIND range(1, ${rows}) AS i RETURN i AS a, i * 1000003 AS b, i % 100 AS c`,
  scalars: `UNWIND range(1, ${rows}) AS i RETURN i AS id, 'name number ' + i AS name, i * 1.5 AS score,
    i % 2 = 0 AS active, 1700000000000 + i AS since, 'Malmö' AS city`,
};
const report = new Report();
const closers = [];

try {
  const server = realServer();
  if (!server) throw new Error("there is no Neo4j in the environment; run `make bench-page`");
  const files = await serve({ "/dist/": `${root}web/dist/`, "/page/": `${here}page/` });
  closers.push(files);
  const relay = await startRelay(`bolt://${server.bolt}`, "-origin", files.origin);
  closers.push(relay);
  const uri = `bolt://${server.bolt}`;
  const workbench = await Workbench.launch("chrome", relay, { ...server, uri });
  closers.push(workbench);
  await workbench.open();
  report.browsers.push(await workbench.page.browser().version());
  const bench = { workbench, files, relay: relay.url, server: { ...server, uri } };
  if (settings.only === "" || settings.only.includes("rows"))
    for (const name of Object.keys(loads)) await measureRows(bench, name);
  if (settings.only === "" || settings.only.includes("graph")) await measureGraph(bench);
  if (settings.only === "" || settings.only.includes("memory")) await measureMemory(bench);
  report.write(out);
} finally {
  for (const closer of closers.reverse()) await closer.close();
}

/** Starts to count frames and to note long tasks in a page; stop tells. */
async function frames(page) {
  await page.evaluate(() => {
    const tasks = [];
    const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: "longtask" });
    const times = [];
    let running = true;
    const step = now => {
      times.push(now);
      if (running) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    globalThis.framesFelt = async () => {
      running = false;
      await new Promise(resolve => setTimeout(resolve, 100)); // for the observer to hear of the last task
      observer.disconnect();
      const between = times.slice(1).map((time, i) => time - times[i]);
      return {
        framesPerSecond: (1000 * between.length) / (times.at(-1) - times[0]),
        longestFrame: Math.max(...between),
        longestTask: Math.max(0, ...tasks),
      };
    };
  });
  return () => page.evaluate(() => globalThis.framesFelt());
}

function note(load, subject, { framesPerSecond, longestFrame, longestTask }) {
  report.add(source, load, "frames", subject, "frames/s", framesPerSecond);
  report.add(source, load, "longest frame", subject, "ms", longestFrame);
  report.add(source, load, "longest task", subject, "ms (0: under 50)", longestTask);
}

/** Rows a second into the page's table and into a page that shows nothing, and the frames of each meanwhile. */
async function measureRows({ workbench, files, relay, server }, name) {
  const { user, password, uri } = server;
  const query = loads[name];
  await workbench.open();
  await workbench.ask("RETURN 1");
  await workbench.click("#tab-table");
  const plain = await workbench.page.browser().newPage();
  await plain.goto(`${files.origin}/page/alone.html`);
  await plain.waitForFunction("globalThis.alone !== undefined");
  await plain.evaluate(at => alone.open(at), { uri, user, password, relay });
  try {
    for (let round = 0; round <= settings.rounds; round++) {
      const counts = round > 0; // the first warms up
      for (const [subject, how] of [
        [client, "blocks"],
        [clientValues, "values"],
      ]) {
        await plain.bringToFront();
        const stop = await frames(plain);
        const got = await plain.evaluate((work, text) => alone[work](text), how, query);
        const felt = await stop();
        if (got.rows !== rows) throw new Error(`${subject} read ${got.rows} rows, not ${rows}`);
        if (!counts) continue;
        report.add(source, name, "rows", subject, "rows/s", rows / got.seconds);
        note(name, subject, felt);
      }
      await workbench.page.bringToFront();
      const stop = await frames(workbench.page);
      const got = await workbench.page.evaluate(streamed, query);
      const felt = await stop();
      if (got.rows !== rows) throw new Error(`the page has ${got.rows} rows, not ${rows}`);
      if (!counts) continue;
      report.add(source, name, "rows", "webbolt", "rows/s", rows / got.seconds);
      note(name, "webbolt", felt);
    }
  } finally {
    await plain.evaluate("alone.close()").catch(() => {});
    await plain.close();
  }
  console.error(`${name}: streamed`);
}

/** In the page: runs a query, and tells how long it took until its last row was there. */
async function streamed(query) {
  webboltPage.write(query);
  const ended = new Promise(resolve => {
    const observer = new MutationObserver(() => {
      if (!["done", "failed", "full"].includes(document.body.dataset.state)) return;
      observer.disconnect();
      resolve(performance.now());
    });
    setTimeout(() => observer.observe(document.body, { attributeFilter: ["data-state"] }), 0);
  });
  await new Promise(resolve => setTimeout(resolve, 200)); // the editor takes the text
  const began = performance.now();
  webboltPage.run();
  return { seconds: ((await ended) - began) / 1000, rows: Number(document.body.dataset.rows) };
}

/** A graph of many nodes: its frames while it is laid out, moved and zoomed. */
async function measureGraph({ workbench, server }) {
  const big = `${label}Big`;
  await run(
    server,
    `UNWIND range(0, $nodes - 1) AS i CREATE (n:${big} {i: i, name: 'node ' + i})
    WITH collect(n) AS all UNWIND range(0, $relationships - 1) AS k
    WITH k, all[k % $nodes] AS a, all[toInteger((rand() ^ 3) * $nodes)] AS b CREATE (a)-[:NEXT {k: k}]->(b)`,
    { nodes, relationships },
  );
  try {
    for (let round = 0; round <= Math.min(settings.rounds, 3); round++) {
      await workbench.open();
      await workbench.ask(`MATCH (n:${big})-[r]->(m) RETURN n, r, m`);
      await workbench.still();
      const { page } = workbench;
      const settled = await frames(page);
      if (nodes > 5000) await workbench.click("#draw-more");
      await page.waitForFunction(wanted => Number(document.body.dataset.nodes) === wanted, { timeout: 60_000 }, nodes);
      await page.waitForFunction(() => document.body.dataset.layout === "still", { timeout: 120_000 });
      const felt = { "laid out": await settled() };
      const { left, top, width, height } = await page.$eval("#graph", root => root.getBoundingClientRect().toJSON());
      const [x, y] = [left + width / 2, top + height / 2];
      for (const [what, move] of [
        ["moved", () => pan(page, x, y)],
        ["zoomed", () => zoom(page, x, y)],
      ]) {
        const stop = await frames(page);
        await move();
        felt[what] = await stop();
      }
      if (round > 0) for (const [what, each] of Object.entries(felt)) note(`graph, ${what}`, "webbolt", each);
      console.error(`graph: ${JSON.stringify(felt)}`);
    }
  } finally {
    await run(server, `MATCH (n:${big}) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS`, {});
  }
}

/** Drags the ground to and fro for some seconds. */
async function pan(page, x, y) {
  await page.mouse.move(x, y - 200);
  await page.mouse.down();
  const ends = Date.now() + 4000;
  for (let step = 0; Date.now() < ends; step++)
    await page.mouse.move(x + 150 * Math.sin(step / 8), y - 200 + 80 * Math.cos(step / 8));
  await page.mouse.up();
}

async function zoom(page, x, y) {
  await page.mouse.move(x, y);
  const ends = Date.now() + 4000;
  for (let step = 0; Date.now() < ends; step++) await page.mouse.wheel({ deltaY: step % 60 < 30 ? -60 : 60 });
}

/** What the page and its workers hold after a collection, when the page keeps as much as it does, and after a look. */
async function measureMemory({ workbench }) {
  const text = "reduce(s = 'abcdefgh', k IN range(1, 5) | s + s)";
  for (let round = 0; round <= Math.min(settings.rounds, 2); round++) {
    await workbench.open();
    await workbench.ask("RETURN 1");
    await workbench.click("#tab-table");
    const before = await memoryOf(workbench.page);
    await workbench.ask(
      `UNWIND range(1, ${settings.quick ? 100_000 : 3_000_000}) AS i RETURN i, ${text} + i AS text`,
      "done",
      "full",
    );
    const { state, rows: kept } = await workbench.shown();
    const after = await memoryOf(workbench.page);
    await workbench.page.$eval("#table", element => (element.scrollTop = element.scrollHeight / 2));
    const scrolled = await memoryOf(workbench.page);
    console.error(
      `memory: ${state} after ${kept} rows, ${[before, after, scrolled].map(n => `${n >> 20} MiB`).join(", ")}`,
    );
    if (round === 0) continue;
    report.add(source, "large result", "rows kept", "webbolt", "rows", Number(kept));
    report.add(source, "large result", "memory before", "webbolt", "MiB", before / 2 ** 20);
    report.add(source, "large result", "memory", "webbolt", "MiB", after / 2 ** 20);
    report.add(source, "large result", "memory after scrolling", "webbolt", "MiB", scrolled / 2 ** 20);
  }
}
