import { equal, ok, rejects, skip, unique } from "./assert.js";

const numbers = n => `UNWIND range(1, ${n}) AS n RETURN n, n * 0.5 AS half, toString(n) AS text`;

export default {
  async "gives fields, records and the end"({ open, bolt }) {
    const cx = await open();
    const result = await cx.runProg("", numbers(3));
    equal(await result.fields(), ["n", "half", "text"]);
    equal([result.graphName, result.protocolVersion], ["", bolt]);
    equal((await cx.runProg("neo4j", "RETURN 1")).graphName, "neo4j");
    equal(await result.fetch(), { n: 1, half: 0.5, text: "1" });
    equal(await result.fetch(), { n: 2, half: 1, text: "2" });
    equal(await result.fetch(), { n: 3, half: 1.5, text: "3" });
    equal(await result.fetch(), undefined);
    equal(await result.fetch(), undefined);
    await cx.close();
  },

  async "gives nothing where there is nothing"({ open }) {
    const cx = await open();
    const tx = await cx.begin();
    const none = await cx.runQuery(tx, "UNWIND [] AS n RETURN n");
    equal(
      [await none.fields(), await none.fetch(), none.hasRecords(), none.peekRecords(3), none.takeRecord()],
      [["n"], undefined, false, [], undefined],
    );
    const write = await cx.runQuery(tx, "CREATE (:Nothing)");
    equal([await write.fields(), await write.records().toArray()], [[], []]);
    await cx.rollback(tx);
    await cx.close();
  },

  async "has the id of its query"({ open, http }) {
    const cx = await open({ fetchSize: 10 });
    const tx = await cx.begin();
    const ids = [];
    for (let i = 0; i < 2; i++)
      ids.push(await (await cx.runQuery(tx, "UNWIND range(1, 1000) AS n RETURN n")).queryId());
    equal(
      [typeof ids[0], new Set(ids).size],
      ["string", http ? 1 : 2],
      "two open results have two ids over Bolt, none over HTTP",
    );
    await cx.rollback(tx);
    await cx.close();
  },

  async "has the id of its query when it is here already"({ open, http }) {
    const cx = await open();
    const tx = await cx.begin();
    const result = await cx.runQuery(tx, "RETURN 1");
    // the end comes from the worker, but the page cannot have heard of it
    for (const until = performance.now() + 100; performance.now() < until; );
    ok(http || (await result.queryId()) !== "", "an id");
    await result.buffer();
    ok(http || (await result.queryId()) !== "", "an id after the end");
    await cx.rollback(tx);
    await cx.close();
  },

  async "is one of several that are open"({ open }) {
    const cx = await open({ fetchSize: 10 });
    const tx = await cx.begin();
    const results = [];
    for (const first of [1, 101, 201])
      results.push(await cx.runQuery(tx, "UNWIND range($first, $first + 99) AS n RETURN n", { first }));
    for (let n = 0; n < 100; n++) {
      for (const [i, result] of results.entries()) equal(await result.fetch(), { n: 100 * i + n + 1 });
    }
    equal(await Promise.all(results.map(result => result.fetch())), [undefined, undefined, undefined]);
    await cx.commit(tx);
    await cx.close();
  },

  async "is read after the commit"({ open }) {
    const cx = await open({ fetchSize: 10 });
    const tx = await cx.begin();
    const first = await cx.runQuery(tx, numbers(1_000));
    const second = await cx.runQuery(tx, numbers(500));
    await cx.commit(tx);
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    equal([(await second.records().toArray()).length, (await first.records().toArray()).length], [500, 1_000]);
    await cx.close();
  },

  async "is discarded"({ open, many }) {
    const cx = await open();
    const label = unique("Discard");
    const result = await cx.runProg("", `UNWIND range(1, $many) AS n CREATE (:${label} {n: n}) RETURN n`, { many });
    await result.fetch();
    await result.discard();
    equal(
      [result.hasRecords(), await result.fetch(), result.summary().complete, result.summary().counters.nodesCreated],
      [false, undefined, true, many],
    );
    const { counters } = await (await cx.runProg("", `MATCH (n:${label}) DELETE n`)).consume();
    equal(counters.nodesDeleted, many, "the query's effects stay");
    await cx.close();
  },

  async "buffers, peeks and takes"({ open, many }) {
    const cx = await open();
    const result = await cx.runProg("", numbers(many));
    await result.buffer();
    ok(result.hasRecords(), "has records");
    equal(
      result.peekRecords(2).map(({ n }) => n),
      [1, 2],
    );
    equal(result.peekRecords(0), []);
    equal(result.takeRecord().n, 1);
    equal(result.peekRecords(1)[0].n, 2);
    equal(await (await cx.runProg("", "RETURN 7 AS n")).fetch(), { n: 7 });
    let n = 1;
    for (let record = result.takeRecord(); record; record = result.takeRecord()) equal(record.n, ++n);
    equal(n, many);
    ok(!result.hasRecords(), "no records");
    await cx.close();
  },

  async "is iterated, and left early"({ open, http }) {
    const cx = await open();
    const tx = await cx.begin();
    let sum = 0;
    // HTTP has no way to have the rest discarded and keep the transaction, so it all comes
    const rest = http ? 50_000 : 1_000_000;
    for await (const { n } of await cx.runQuery(tx, numbers(rest))) {
      sum += n;
      if (n === 1000) break;
    }
    equal(sum, 500_500);
    ok(!tx.broken, "leaving a loop does not break the transaction");
    equal(await (await cx.runQuery(tx, "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.commit(tx);
    await cx.close();
  },

  async "leaves nothing open when it is not read to its end"({ open, http }) {
    const cx = await open();
    const tx = await cx.begin();
    const run = () => cx.runQuery(tx, numbers(http ? 50_000 : 1_000_000));
    const complete = async result => {
      // after an abort the discard is not waited for
      for (let i = 0; !result.summary().complete; i++) {
        ok(i < 400, "the result is left open");
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    };
    const failing = await run();
    const thrown = new Error("of the page");
    const onGrow = () => {
      throw thrown;
    };
    ok((await rejects(failing.graph({ onGrow }))) === thrown, "the page's own error");
    ok(failing.summary().complete, "discarded");
    const abort = new AbortController();
    const read = await run();
    const loop = async () => {
      for await (const { n } of read.records({ signal: abort.signal })) if (n === 2) abort.abort("enough");
    };
    equal(await rejects(loop()), "enough");
    await complete(read);
    for (const reader of ["graph", "columns", "toArrow"]) {
      const result = await run();
      equal(await rejects(result[reader]({ signal: AbortSignal.abort("enough") })), "enough", reader);
      await complete(result);
    }
    ok(!tx.broken, "none of that breaks the transaction");
    equal(await (await cx.runQuery(tx, "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.commit(tx);
    await cx.close();
  },

  async "is read by several at once"({ open }) {
    const cx = await open();
    const one = await cx.runProg("", "RETURN 1 AS n");
    equal(await Promise.all([one.fetch(), one.fetch()]), [{ n: 1 }, undefined]);
    const iterator = (await cx.runProg("", numbers(2))).records();
    equal(
      (await Promise.all([iterator.next(), iterator.next(), iterator.next()])).map(({ done }) => done),
      [false, false, true],
    );
    const here = await cx.runProg("", numbers(2));
    await here.buffer();
    equal(await rejects(here.fetch({ signal: AbortSignal.abort("enough") })), "enough");
    equal((await here.fetch()).n, 1, "the signal ends only the fetch");
    await cx.close();
  },

  async "iterates over many rows in order"({ open, many }) {
    const cx = await open();
    let wanted = 0;
    for await (const { n, text } of await cx.runProg("", numbers(many))) {
      if (n !== ++wanted || text !== String(n)) throw new Error(`got ${n} and ${text} in place ${wanted}`);
    }
    equal(wanted, many);
    await cx.close();
  },

  async "comes in batches"({ open, many }) {
    const cx = await open();
    let rows = 0;
    for await (const records of (await cx.runProg("", numbers(many))).batches()) rows += records.length;
    equal(rows, many);
    await cx.close();
  },

  async "gives columns as typed arrays"({ open, many }) {
    const cx = await open();
    const columns = await (await cx.runProg("", numbers(many))).columns();
    equal(columns.n.constructor.name, "Int32Array");
    equal(columns.half.constructor.name, "Float64Array");
    ok(Array.isArray(columns.text), "texts are an array");
    equal(
      [columns.n.length, columns.n[many - 1], columns.half[many - 1], columns.text[many - 1]],
      [many, many, many / 2, String(many)],
    );
    const started = await cx.runProg("", numbers(5));
    await started.fetch();
    equal([...(await started.columns()).n], [2, 3, 4, 5]);
    const none = await (await cx.runProg("", "UNWIND [] AS n RETURN n")).columns();
    equal(none.n.length, 0);
    await cx.close();
  },

  async "gives a graph"({ open }) {
    const cx = await open();
    const tx = await cx.begin();
    await (
      await cx.runQuery(tx, "CREATE (a:GraphTest {n: 1})-[:R {w: 2}]->(b:GraphTest {n: 2}), (b)-[:R]->(a)")
    ).consume();
    const steps = [];
    const result = await cx.runQuery(tx, "MATCH p = (:GraphTest)-[:R]->(:GraphTest) RETURN p, nodes(p) AS list");
    const graph = await result.graph({ onGrow: (_, delta) => steps.push(delta.nodes[1]) });
    // in as many steps as blocks came
    equal([graph.nodeCount, graph.relationshipCount, graph.labels(0), steps.at(-1)], [2, 2, ["GraphTest"], 2]);
    equal([...graph.source].sort(), [0, 1]);
    const again = await (await cx.runQuery(tx, "MATCH (n:GraphTest) RETURN n")).graph({ nodeLimit: 1 });
    equal([again.nodeCount, again.truncated], [1, true]);
    await cx.rollback(tx);
    await cx.close();
  },

  async "gives an Arrow table"({ open }) {
    const cx = await open();
    const bytes = await (await cx.runProg("", numbers(10))).toArrow();
    ok(bytes instanceof Uint8Array && bytes.length > 200, "bytes");
    equal([...bytes.subarray(0, 4)], [255, 255, 255, 255], "an IPC stream begins with a continuation marker");
    await cx.close();
  },

  async "gives records before its failure"({ open, Failure }) {
    const cx = await open();
    const result = await cx.runProg("", "UNWIND [1, 2, 0] AS n RETURN 10 / n AS q");
    equal([(await result.fetch()).q, (await result.fetch()).q], [10, 5]);
    await rejects(result.fetch(), Failure);
    await rejects(result.fetch(), Failure, "again");
    await cx.reset();
    await cx.close();
  },

  async "holds back the server while it is not read"({ open }) {
    const cx = await open();
    const before = (await cx.statistics()).bytesIn;
    const abort = new AbortController();
    const result = await cx.runProg(
      "",
      "UNWIND range(1, 2000000) AS n RETURN n, 'a text to make the rows longer than they need to be' AS text",
      {},
      { signal: abort.signal },
    );
    await result.fetch();
    await new Promise(resolve => setTimeout(resolve, 400)); // time enough for megabytes to come, were they asked for
    const came = (await cx.statistics()).bytesIn - before;
    ok(came < 12_000_000, `${came} bytes came unread`);
    abort.abort();
    await rejects(result.consume());
    const running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $text RETURN count(*) AS n";
    const other = await open();
    const left = async () =>
      (await (await other.runProg("", running, { text: "a text to make" }, { readonly: true })).fetch()).n;
    for (let i = 0; (await left()) > 0; i++) {
      ok(i < 50, "the server has given the query up though the connection is not used again");
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    await other.close();
    await cx.close();
  },

  async "a signal ends only the wait of a fetch"({ open, http }) {
    if (http) skip("over HTTP a query is accepted when its first rows come");
    const cx = await open();
    const result = await cx.runProg("", "CALL { UNWIND range(1, 3000000) AS n RETURN sum(n) AS s } RETURN s");
    const abort = new AbortController();
    const fetching = result.fetch({ signal: abort.signal });
    abort.abort();
    equal((await rejects(fetching)).name, "AbortError");
    equal(await result.fetch(), { s: 4_500_001_500_000 });
    await cx.close();
  },

  async "survives structuredClone and JSON"({ open }) {
    const cx = await open();
    const record = await (
      await cx.runProg("", "RETURN 1 AS n, 'x' AS text, [1, 2] AS list, {a: true} AS map, null AS nothing")
    ).fetch();
    equal(structuredClone(record), record);
    equal(JSON.parse(JSON.stringify(record)), { n: 1, text: "x", list: [1, 2], map: { a: true }, nothing: null });
    await cx.close();
  },
};
