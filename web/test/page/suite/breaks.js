import { equal, ok, rejects } from "./assert.js";

/** Reads all that is left of a result. */
async function readAll(result) {
  for await (const _ of result);
}

// breakable is a URI of the same server, and cut() cuts all connections to it.
export default {
  async "a lent connection breaks"({ ConnectionPool, ConnectionBroken, breakable, cut, options }) {
    let tell;
    const told = new Promise((resolve) => (tell = resolve));
    const pool = await ConnectionPool.open(breakable, { ...options, maxSize: 1, onBroken: (profile, message) => tell([profile.uri, message.length > 0]) });
    const cx = await pool.acquire();
    await cut();
    await rejects(cx.runProg("", "RETURN 1").then(readAll), ConnectionBroken);
    ok(cx.broken, "broken");
    equal(await told, [breakable, true]);
    const waiting = pool.acquire();
    await pool.release(cx);
    const other = await waiting;
    ok(other !== cx, "another takes its place");
    equal(await (await other.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(other);
    const { opened, broken, closed } = await pool.statistics();
    equal([opened, broken, closed], [2, 1, 1]);
    await pool.close();
  },

  async "free connections break"({ ConnectionPool, breakable, cut, options }) {
    const pool = await ConnectionPool.open(breakable, { ...options, initSize: 3 });
    await cut();
    const cx = await pool.acquire({ forceReset: true });
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(cx);
    equal([pool.size, pool.inUse], [1, 0], "the broken ones are gone");
    await pool.close();
  },

  async "a broken connection is cause to try work again"({ connect, breakable, cut, options }) {
    const db = await connect(breakable, options);
    let tries = 0;
    const value = await db.executeWrite(async (tx) => {
      tries++;
      if (tries === 1) await cut();
      return (await (await tx.run("RETURN 7 AS n")).fetch()).n;
    });
    equal([value, tries], [7, 2]);
    await db.close();
  },

  async "a query is tried again, and its rows come once"({ connect, breakable, cut, options }) {
    const db = await connect(breakable, options);
    await cut();
    const result = await db.executeQuery("UNWIND range(1, 3000) AS n RETURN n");
    equal((await result.records().toArray()).length, 3_000);
    await db.close();
  },

  async "a transaction breaks"({ Connector, ConnectionBroken, breakable, cut, options }) {
    const ended = [];
    const db = await Connector.open(breakable, { ...options, onUnbind: (tx) => ended.push(tx.txid) });
    const tx = await db.begin();
    await cut();
    await rejects(db.runQuery(tx, "RETURN 1").then(readAll), ConnectionBroken);
    ok(tx.broken, "broken");
    equal(ended, [tx.txid]);
    await rejects(db.commit(tx));
    equal([...(await db.inUse()).values()], [0], "connections in use");
    equal(await (await db.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await db.close();
  },

  async "a result breaks in the middle"({ connect, ConnectionBroken, breakable, cut, options }) {
    const db = await connect(breakable, options);
    const result = await db.run("UNWIND range(1, 10000000) AS n RETURN n");
    ok((await result.fetch()).n === 1, "the first row");
    await cut();
    await rejects(readAll(result), ConnectionBroken);
    equal([...(await db.inUse()).values()], [0], "connections in use");
    await db.close();
  },
};
