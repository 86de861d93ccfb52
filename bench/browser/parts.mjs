// The measurements that a page takes. Every subject has a page of its own.

/** webbolt without its worker. Only small queries are measured so: that is where the worker's messages count. */
export const onPage = "webbolt on page";

/** A page that receives the bytes and does nothing with them. */
export const raw = "raw WebSocket";

/** neo4j-driver at a server that takes WebSockets itself, beside subjects that go through the relay. */
export const withoutRelay = "neo4j-driver without relay";

/**
 * neo4j-driver over webbolt's connections; its results are taken as they come, those of the awaited ones all at once,
 * as `await session.run()` gives them.
 */
export const dropIns = ["drop-in", "drop-in, awaited", "neo4j-driver, awaited"];

/**
 * The limit of the drop-in: neo4j-driver-core's classes made of values that are in memory already, and handed over by
 * core's Result.
 */
export const coreAlone = ["core alone", "core alone, awaited"];

/** What is measured of a subject, where that is not everything. */
const measured = {
  "drop-in, awaited": ["rows", "busy"],
  "neo4j-driver, awaited": ["rows", "busy"],
  "core alone": ["rows", "busy"],
  "core alone, awaited": ["rows", "busy"],
  [onPage]: ["trips"],
  [raw]: ["rows"],
  native: ["rows"],
  fetch: ["rows", "trips", "first", "busy"],
};

const takesPart = (subject, part) => measured[subject]?.includes(part) ?? true;

/** Opens a page for a subject. */
export async function withPage({ browser, files }, subject, server) {
  const page = await browser.newPage();
  page.on("pageerror", thrown => console.error(`${subject}: ${thrown}`));
  await page.goto(`${files.origin}/page/index.html`);
  await page.waitForFunction("globalThis.bench !== undefined");
  await page.evaluate((name, at) => bench.open(name, at), subject, server);
  return page;
}

/** Opens a page for each subject, and calls work with them. */
async function withPages(bench, source, work) {
  const pages = new Map();
  try {
    for (const subject of source.subjects.filter(name => name !== "native"))
      pages.set(subject, await withPage(bench, subject, source.server));
    await work(pages);
  } finally {
    for (const page of pages.values()) {
      await page.evaluate("bench.close()").catch(() => {}); // a page that failed has said so
      await page.close();
    }
  }
}

/** Calls take for each subject in turn, in rounds; the first warms up and does not count. */
export async function interleaved({ settings }, source, pages, take) {
  for (let round = 0; round <= settings.rounds; round++) {
    for (const subject of source.subjects) await take(subject, pages.get(subject), round > 0);
  }
}

function expectRows(got, wanted, subject, load) {
  if (got !== wanted) throw new Error(`${load.name}: ${subject} read ${got} rows, not ${wanted}`);
}

/** Rows a second with every value touched, rows a second into a graph, and small queries a second. */
export async function measureRows(bench, source) {
  const { native, report } = bench;
  await withPages(bench, source, async pages => {
    for (const load of source.loads) {
      await interleaved(bench, source, pages, async (subject, page, counts) => {
        const note = (metric, unit, figure) =>
          counts && report.add(source.name, load.name, metric, subject, unit, figure);
        const { query, parameters, rows } = load;
        if (!takesPart(subject, load.trips ? "trips" : "rows")) return;
        if (load.trips) {
          await page.bringToFront();
          const { how = "read", together = 1 } = load;
          const got = await page.evaluate(
            (...args) => bench.trips(...args),
            query,
            parameters,
            load.trips,
            how,
            together,
          );
          if (got) note("round trips", "queries/s", load.trips / got.seconds);
          return;
        }
        if (subject === "native") {
          const got = await native.read({ ...source.reader, query, parameters });
          expectRows(got.rows, rows, subject, load);
          note("rows", "rows/s", rows / got.seconds);
          return;
        }
        await page.bringToFront();
        const before = await processorTime(page);
        const got = await page.evaluate((q, p) => bench.read(q, p), query, parameters);
        const after = await processorTime(page);
        expectRows(got.rows, rows, subject, load);
        note("rows", "rows/s", rows / got.seconds);
        if (before !== undefined) note("processor time a row", "µs", (1e6 * (after - before)) / rows);
        if (!load.graph || !takesPart(subject, "graph")) return;
        const graph = await page.evaluate((q, p) => bench.graph(q, p), query, parameters);
        if (graph.nodes === 0) throw new Error(`${load.name}: the graph of ${subject} is empty`);
        note("rows into a graph", "rows/s", rows / graph.seconds);
      });
      bench.save(); // so that a run that is broken off is not lost
      console.error(`${source.name}: ${load.name}`);
    }
  });
}

