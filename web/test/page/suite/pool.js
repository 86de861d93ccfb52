import { equal, ok, rejects } from "./assert.js";

export default {
  async "lends and takes back"({ ConnectionPool, uri, options, ConnectionProfile }) {
    const pool = await ConnectionPool.open(uri, { ...options, initSize: 1, maxSize: 2, maxAge: 60_000, userAgent: "pool-test/1" });
    equal([pool.size, pool.inUse, pool.maxSize, pool.maxAge, pool.userAgent], [1, 0, 2, 60_000, "pool-test/1"]);
    ok(pool.profile.equals(new ConnectionProfile(uri)), "profile");
    const one = await pool.acquire();
    equal([pool.size, pool.inUse], [1, 1]);
    const other = await pool.acquire({ forceReset: true });
    equal([pool.size, pool.inUse], [2, 2]);
    equal(await (await one.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(one);
    await other.release();
    equal([pool.size, pool.inUse], [2, 0]);
    ok((await pool.acquire()) === other, "the connection used last comes first, and is the same object");
    await pool.release(other, { forceReset: true });
    const statistics = await pool.statistics();
    equal([statistics.opened, statistics.acquired >= 3, statistics.connections.length], [2, true, 2]);
    await pool.prune();
    equal([pool.size, pool.inUse], [0, 0]);
    await pool.close();
  },

  async "waits when it is full, first come first served"({ ConnectionPool, ConnectionUnavailable, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const cx = await pool.acquire();
    const order = [];
    const first = pool.acquire().then((connection) => { order.push(1); return connection; });
    const second = pool.acquire().then((connection) => { order.push(2); return connection; });
    equal((await rejects(pool.acquire({ wait: false }), ConnectionUnavailable)).reason, "pool-full");
    const abort = new AbortController();
    const third = pool.acquire({ signal: abort.signal });
    abort.abort();
    equal((await rejects(third, ConnectionUnavailable)).reason, "cancelled");
    await pool.release(cx);
    await pool.release(await first);
    await pool.release(await second);
    equal(order, [1, 2]);
    await pool.close();
  },

  async "times out"({ ConnectionPool, ConnectionUnavailable, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1, initSize: 1, acquireTimeout: 20 });
    const cx = await pool.acquire();
    equal((await rejects(pool.acquire(), ConnectionUnavailable)).reason, "timeout");
    await pool.release(cx);
    await pool.close();
  },

  async "closes, and opens again"({ ConnectionPool, ConnectionUnavailable, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 2 });
    const lent = await pool.acquire();
    await pool.close();
    equal([pool.size, pool.inUse, pool.maxSize], [0, 0, 0]);
    await rejects(lent.runProg("", "RETURN 1").then((result) => result.consume()));
    ok(lent.closed, "connections in use are closed, too");
    equal((await rejects(pool.acquire(), ConnectionUnavailable)).reason, "pool-zero");
    pool.maxSize = 1;
    const cx = await pool.acquire();
    await pool.release(cx);
    await rejects((async () => { pool.maxSize = -1; })(), RangeError);
    await pool.close();
  },

  async "refuses what is not its own"({ ConnectionPool, open, uri, options }) {
    const pool = await ConnectionPool.open(uri, options);
    const foreign = await open();
    await rejects(pool.release(foreign), RangeError);
    await foreign.close();
    const beyond = await pool.connect();
    equal(pool.inUse, 1);
    await pool.release(beyond);
    await pool[Symbol.asyncDispose]();
  },

  async "takes back what was closed"({ ConnectionPool, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const cx = await pool.acquire();
    await cx.close();
    equal([pool.size, pool.inUse], [1, 1], "it is lent until it is released");
    await cx.release();
    equal([pool.size, pool.inUse], [0, 0]);
    const other = await pool.acquire();
    await other.close();
    await pool.release(other);
    equal(pool.size, 0);
    await pool.close();
  },

  async "cleans what is released in the middle of work"({ ConnectionPool, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const cx = await pool.acquire();
    await cx.begin();
    await pool.release(cx);
    const again = await pool.acquire();
    equal(await (await again.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(again);
    await pool.close();
  },
};
