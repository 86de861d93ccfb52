import { equal, ok, rejects, unique } from "./assert.js";

export default {
  async "opens, tells about itself, and closes"({ open, uri, server, ConnectionProfile }) {
    const cx = await open({ userAgent: "webbolt-test/1" });
    ok(cx.profile.equals(new ConnectionProfile(uri)), "profile");
    equal(cx.userAgent, "webbolt-test/1");
    ok(cx.age >= 0 && cx.age < 60, "age");
    equal([cx.broken, cx.closed], [false, false]);
    equal(cx.protocolVersion, "5.8");
    equal(await cx.neo4jVersion(), server.version);
    equal(await cx.neo4jEdition(), "community");
    ok(cx.supportsMulti(), "multi");
    const before = await cx.statistics();
    await (await cx.runProg("", "RETURN 1")).consume();
    const after = await cx.statistics();
    ok(after.queries > before.queries && after.bytesIn > before.bytesIn && after.bytesOut > before.bytesOut, "statistics");
    await cx.close();
    await cx.close();
    ok(cx.closed, "closed");
    await rejects(cx.runProg("", "RETURN 1"), RangeError);
  },

  async "offers only the Bolt versions that it is told"({ open }) {
    const cx = await open({ boltVersions: ["4.4"] });
    equal(cx.protocolVersion, "4.4");
    await cx.close();
  },

  async "commits and rolls back"({ open }) {
    const cx = await open();
    const label = unique("Commit");
    const tx = await cx.begin();
    await (await cx.runQuery(tx, `CREATE (:${label})`)).consume();
    ok((await cx.commit(tx)).length > 0, "bookmark");
    const undone = await cx.begin("neo4j");
    equal([undone.graphName, undone.readonly, undone.broken], ["neo4j", false, false]);
    ok(undone.txid.length > 0 && undone.age >= 0, "txid and age");
    await (await cx.runQuery(undone, `CREATE (:${label})`)).consume();
    await cx.rollback(undone);
    equal(await (await cx.runProg("", `MATCH (n:${label}) RETURN count(n) AS n`)).fetch(), { n: 1 });
    await (await cx.runProg("", `MATCH (n:${label}) DELETE n`)).consume();
    await cx.close();
  },

  async "transaction options reach the server"({ open }) {
    const cx = await open();
    const tx = await cx.begin("", { readonly: true, metadata: { purpose: "test" }, timeout: 20_000 });
    ok(tx.readonly, "readonly");
    const [own] = await (await cx.runQuery(tx, "SHOW TRANSACTIONS YIELD metaData WHERE metaData.purpose = 'test' RETURN metaData")).records().toArray();
    equal(own.metaData.purpose, "test");
    await cx.rollback(tx);
    await rejects(cx.runProg("", "CREATE (:Never)", {}, { readonly: true }).then((result) => result.consume()));
    await cx.close();
  },

  async "bookmarks order transactions"({ open }) {
    const cx = await open();
    const first = await cx.begin();
    const bookmark = await cx.commit(first);
    const second = await cx.begin("", { bookmarks: [bookmark] });
    await cx.rollback(second);
    const result = await cx.runProg("", "RETURN 1", {}, { bookmarks: [bookmark] });
    const summary = await result.consume();
    ok(summary.bookmark.length > 0, "bookmark of an auto-commit query");
    await cx.close();
  },

  async "tells of binding, unbinding, release"({ open }) {
    const heard = [];
    const cx = await open({
      onBind: (tx, connection) => heard.push(["bind", tx.txid, connection === cx]),
      onUnbind: (tx) => heard.push(["unbind", tx.txid]),
      onRelease: (connection) => heard.push(["release", connection === cx]),
    });
    const tx = await cx.begin();
    await cx.commit(tx);
    await cx.release();
    equal(heard, [["bind", tx.txid, true], ["unbind", tx.txid], ["release", true]]);
    await cx.close();
  },

  async "refuses the transaction of another connection"({ open, TransactionRef }) {
    const [one, other] = [await open(), await open()];
    const tx = await one.begin();
    await rejects(other.commit(tx), RangeError);
    await rejects(other.runQuery(tx, "RETURN 1").then((result) => result.consume()), RangeError);
    await rejects(one.rollback(new TransactionRef("", "no such")), RangeError);
    await one.rollback(tx);
    await rejects(one.rollback(tx), RangeError, "a second time");
    await one.close();
    await other.close();
  },

  async "a failure breaks the transaction"({ open, Failure }) {
    const cx = await open();
    const tx = await cx.begin();
    const result = await cx.runQuery(tx, "RETURN 1 / 0");
    await rejects(result.consume(), Failure);
    ok(tx.broken, "broken");
    await cx.reset();
    equal(await (await cx.runProg("", "RETURN 1 AS one")).fetch(), { one: 1 });
    await cx.close();
  },

  async "sync waits for the answer"({ open, Failure }) {
    const cx = await open();
    const good = await cx.runProg("", "RETURN 1 AS n");
    await cx.sync(good);
    equal(await good.fetch(), { n: 1 });
    await cx.sync(good);
    const bad = await cx.runProg("", "UNWIND [1, 0] AS n RETURN 1 / n");
    await rejects(bad.buffer(), Failure);
    await rejects(cx.sync(bad), Failure);
    await cx.close();
  },

  async "reset ends what is open"({ open }) {
    const cx = await open();
    await cx.begin();
    await cx.reset();
    await cx.reset({ force: true });
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "asks for a route"({ open }) {
    const cx = await open();
    const route = await cx.route("neo4j", {});
    ok(route.readers.length === 1 && route.writers.length === 1 && route.routers.length === 1 && route.ttl > 0, JSON.stringify(route));
    equal(route.database, "neo4j");
    await cx.close();
  },

  async "changes the user"({ open, tokens, server }) {
    const cx = await open();
    await cx.authenticate(tokens.basic(server.user, server.password));
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "takes tokens from a supplier"({ open, auth }) {
    let asked = 0;
    const cx = await open({
      auth: async (refused) => {
        asked++;
        ok(refused === undefined, "nothing was refused");
        return auth;
      },
    });
    equal(asked, 1);
    await cx.close();
    const mine = new Error("no token today");
    const thrown = await rejects(open({ auth: () => { throw mine; } }));
    ok(thrown.message.includes("no token today"), thrown.message);
  },

  async "a signal ends a call and leaves the connection fit"({ open }) {
    const cx = await open();
    const early = AbortSignal.abort();
    equal((await rejects(cx.begin("", { signal: early }))).name, "AbortError");
    const abort = new AbortController();
    const result = await cx.runProg("", "UNWIND range(1, 100000000) AS n RETURN n", {}, { signal: abort.signal });
    await result.fetch();
    abort.abort(new Error("enough"));
    const thrown = await rejects((async () => { for await (const _ of result); })());
    equal(thrown.message, "enough");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "signals of AbortSignal.timeout give a TimeoutError"({ open }) {
    const cx = await open();
    const result = await cx.runProg("", "UNWIND range(1, 1000000000) AS n WITH n WHERE n < 0 RETURN n", {}, { signal: AbortSignal.timeout(300) });
    equal((await rejects(result.fetch())).name, "TimeoutError");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "disposes of itself"({ open }) {
    const cx = await open();
    await cx[Symbol.asyncDispose]();
    ok(cx.closed, "closed");
  },
};
