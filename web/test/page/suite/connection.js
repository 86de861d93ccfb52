import { asyncDispose, equal, ok, rejects, skip } from "./assert.js";

export default {
  async "a handshake needs no user"({ Connection, ConnectionUnavailable, uri, bolt, options, places, http }) {
    const { worker, relay } = options;
    if (http) {
      await rejects(Connection.handshake(uri, { worker }), TypeError);
      return;
    }
    equal(await Connection.handshake(uri, { worker, relay, boltVersions: [bolt] }), bolt);
    await rejects(Connection.handshake(`bolt://${places.nobody}`, { worker, relay }), ConnectionUnavailable);
  },

  async "opens, tells about itself, and closes"({ open, uri, server, bolt, ConnectionProfile }) {
    const cx = await open({ userAgent: "webbolt-test/1" });
    ok(cx.profile.equals(new ConnectionProfile(uri)), "profile");
    equal(cx.userAgent, "webbolt-test/1");
    ok(cx.age >= 0 && cx.age < 60, "age");
    equal([cx.broken, cx.closed], [false, false]);
    equal(cx.protocolVersion, bolt);
    equal(await cx.neo4jVersion(), server.version);
    equal(await cx.neo4jEdition(), "community");
    equal(cx.supportsMulti(), true);
    await cx.close();
    await cx.close();
    equal([cx.closed, cx.broken], [true, false]);
    await rejects(cx.runProg("", "RETURN 1"), RangeError);
    const standard = await open();
    ok(standard.userAgent.length > 0, "webbolt has a name of its own");
    await standard.close();
  },

  async "counts queries and bytes"({ open }) {
    const cx = await open();
    const before = await cx.statistics();
    await (await cx.runProg("", "UNWIND range(1, 1000) AS n RETURN n")).records().toArray();
    await (await cx.runProg("", "RETURN 1")).consume();
    const after = await cx.statistics();
    equal(after.queries, before.queries + 2);
    ok(after.bytesIn > before.bytesIn + 1000 && after.bytesOut > before.bytesOut + 40, "bytes");
    await cx.close();
  },

  async "offers only the Bolt versions that it is told"({ open, http }) {
    if (http) skip("there is no Bolt in HTTP");
    const cx = await open({ boltVersions: ["4.3"] });
    equal(cx.protocolVersion, "4.3");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
    const old = await rejects(
      open({ boltVersions: ["4.3"] }).then(given =>
        given.runProg("", "RETURN 1", {}, { impersonatedUser: "somebody" }),
      ),
      TypeError,
    );
    ok(old.message.includes("4.4"), old.message);
    await rejects(open({ boltVersions: ["five"] }), RangeError);
  },

  async "runs queries in a graph that is named"({ open, Failure }) {
    const cx = await open();
    const result = await cx.runProg(
      "system",
      "SHOW DATABASES YIELD name RETURN name ORDER BY name",
      {},
      { readonly: true },
    );
    equal(result.graphName, "system");
    equal(
      (await result.records().toArray()).map(({ name }) => name),
      ["neo4j", "system"],
    );
    const thrown = await rejects(
      cx.runProg("nosuchgraph", "RETURN 1").then(none => none.consume()),
      Failure,
    );
    equal(thrown.code, "Neo.ClientError.Database.DatabaseNotFound");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "tells of binding, unbinding, release"({ open }) {
    const heard = [];
    const cx = await open({
      onBind: (tx, connection) => heard.push(["bind", tx.txid, connection === cx]),
      onUnbind: tx => heard.push(["unbind", tx.txid]),
      onRelease: connection => heard.push(["release", connection === cx]),
      onBroken: () => heard.push(["broken"]),
    });
    const committed = await cx.begin();
    await cx.commit(committed);
    const rolledBack = await cx.begin();
    await cx.rollback(rolledBack);
    const broken = await cx.begin();
    await rejects(cx.runQuery(broken, "RETURN 1 / 0").then(result => result.consume()));
    await cx.reset();
    await cx.release();
    equal(heard, [
      ...[committed, rolledBack, broken].flatMap(({ txid }) => [
        ["bind", txid, true],
        ["unbind", txid],
      ]),
      ["release", true],
    ]);
    await cx.close();
    equal(heard.length, 7, "closing is no breaking");
  },

  async "sync waits for the answer"({ open, Failure }) {
    const [cx, other] = [await open(), await open()];
    const good = await cx.runProg("", "RETURN 1 AS n");
    await rejects(other.sync(good), RangeError, "the result of another connection");
    await cx.sync(good);
    equal(await good.fetch(), { n: 1 });
    await cx.sync(good);
    const bad = await cx.runProg("", "UNWIND [1, 0] AS n RETURN 1 / n");
    await rejects(bad.buffer(), Failure);
    await rejects(cx.sync(bad), Failure);
    await cx.close();
    await other.close();
  },

  async "reset ends what is open"({ open }) {
    const ended = [];
    const cx = await open({ onUnbind: ({ txid }) => ended.push(txid) });
    const tx = await cx.begin();
    await (await cx.runQuery(tx, "UNWIND range(1, 100000) AS n RETURN n")).fetch();
    await cx.reset();
    equal([tx.broken, ended], [true, [tx.txid]]);
    await rejects(cx.commit(tx), RangeError);
    await cx.reset({ force: true });
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "asks for a route"({ open, server }) {
    const cx = await open();
    const route = await cx.route("neo4j", {});
    equal([route.readers, route.writers, route.routers], [[server.bolt], [server.bolt], [server.bolt]]);
    ok(route.ttl > 0, `ttl ${route.ttl}`);
    equal(route.database, "neo4j");
    await cx.close();
  },

  async "a signal ends a call and leaves the connection fit"({ open }) {
    const cx = await open();
    const early = AbortSignal.abort();
    equal((await rejects(cx.begin("", { signal: early }))).name, "AbortError");
    const abort = new AbortController();
    const result = await cx.runProg("", "UNWIND range(1, 100000000) AS n RETURN n", {}, { signal: abort.signal });
    await result.fetch();
    abort.abort(new Error("enough"));
    const thrown = await rejects(
      (async () => {
        for await (const _ of result);
      })(),
    );
    equal(thrown.message, "enough");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "disposes of itself"({ open }) {
    const cx = await open();
    await cx[asyncDispose]();
    ok(cx.closed, "closed");
  },
};
