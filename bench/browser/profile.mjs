// Tells where a client's time goes in Chromium, on the page and in the worker, by function: node profile.mjs "nodes
// 60000" [read | graph | trips] [subject] [relay]. The first is a query to the replay server; trips has it run 2000
// times. The subject is one of page/subjects.js, by default webbolt. Functions of Go have names only in a .wasm that
// was built without -ldflags=-s.
import { fileURLToPath } from "node:url";
import { launch } from "../../web/test/browsers.mjs";
import { serve, startRelay } from "../../web/test/environment.mjs";
import { bundleDropIn } from "./drop-in.mjs";
import { startSource } from "./native.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
const [query = "integers 200000", how = "read", subject = "webbolt", way = "direct"] = process.argv.slice(2);
const shown = 25; // functions

const closers = [];
try {
  const native = await startSource();
  closers.push(native);
  const dropIn = await bundleDropIn(dist, { minify: false });
  closers.push(dropIn);
  const files = await serve({
    "/drop-in/": dropIn.folder,
    "/dist/": dist,
    "/page/": `${here}page/`,
    "/neo4j-driver/": `${here}node_modules/neo4j-driver/lib/browser/`,
  });
  closers.push(files);
  let server = { uri: `bolt://${native.ws}` };
  if (way === "relay") {
    const relay = await startRelay(`bolt://${native.tcp}`, "-origin", files.origin);
    closers.push(relay);
    server = { uri: `bolt://${native.tcp}`, relay: relay.url };
  }
  const browser = await launch("chrome");
  closers.push(browser);
  const page = await browser.newPage();
  await page.goto(`${files.origin}/page/index.html`);
  await page.waitForFunction("globalThis.bench !== undefined");
  await page.evaluate((name, at) => bench.open(name, at), subject, server);
  const more = how === "trips" ? [2000, "read", 1] : [];
  const take = () => page.evaluate((method, ...args) => bench[method](...args), how, query, {}, ...more);
  await take(); // warms up
  const sessions = [
    ["page", await page.createCDPSession()],
    ...page.workers().map(worker => ["worker", worker.client]),
  ];
  for (const [, session] of sessions) {
    await session.send("Profiler.enable");
    await session.send("Profiler.start");
  }
  console.log(await take());
  for (const [name, session] of sessions) print(name, (await session.send("Profiler.stop")).profile);
} finally {
  for (const closer of closers.reverse()) await closer.close();
}

/** Prints the functions that took the most time themselves. */
function print(name, { nodes, samples, timeDeltas }) {
  const frames = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      `${callFrame.functionName || "(anonymous)"} ${callFrame.url.split("/").pop()}`,
    ]),
  );
  const times = new Map();
  samples.forEach((id, i) => times.set(frames.get(id), (times.get(frames.get(id)) ?? 0) + timeDeltas[i]));
  const total = timeDeltas.reduce((sum, time) => sum + time, 0);
  console.log(`${name}: ${(total / 1000).toFixed(0)} ms`);
  for (const [frame, time] of [...times].sort(([, a], [, b]) => b - a).slice(0, shown)) {
    console.log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${frame}`);
  }
}
