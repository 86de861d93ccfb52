import { equal, ok, rejects, skip, unique } from "./assert.js";

/** The same kind of address somewhere else. */
function at(uri, address) {
  return uri.replace(/\/\/.*/, `//${address}`);
}

export default {
  async "an unknown scheme"({ Connection, options }) {
    const thrown = await rejects(Connection.open("gopher://localhost", options), RangeError);
    ok(thrown.message.includes("known are bolt"), thrown.message);
  },

  async "nobody listens there"({ Connection, ConnectionUnavailable, uri, options, places, http }) {
    const thrown = await rejects(Connection.open(at(uri, places.nobody), options), ConnectionUnavailable);
    equal(
      [thrown.name, thrown.reason, thrown.address, thrown.closeCode],
      ["ConnectionUnavailable", "network", places.nobody, http ? 0 : options.relay ? 4502 : 1006],
    );
    ok(thrown.message.includes(places.nobody) && thrown.message.includes("check"), thrown.message);
  },

  async "no such host"({ Connection, ConnectionUnavailable, uri, options, places }) {
    const thrown = await rejects(Connection.open(at(uri, places.nowhere), options), ConnectionUnavailable);
    equal([thrown.reason, thrown.address], ["network", places.nowhere]);
  },

  async silence({ Connection, ConnectionUnavailable, uri, options, places }) {
    const thrown = await rejects(
      Connection.open(at(uri, places.silence), { ...options, connectTimeout: 250 }),
      ConnectionUnavailable,
    );
    equal([thrown.reason, thrown.address], ["timeout", places.silence]);
  },

  async "something that is not Neo4j"({ Connection, ConnectionUnavailable, uri, options, http }) {
    const thrown = await rejects(Connection.open(at(uri, location.host), options), ConnectionUnavailable);
    equal(
      thrown.reason,
      http || options.relay ? "not-neo4j" : "network",
      "a page is not told why a WebSocket was refused",
    );
  },

  async "a server that breaks the protocol"({ Connection, ProtocolError, uri, options, places }) {
    let tell;
    const told = new Promise(resolve => (tell = resolve));
    const cx = await Connection.open(at(uri, places.nonsense), {
      ...options,
      onBroken: (profile, message) => tell([profile.address, message.length > 0]),
    });
    equal(await cx.neo4jVersion(), "5.26.0");
    const thrown = await rejects(
      cx.runProg("neo4j", "RETURN 1").then(result => result.consume()),
      ProtocolError,
    );
    ok(thrown.name === "ProtocolError" && thrown.message.length > 0, thrown.message);
    ok(cx.broken, "it cannot be used afterwards");
    await rejects(cx.runProg("neo4j", "RETURN 1"));
    equal(await told, [places.nonsense, true]);
    await cx.close();
  },

  async "+ssc is refused in a browser"({ Connection, options, http, tokens }) {
    const thrown = await rejects(
      Connection.open(`${http ? "http" : "bolt"}+ssc://127.0.0.1:7687`, {
        ...options,
        relay: undefined,
        auth: tokens.none(),
      }),
      TypeError,
    );
    ok(thrown.message.includes("relay"), thrown.message);
  },

  async "a relay that is not to go there"({ Connection, ConnectionUnavailable, options }) {
    if (!options.relay) skip("there is no relay on this way");
    const thrown = await rejects(Connection.open("bolt://192.0.2.1:7687", options), ConnectionUnavailable);
    equal([thrown.reason, thrown.closeCode], ["forbidden", 4403]);
  },

  async "a relay and HTTP"({ Connection, options, server }) {
    if (!options.relay) skip("there is no relay on this way");
    ok(
      (await rejects(Connection.open(`http://${server.http}`, options), TypeError)).message.includes("relay"),
      "it says why",
    );
  },

  async "opening is given up"({ Connection, ConnectionUnavailable, options, uri }) {
    equal((await rejects(Connection.open(uri, { ...options, signal: AbortSignal.abort() }))).name, "AbortError");
    const abort = new AbortController();
    const opening = Connection.open(uri, {
      ...options,
      signal: abort.signal,
      auth: () => {
        abort.abort();
        return new Promise(() => {});
      },
    });
    const thrown = await rejects(opening);
    ok(
      thrown instanceof ConnectionUnavailable
        ? thrown.reason === "cancelled" && thrown.cause?.name === "AbortError"
        : thrown.name === "AbortError",
      String(thrown),
    );
  },

  async "a syntax error"({ open, Failure, http, is4, server }) {
    const cx = await open();
    const thrown = await rejects(
      cx.runProg("", "RETRUN 1").then(result => result.fields()),
      Failure,
    );
    equal([thrown.code, thrown.name, thrown.retryable], ["Neo.ClientError.Statement.SyntaxError", "Failure", false]);
    ok(thrown.message.includes("RETRUN"), thrown.message);
    if (!http && !is4) {
      // a GQL status needs Bolt 5.7
      ok(
        /^[0-9A-Z]{5}$/.test(thrown.gqlStatus) && thrown.description.length > 0,
        `${thrown.gqlStatus}: ${thrown.description}`,
      );
      equal(typeof thrown.diagnostic.CURRENT_SCHEMA, "string");
    }
    if (!http && server.version.startsWith("2026.")) {
      // earlier servers tell no causes
      equal([thrown.gqlStatus, thrown.cause instanceof Failure, thrown.cause.gqlStatus], ["42001", true, "42I06"]);
    }
    equal([cx.broken, await (await cx.runProg("", "RETURN 1 AS n")).fetch()], [false, { n: 1 }]);
    await cx.close();
  },

  async "failures of many kinds"({ open, Failure }) {
    const cx = await open();
    const label = unique("Errors");
    const refused = async cypher =>
      (
        await rejects(
          cx.runProg("", cypher).then(result => result.consume()),
          Failure,
          cypher,
        )
      ).code;
    await (await cx.runProg("", `CREATE CONSTRAINT c_${label} FOR (n:${label}) REQUIRE n.x IS UNIQUE`)).consume();
    await (await cx.runProg("", `CREATE (:${label} {x: 1})`)).consume();
    equal(await refused(`CREATE (:${label} {x: 1})`), "Neo.ClientError.Schema.ConstraintValidationFailed");
    equal(await refused("RETURN $nothing"), "Neo.ClientError.Statement.ParameterMissing");
    equal(await refused("RETURN 1 / 0"), "Neo.ClientError.Statement.ArithmeticError");
    ok((await refused("")).startsWith("Neo.ClientError."), "an empty query");
    await (await cx.runProg("", `DROP CONSTRAINT c_${label}`)).consume();
    await (await cx.runProg("", `MATCH (n:${label}) DELETE n`)).consume();
    await cx.close();
  },

  async "a failure that may pass"({ open, Failure }) {
    // Two transactions that wait for each other: the server ends one of them.
    const label = unique("Deadlock");
    const pair = [await open(), await open()];
    await (await pair[0].runProg("", `CREATE (:${label} {i: 0}), (:${label} {i: 1})`)).consume();
    const lock = (tx, cx, i) =>
      cx.runQuery(tx, `MATCH (n:${label} {i: $i}) SET n.x = 1`, { i }).then(result => result.consume());
    const transactions = [await pair[0].begin(), await pair[1].begin()];
    for (const [i, cx] of pair.entries()) await lock(transactions[i], cx, i);
    const outcomes = await Promise.allSettled(
      pair.map(async (cx, i) => {
        await lock(transactions[i], cx, 1 - i);
        await cx.rollback(transactions[i]);
      }),
    );
    const [{ reason: thrown }] = outcomes.filter(({ status }) => status === "rejected");
    ok(thrown instanceof Failure, String(thrown));
    equal([thrown.code, thrown.retryable], ["Neo.TransientError.Transaction.DeadlockDetected", true]);
    await (await pair[0].runProg("", `MATCH (n:${label}) DELETE n`)).consume();
    for (const cx of pair) await cx.close();
  },

  async "the engine dies"({ Connection, ConnectionBroken, uri, options }) {
    if (!options.worker) skip("there is no worker on this way");
    // An engine of its own, whose worker ends while a query runs.
    const workers = [];
    const Native = globalThis.Worker;
    globalThis.Worker = class extends Native {
      constructor(...args) {
        super(...args);
        workers.push(this);
      }
    };
    try {
      let told = "";
      const own = {
        ...options,
        workerURL: new URL("/dist/worker.js?own", location.href),
        onBroken: (_, message) => (told = message),
      };
      const cx = await Connection.open(uri, own);
      const result = await cx.runProg("", "UNWIND range(1, 1000000000) AS n RETURN n");
      await result.fetch();
      const pending = rejects(
        (async () => {
          for (;;) await result.buffer();
        })(),
        ConnectionBroken,
      );
      const call = rejects(
        cx.neo4jVersion().then(() => cx.begin()),
        ConnectionBroken,
      );
      workers[0].terminate();
      ok((await pending).message.includes("worker"), "the reason names the worker");
      await call;
      ok(cx.broken && told.includes("worker"), "the connection knows");
      await rejects(cx.begin(), ConnectionBroken, "later calls");
      await cx.close(); // it is
    } finally {
      globalThis.Worker = Native;
    }
  },

  async "the engine does not come"({ Connection, uri, options, places }) {
    const wasmURL = `http://${places.silence}/webbolt.wasm`;
    for (const wait of [0, 200]) {
      // once it is being started, and once it is waited for
      const thrown = await rejects(
        Connection.open(uri, { ...options, wasmURL, signal: AbortSignal.timeout(200 + wait) }),
      );
      equal(thrown.name, "TimeoutError");
    }
  },

  async "the engine cannot be started"({ Connection, ConnectionUnavailable, uri, options }) {
    const thrown = await rejects(
      Connection.open(uri, { ...options, wasmURL: new URL("/nothing.wasm", location.href) }),
      ConnectionUnavailable,
    );
    equal(thrown.reason, "engine");
    if (!options.worker) return;
    const other = await rejects(
      Connection.open(uri, { ...options, workerURL: new URL("/nothing.js", location.href) }),
      ConnectionUnavailable,
    );
    equal(other.reason, "engine");
  },
};
