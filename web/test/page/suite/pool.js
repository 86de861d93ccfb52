import { asyncDispose, equal, ok, rejects } from "./assert.js";

export default {
  async "lends and takes back"({ ConnectionPool, uri, options, ConnectionProfile }) {
    const pool = await ConnectionPool.open(uri, {
      ...options,
      initSize: 1,
      maxSize: 2,
      maxAge: 60_000,
      userAgent: "pool-test/1",
    });
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
    await pool.prune();
    equal([pool.size, pool.inUse], [0, 0]);
    await pool.close();
  },

  async "waits when it is full, first come first served"({ ConnectionPool, ConnectionUnavailable, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const cx = await pool.acquire();
    const order = [];
    const first = pool.acquire().then(connection => {
      order.push(1);
      return connection;
    });
    const second = pool.acquire().then(connection => {
      order.push(2);
      return connection;
    });
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
    await rejects(lent.runProg("", "RETURN 1").then(result => result.consume()));
    ok(lent.closed, "connections in use are closed, too");
    equal((await rejects(pool.acquire(), ConnectionUnavailable)).reason, "pool-zero");
    pool.maxSize = 1;
    const cx = await pool.acquire();
    await pool.release(cx);
    await rejects(
      (async () => {
        pool.maxSize = -1;
      })(),
      RangeError,
    );
    await pool.close();
  },

  async "refuses what is not its own"({ ConnectionPool, open, uri, options }) {
    const pool = await ConnectionPool.open(uri, options);
    const foreign = await open();
    await rejects(pool.release(foreign), RangeError);
    await foreign.close();
    const cx = await pool.acquire();
    await pool.release(cx);
    await pool.release(cx);
    equal([pool.size, pool.inUse], [1, 0], "releasing twice does nothing");
    await pool[asyncDispose]();
  },

  async "connects beyond its size"({ ConnectionPool, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const lent = await pool.acquire();
    const beyond = await pool.connect();
    equal([pool.size, pool.inUse], [2, 2]);
    equal(await (await beyond.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(beyond);
    equal([pool.size, pool.inUse, beyond.closed], [1, 1, true], "there is no room for it");
    await pool.release(lent);
    await pool.close();
  },

  async "keeps statistics, of what is closed, too"({ ConnectionPool, ConnectionUnavailable, uri, options, places }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const cx = await pool.acquire();
    const waiting = pool.acquire();
    await (await cx.runProg("", "RETURN 1")).consume();
    equal((await pool.statistics()).waiting, 1);
    await pool.release(cx);
    await pool.release(await waiting);
    const before = await pool.statistics();
    equal(
      [before.opened, before.closed, before.broken, before.failed, before.acquired, before.waited],
      [1, 0, 0, 0, 2, 1],
    );
    equal([before.size, before.inUse, before.waiting], [1, 0, 0]);
    const [own] = before.connections;
    equal([own.acquired, own.inUse, own.queries >= 1, own.age >= 0], [2, false, true, true]);
    ok(before.bytesIn > 0 && before.bytesOut > 0 && before.waitTime >= 0, JSON.stringify(before));
    await pool.prune();
    const after = await pool.statistics();
    equal([after.opened, after.closed, after.connections, after.queries], [1, 1, [], before.queries]);
    await pool.close();
    const failing = await ConnectionPool.open(`bolt://${places.nobody}`, { ...options, relay: undefined });
    await rejects(failing.acquire(), ConnectionUnavailable);
    equal([(await failing.statistics()).failed, failing.size], [1, 0]);
    await failing.close();
  },

  async "tells of transactions"({ ConnectionPool, uri, options }) {
    const heard = [];
    const pool = await ConnectionPool.open(uri, {
      ...options,
      onBind: (tx, cx) => heard.push(["bind", tx, cx]),
      onUnbind: tx => heard.push(["unbind", tx]),
      onRelease: cx => heard.push(["release", cx]),
    });
    const cx = await pool.acquire();
    const tx = await cx.begin();
    ok(heard.length === 1 && heard[0][1] === tx && heard[0][2] === cx, "bind");
    await pool.release(cx);
    ok(tx.broken && heard[1][1] === tx, "an open transaction is undone on the way back");
    equal(
      heard.map(([what]) => what).filter(what => what !== "release"),
      ["bind", "unbind"],
    );
    await pool.close();
  },

  async "replaces what is old"({ ConnectionPool, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxAge: 1 });
    const cx = await pool.acquire();
    const before = cx.age; // which counts from the beginning of the handshake
    while (cx.age < before + 0.02) await (await cx.runProg("", "RETURN 1")).consume();
    await pool.release(cx);
    equal([pool.size, cx.closed], [0, true]);
    await pool.close();
  },

  async "ends when its users do"({ ConnectionPool, ConnectionUnavailable, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, initSize: 2, maxSize: 2 });
    const lent = await pool.acquire();
    pool.maxSize = 0;
    await pool.prune();
    equal([pool.size, pool.inUse, pool.maxSize], [1, 1, 0]);
    equal((await rejects(pool.acquire(), ConnectionUnavailable)).reason, "pool-zero");
    equal(await (await lent.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await pool.release(lent);
    equal(pool.size, 0);
    await pool.close();
  },

  async "a raised maximum lets in who waits"({ ConnectionPool, uri, options }) {
    const pool = await ConnectionPool.open(uri, { ...options, maxSize: 1 });
    const cx = await pool.acquire();
    const waiting = pool.acquire();
    pool.maxSize = 2;
    const other = await waiting;
    ok(other !== cx, "another");
    await pool.release(cx);
    await pool.release(other);
    await pool.close();
  },

  async "refuses options that cannot be right"({ ConnectionPool, uri, options }) {
    for (const wrong of [
      { maxSize: -1 },
      { initSize: -1 },
      { initSize: 3, maxSize: 2 },
      { fetchSize: -2, initSize: 1 },
    ]) {
      await rejects(ConnectionPool.open(uri, { ...options, ...wrong }), RangeError, JSON.stringify(wrong));
    }
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