/** Milliseconds to the first record of a large result. */
export async function measureFirst(bench, source) {
  const load = source.loads.find(({ name }) => name === "integers");
  await withPages(bench, source, pages =>
    interleaved(bench, source, pages, async (subject, page, counts) => {
      if (!takesPart(subject, "first")) return;
      await page.bringToFront();
      const first = await page.evaluate((q, p) => bench.first(q, p), load.query, load.parameters);
      if (counts) bench.report.add(source.name, load.name, "first record", subject, "ms", first);
    }),
  );
  console.error(`${source.name}: first record`);
}

/**
 * What a page feels that animates while it reads: how busy its main thread is, the longest task, the longest time
 * between frames.
 */
export async function measureBusy(bench, source) {
  for (const load of source.loads.flatMap(({ busy }) => busy ?? [])) {
    await withPages(bench, source, pages =>
      interleaved(bench, source, pages, async (subject, page, counts) => {
        if (!takesPart(subject, "busy")) return;
        await page.bringToFront();
        await page.evaluate("bench.animate()");
        const before = await page.metrics();
        await page.evaluate((q, p) => bench.read(q, p), load.query, load.parameters);
        const after = await page.metrics();
        const felt = await page.evaluate("bench.still()");
        if (!counts) return;
        const note = (metric, unit, figure) => bench.report.add(source.name, load.name, metric, subject, unit, figure);
        note("main thread busy", "ms per 1000 rows", (1e6 * (after.TaskDuration - before.TaskDuration)) / load.rows);
        note("longest task", "ms (0: under 50)", felt.longestTask);
        note("longest frame", "ms", felt.longestFrame);
      }),
    );
    console.error(`${source.name}: ${load.name}, animated`);
  }
}

/**
 * Bytes a row, of a result that the page keeps: on the page and in its worker, buffers and WebAssembly's memory
 * included.
 */
export async function measureMemory(bench, source) {
  for (const load of source.loads.filter(({ memory }) => memory)) {
    await withPages(bench, source, pages =>
      interleaved(bench, source, pages, async (subject, page, counts) => {
        if (!takesPart(subject, "memory")) return;
        await page.bringToFront();
        await page.evaluate("bench.drop()");
        const before = await memoryOf(page);
        await page.evaluate((how, q, p) => bench.hold(how, q, p), load.memory, load.query, load.parameters);
        const after = await memoryOf(page);
        await page.evaluate("bench.drop()");
        if (counts)
          bench.report.add(
            source.name,
            load.name,
            `memory, ${load.memory}`,
            subject,
            "B per row",
            Math.max(after - before, 1) / load.rows,
          );
      }),
    );
    console.error(`${source.name}: ${load.name}, memory`);
  }
}

/**
 * Seconds of processor time that a page has used, in steps of 10 ms, all its threads. Unlike the time that passes, they
 * hardly depend on what else the machine does. Only Chromium tells.
 */
async function processorTime(page) {
  if (!page.createCDPSession || !page.browser().process()?.spawnfile?.includes("chrom")) return undefined;
  const session = await page.createCDPSession();
  try {
    await session.send("Performance.enable");
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ProcessTime")?.value;
  } finally {
    await session.detach();
  }
}

/** All memory of a page and its workers after a collection. */
export async function memoryOf(page) {
  const sessions = [await page.createCDPSession(), ...page.workers().map(worker => worker.client)];
  let bytes = 0;
  for (const session of sessions) {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
    bytes += usedSize + embedderHeapUsedSize + backingStorageSize;
  }
  await sessions[0].detach();
  return bytes;
}
