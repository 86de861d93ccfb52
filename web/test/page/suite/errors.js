import { equal, ok, rejects } from "./assert.js";

export default {
  async "a wrong password"({ Connection, Failure, uri, options, tokens }) {
    const thrown = await rejects(Connection.open(uri, { ...options, auth: tokens.basic("neo4j", "wrong") }), Failure);
    equal(thrown.code, "Neo.ClientError.Security.Unauthorized");
    equal(thrown.retryable, false);
  },

  async "an unknown scheme"({ Connection, options }) {
    const thrown = await rejects(Connection.open("gopher://localhost", options), RangeError);
    ok(thrown.message.includes("known are bolt"), thrown.message);
  },

  async "no server there"({ Connection, ConnectionUnavailable, options }) {
    const thrown = await rejects(Connection.open("bolt://127.0.0.1:9", { ...options, relay: undefined }), ConnectionUnavailable);
    ok(["network", "refused"].includes(thrown.reason), thrown.reason);
    equal(thrown.address, "127.0.0.1:9");
  },

  async "+ssc is refused in a browser"({ Connection, options }) {
    const thrown = await rejects(Connection.open("bolt+ssc://127.0.0.1:7687", { ...options, relay: undefined }), TypeError);
    ok(thrown.message.includes("relay"), thrown.message);
  },

  async "a relay that is not to go there"({ Connection, ConnectionUnavailable, options }) {
    if (!options.relay) return;
    const thrown = await rejects(Connection.open("bolt://192.0.2.1:7687", options), ConnectionUnavailable);
    equal(thrown.reason, "forbidden");
    ok(thrown.closeCode >= 4000, String(thrown.closeCode));
  },

  async "opening is given up"({ Connection, ConnectionUnavailable, options, uri }) {
    equal((await rejects(Connection.open(uri, { ...options, signal: AbortSignal.abort() }))).name, "AbortError");
    const abort = new AbortController();
    const opening = Connection.open(uri, { ...options, signal: abort.signal, auth: () => { abort.abort(); return new Promise(() => {}); } });
    const thrown = await rejects(opening);
    ok(thrown instanceof ConnectionUnavailable ? thrown.reason === "cancelled" && thrown.cause?.name === "AbortError" : thrown.name === "AbortError", String(thrown));
  },

  async "a syntax error"({ open, Failure }) {
    const cx = await open();
    const thrown = await rejects(cx.runProg("", "RETRUN 1").then((result) => result.fields()), Failure);
    equal([thrown.code, thrown.name], ["Neo.ClientError.Statement.SyntaxError", "Failure"]);
    ok(/^[0-9A-Z]{5}$/.test(thrown.gqlStatus), thrown.gqlStatus);
    ok(thrown.message.includes("RETRUN") && typeof thrown.diagnostic.CURRENT_SCHEMA === "string", "message and diagnostic");
    ok(thrown.cause === undefined || thrown.cause instanceof Failure, "a cause is a failure, too");
    await cx.close();
  },

  async "what this server cannot do"({ open }) {
    const cx = await open();
    await rejects(cx.getClusterOverview(), TypeError);
    await cx.close();
  },

  async "profiles that cannot be right"({ ConnectionProfile }) {
    for (const uri of ["gopher://x", "bolt://x:0", "bolt://x:99999", "bolt://x:y", "bolt://::1", "bolt://[::1", "bolt://x/path", "bolt://x?a=b", "neo4j://x?a", "neo4j://x?a=1&a=2", "bolt://:secret@x", "bolt://%zz@x"]) {
      await rejects((async () => new ConnectionProfile(uri))(), RangeError, uri);
    }
  },

  async "profiles"({ ConnectionProfile }) {
    const profile = new ConnectionProfile("neo4j+s://us%40er:pass%3Aword@Example.org:1234?b=2&a=1", { database: "films" });
    equal([profile.scheme, profile.user, profile.password, profile.host, profile.port, profile.query, profile.database], ["neo4j+s", "us@er", "pass:word", "example.org", 1234, "a=1&b=2", "films"]);
    equal([profile.address, profile.secure, profile.verify, profile.routing, profile.protocol], ["example.org:1234", true, true, true, "bolt"]);
    equal([String(profile), JSON.stringify({ profile }).includes("pass")], ["neo4j+s://us%40er@example.org:1234?a=1&b=2", false]);
    ok(profile.equals(new ConnectionProfile(profile)), "a copy is equal");
    ok(!profile.equals(new ConnectionProfile(profile, { password: "other" })), "another password is not");
    equal(new ConnectionProfile("bolt://[::1]").address, "[::1]:7687");
    equal(new ConnectionProfile("http+s://x").uri, "https://x:7473");
    equal(profile.withAddress("other:7").address, "other:7");
  },

  async "the engine dies"({ Connection, ConnectionBroken, uri, options }) {
    if (!options.worker) return;
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
      const own = { ...options, workerURL: new URL("/dist/worker.js?own", location.href), onBroken: (_, message) => (told = message) };
      const cx = await Connection.open(uri, own);
      const result = await cx.runProg("", "UNWIND range(1, 1000000000) AS n RETURN n");
      await result.fetch();
      const pending = rejects((async () => { for (;;) await result.buffer(); })(), ConnectionBroken);
      const call = rejects(cx.neo4jVersion().then(() => cx.begin()), ConnectionBroken);
      workers[0].terminate();
      ok((await pending).message.includes("worker"), "the reason names the worker");
      await call;
      ok(cx.broken && told.includes("worker"), "the connection knows");
      await rejects(cx.begin(), ConnectionBroken, "later calls");
    } finally {
      globalThis.Worker = Native;
    }
  },

  async "the engine cannot be started"({ Connection, ConnectionUnavailable, uri, options }) {
    const thrown = await rejects(Connection.open(uri, { ...options, wasmURL: new URL("/nothing.wasm", location.href) }), ConnectionUnavailable);
    equal(thrown.reason, "engine");
    if (!options.worker) return;
    const other = await rejects(Connection.open(uri, { ...options, workerURL: new URL("/nothing.js", location.href) }), ConnectionUnavailable);
    equal(other.reason, "engine");
  },
};
