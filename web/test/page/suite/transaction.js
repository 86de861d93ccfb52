import { equal, ok, rejects, skip, unique } from "./assert.js";

export default {
  async "commits and rolls back"({ open, http, is4 }) {
    const [cx, other] = [await open(), await open()];
    const label = unique("Commit");
    const count = async connection =>
      (await (await connection.runProg("", `MATCH (n:${label}) RETURN count(n) AS n`)).fetch()).n;
    const tx = await cx.begin();
    equal(await (await cx.runQuery(tx, `CREATE (n:${label} {x: $x}) RETURN n.x AS x`, { x: 1 })).fetch(), { x: 1 });
    equal(await count(other), 0, "nobody else sees it yet");
    const bookmark = await cx.commit(tx);
    equal(bookmark.length > 0, !(http && is4), "4.4 gives no bookmarks over HTTP");
    ok(!tx.broken, "an end is no breaking");
    const undone = await cx.begin();
    await (await cx.runQuery(undone, `CREATE (:${label})`)).consume();
    equal(typeof (await cx.rollback(undone)), "string");
    equal(await count(cx), 1);
    await cx.commit(await cx.begin());
    await (await cx.runProg("", `MATCH (n:${label}) DELETE n`)).consume();
    await cx.close();
    await other.close();
  },

  async "tells of itself, and is equal to its like"({ open, TransactionRef }) {
    const cx = await open();
    const tx = await cx.begin("neo4j", { readonly: true });
    equal([tx.graphName, tx.readonly, tx.broken], ["neo4j", true, false]);
    ok(tx.txid.length > 0, "txid");
    ok(tx.age >= 0 && tx.age < 60, `age ${tx.age}`);
    ok(tx.equals(new TransactionRef("neo4j", tx.txid)), "graph name and id make it");
    ok(
      !tx.equals(new TransactionRef("", tx.txid)) && !tx.equals(new TransactionRef("neo4j", tx.txid + "1")),
      "both of them",
    );
    await cx.rollback(new TransactionRef("neo4j", tx.txid));
    const next = await cx.begin("neo4j");
    ok(!next.equals(tx) && !next.readonly, "another");
    await cx.rollback(next);
    await cx.close();
  },

  async "refuses writes when it is readonly"({ open, Failure }) {
    const cx = await open();
    const tx = await cx.begin("", { readonly: true });
    const wanted = "Neo.ClientError.Statement.AccessMode";
    equal(
      (
        await rejects(
          cx.runQuery(tx, "CREATE (:Never)").then(result => result.consume()),
          Failure,
        )
      ).code,
      wanted,
    );
    ok(tx.broken, "broken");
    equal(
      (
        await rejects(
          cx.runProg("", "CREATE (:Never)", {}, { readonly: true }).then(result => result.consume()),
          Failure,
        )
      ).code,
      wanted,
    );
    await cx.close();
  },

  async "takes metadata to the server"({ open }) {
    const cx = await open();
    const metadata = { purpose: unique("metadata"), number: 7, list: [true, null] };
    const tx = await cx.begin("", { metadata, timeout: 20_000 });
    const own = (await cx.getTransactions(tx)).find(one => one.metadata.purpose === metadata.purpose);
    equal(Object.entries(own.metadata).sort(), Object.entries(metadata).sort());
    await cx.rollback(tx);
    await rejects(cx.begin("", { metadata: { bad: () => {} } }), TypeError);
    await rejects(cx.begin("", { timeout: -1 }), RangeError);
    await cx.close();
  },

  async "acts for another user"({ open, Failure, http, is4 }) {
    const cx = await open();
    const run = cx
      .runProg("", "RETURN 1", {}, { impersonatedUser: "nobody-of-this-name" })
      .then(result => result.consume());
    await rejects(run, http && is4 ? TypeError : Failure, "a matter of the enterprise edition");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "sees what its bookmarks stand for"({ open, http, is4, Failure }) {
    const [cx, other] = [await open(), await open()];
    if (http && is4) {
      await rejects(cx.begin("", { bookmarks: ["any"] }), TypeError);
      skip("4.4 has no bookmarks over HTTP");
    }
    const label = unique("Bookmarks");
    const first = await cx.begin();
    await (await cx.runQuery(first, `CREATE (:${label})`)).consume();
    const bookmark = await cx.commit(first);
    const { bookmark: second } = await (
      await cx.runProg("", `CREATE (:${label})`, {}, { bookmarks: [bookmark] })
    ).consume();
    ok(second.length > 0 && second !== bookmark, "bookmark of an auto-commit query");
    const tx = await other.begin("", { readonly: true, bookmarks: [bookmark, second] });
    equal(await (await other.runQuery(tx, `MATCH (n:${label}) RETURN count(n) AS n`)).fetch(), { n: 2 });
    await other.rollback(tx);
    await rejects(other.begin("", { bookmarks: ["no bookmark"] }), Failure);
    await (await cx.runProg("", `MATCH (n:${label}) DELETE n`)).consume();
    await cx.close();
    await other.close();
  },

  async "refuses the transaction of another connection"({ open, TransactionRef }) {
    const [one, other] = [await open(), await open()];
    const tx = await one.begin();
    await rejects(other.commit(tx), RangeError);
    await rejects(
      other.runQuery(tx, "RETURN 1").then(result => result.consume()),
      RangeError,
    );
    await rejects(other.getTransactions(tx), RangeError);
    await rejects(one.rollback(new TransactionRef("", "no such")), RangeError);
    await one.rollback(tx);
    await one.rollback(tx); // a second time: an error path can always roll back
    await rejects(one.commit(tx), RangeError, "after its end");
    await rejects(
      one.runQuery(tx, "RETURN 1").then(result => result.consume()),
      RangeError,
      "after its end",
    );
    await one.close();
    await other.close();
  },

  async "one at a time on a connection"({ open, http }) {
    if (http) skip("over HTTP a connection can hold several transactions");
    const cx = await open();
    const tx = await cx.begin();
    await rejects(cx.begin(), RangeError);
    await rejects(cx.runProg("", "RETURN 1"), RangeError);
    await cx.commit(tx);
    await cx.close();
  },

  async "a failure breaks the transaction"({ open, Failure }) {
    const cx = await open();
    const tx = await cx.begin();
    const thrown = await rejects(
      cx.runQuery(tx, "RETURN 1 / 0").then(result => result.consume()),
      Failure,
    );
    equal(thrown.code, "Neo.ClientError.Statement.ArithmeticError");
    ok(tx.broken, "broken");
    await rejects(cx.commit(tx));
    await cx.reset();
    equal(await (await cx.runProg("", "RETURN 1 AS one")).fetch(), { one: 1 });
    await cx.close();
  },

  async "a signal breaks the transaction"({ open }) {
    const cx = await open();
    const tx = await cx.begin();
    const abort = new AbortController();
    const result = await cx.runQuery(tx, "UNWIND range(1, 100000000) AS n RETURN n", {}, { signal: abort.signal });
    await result.fetch();
    abort.abort();
    await rejects(
      (async () => {
        for await (const _ of result);
      })(),
    );
    ok(tx.broken, "broken");
    await rejects(cx.commit(tx), RangeError);
    equal(await (await cx.runProg("", "RETURN 1 AS one")).fetch(), { one: 1 });
    await cx.close();
  },

  async "is rolled back when the page is put aside"({ open, http }) {
    if (http) skip("what a frozen page sends over HTTP is the browser's to decide");
    const cx = await open();
    const label = unique("Aside");
    const tx = await cx.begin();
    await (await cx.runQuery(tx, `CREATE (:${label})`)).consume();
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    while (!tx.broken) await new Promise(later => setTimeout(later, 10));
    equal((await (await cx.runProg("", `MATCH (n:${label}) RETURN count(n) AS n`)).fetch()).n, 0);
    await cx.close();
  },
};
