import { equal, ok, skip } from "./assert.js";

// collectGarbage runs the browser's garbage collector; it is absent where that cannot be asked for.
export default {
  async "a lent connection that was dropped comes back"({ ConnectionPool, uri, options, collectGarbage }) {
    if (!collectGarbage) skip("this browser does not collect garbage on demand");
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    await (async () => void (await (await pool.acquire()).begin()))();
    let lent;
    const waiting = pool.acquire().then(connection => (lent = connection));
    while (!lent) await collectGarbage();
    equal(await (await (await waiting).runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(lent);
    await pool.close();
  },

  async "a connection can be lent again while its object is collected"({
    ConnectionPool,
    uri,
    options,
    collectGarbage,
  }) {
    if (!collectGarbage) skip("this browser does not collect garbage on demand");
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    for (let turn = 0; turn < 20; turn++) {
      const collecting = collectGarbage();
      const cx = await pool.acquire();
      equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
      await cx.release();
      await collecting;
    }
    equal([pool.size, pool.inUse], [1, 0]);
    await pool.close();
  },

  async "a result keeps what it comes from"({ ConnectionPool, connect, open, uri, options, collectGarbage, many }) {
    if (!collectGarbage) skip("this browser does not collect garbage on demand");
    const query = `UNWIND range(1, ${many}) AS n RETURN n`;
    for (const run of [
      async () => (await open()).runProg("", query),
      async () => (await connect(uri, options)).run(query),
      async () => (await (await ConnectionPool.open(uri, options)).acquire()).runProg("", query),
    ]) {
      const result = await run();
      await collectGarbage();
      ok((await result.fetch()).n === 1, "the first row");
      await collectGarbage();
      equal((await result.records().toArray()).length, many - 1);
    }
  },
};
