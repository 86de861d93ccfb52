import { equal, ok, rejects, skip } from "./assert.js";

/** Reads all that is left of a result. */
async function readAll(result) {
  for await (const _ of result);
}

const unbroken = "over HTTP nothing is open that could break between two requests";

// breakable is a URI of the same server. cut() ends all connections to it, and cut(true) refuses new ones, too, until
// mend().
export default {
  async "a lent connection breaks"({ ConnectionPool, ConnectionBroken, breakable, cut, mend, options, http }) {
    let times = 0;
    let tell;
    const told = new Promise(resolve => (tell = resolve));
    const onBroken = (profile, message) => {
      times++;
      tell([profile.uri, message.length > 0]);
    };
    const pool = await ConnectionPool.open(breakable, { ...options, maxSize: 1, onBroken });
    const cx = await pool.acquire();
    await cut(http);
    const thrown = await rejects(cx.runProg("", "RETURN 1").then(readAll), ConnectionBroken);
    equal([thrown.name, thrown.address, typeof thrown.closeCode], ["ConnectionBroken", cx.profile.address, "number"]);
    equal([cx.broken, cx.closed, await told], [true, false, [breakable, true]]);
    await rejects(cx.begin(), ConnectionBroken);
    await mend();
    const waiting = pool.acquire();
    await pool.release(cx);
    const other = await waiting;
    ok(other !== cx, "another takes its place");
    equal(await (await other.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(other);
    const { opened, broken, closed } = await pool.statistics();
    equal([opened, broken, closed, times], [2, 1, 1, 1]);
    await pool.close();
  },

  async "callbacks that throw harm nobody"({
    Connection,
    ConnectionBroken,
    breakable,
    cut,
    mend,
    open,
    options,
    http,
  }) {
    const reported = [];
    const report = event => {
      reported.push(event.error.message);
      event.preventDefault();
    };
    const thrower = name => () => {
      throw new Error(name);
    };
    addEventListener("error", report);
    try {
      const other = await open();
      const cx = await Connection.open(breakable, {
        ...options,
        onBind: thrower("bind"),
        onUnbind: thrower("unbind"),
        onRelease: thrower("release"),
        onBroken: thrower("broken"),
      });
      const tx = await cx.begin();
      equal(await (await cx.runQuery(tx, "RETURN 1 AS n")).fetch(), { n: 1 });
      await cx.commit(tx);
      await cx.release();
      await cut(http);
      await rejects(cx.runProg("", "RETURN 1").then(readAll), ConnectionBroken);
      while (!reported.includes("broken")) await new Promise(resolve => setTimeout(resolve, 10));
      equal(
        await (await other.runProg("", "RETURN 2 AS n")).fetch(),
        { n: 2 },
        "another connection of the same engine",
      );
      await other.close();
      equal(reported.toSorted(), ["bind", "broken", "release", "unbind"]);
    } finally {
      removeEventListener("error", report);
      await mend();
    }
  },

  async "free connections break"({ ConnectionPool, breakable, cut, options, http }) {
    if (http) skip(unbroken);
    const pool = await ConnectionPool.open(breakable, { ...options, initSize: 3 });
    await cut();
    const cx = await pool.acquire({ forceReset: true });
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(cx);
    equal([pool.size, pool.inUse], [1, 0], "the broken ones are gone");
    await pool.close();
  },

  async "a broken connection is cause to try work again"({ connect, breakable, cut, options, http }) {
    if (http) skip(unbroken);
    const db = await connect(breakable, options);
    let tries = 0;
    const value = await db.executeWrite(async tx => {
      tries++;
      if (tries === 1) await cut();
      return (await (await tx.run("RETURN 7 AS n")).fetch()).n;
    });
    equal([value, tries], [7, 2]);
    await db.close();
  },

  async "a query is tried again, and its rows come once"({ connect, breakable, cut, options, http, many }) {
    if (http) skip(unbroken);
    const db = await connect(breakable, options);
    await cut();
    const result = await db.executeQuery("UNWIND range(1, $many) AS n RETURN n", { many });
    equal((await result.records().toArray()).length, many);
    await db.close();
  },

  async "a transaction breaks"({ Connector, ConnectionBroken, breakable, cut, mend, options, http }) {
    const ended = [];
    const db = await Connector.open(breakable, { ...options, onUnbind: tx => ended.push(tx.txid) });
    const tx = await db.begin();
    await cut(http);
    await rejects(db.runQuery(tx, "RETURN 1").then(readAll), ConnectionBroken);
    ok(tx.broken, "broken");
    equal(ended, [tx.txid]);
    await rejects(db.commit(tx));
    await mend();
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
