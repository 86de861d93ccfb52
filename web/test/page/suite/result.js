import { equal, ok, rejects } from "./assert.js";

const numbers = (n) => `UNWIND range(1, ${n}) AS n RETURN n, n * 0.5 AS half, toString(n) AS text`;

export default {
  async "gives fields, records and the end"({ open }) {
    const cx = await open();
    const result = await cx.runProg("", numbers(3));
    equal(await result.fields(), ["n", "half", "text"]);
    equal(result.protocolVersion, "5.8");
    equal(typeof result.graphName, "string");
    equal(await result.fetch(), { n: 1, half: 0.5, text: "1" });
    equal(await result.fetch(), { n: 2, half: 1, text: "2" });
    equal(await result.fetch(), { n: 3, half: 1.5, text: "3" });
    equal(await result.fetch(), undefined);
    equal(await result.fetch(), undefined);
    equal(typeof (await result.queryId()), "string");
    await cx.close();
  },

  async "buffers, peeks and takes"({ open }) {
    const cx = await open();
    const result = await cx.runProg("", numbers(6_000));
    await result.buffer();
    ok(result.hasRecords(), "has records");
    equal(result.peekRecords(2).map(({ n }) => n), [1, 2]);
    equal(result.peekRecords(0), []);
    equal(result.takeRecord().n, 1);
    equal(result.peekRecords(1)[0].n, 2);
    equal(await (await cx.runProg("", "RETURN 7 AS n")).fetch(), { n: 7 });
    let n = 1;
    for (let record = result.takeRecord(); record; record = result.takeRecord()) equal(record.n, ++n);
    equal(n, 6_000);
    ok(!result.hasRecords(), "no records");
    await cx.close();
  },

  async "is iterated, and left early"({ open }) {
    const cx = await open();
    const tx = await cx.begin();
    let sum = 0;
    for await (const { n } of await cx.runQuery(tx, numbers(1_000_000))) {
      sum += n;
      if (n === 1000) break;
    }
    equal(sum, 500_500);
    ok(!tx.broken, "leaving a loop does not break the transaction");
    equal(await (await cx.runQuery(tx, "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.commit(tx);
    await cx.close();
  },

  async "iterates over many rows in order"({ open }) {
    const cx = await open();
    let wanted = 0;
    for await (const { n, text } of await cx.runProg("", numbers(15_000))) {
      if (n !== ++wanted || text !== String(n)) throw new Error(`got ${n} and ${text} in place ${wanted}`);
    }
    equal(wanted, 15_000);
    await cx.close();
  },

  async "comes in batches"({ open }) {
    const cx = await open();
    let rows = 0;
    for await (const records of (await cx.runProg("", numbers(6_000))).batches()) rows += records.length;
    equal(rows, 6_000);
    await cx.close();
  },

  async "gives columns as typed arrays"({ open }) {
    const cx = await open();
    const columns = await (await cx.runProg("", numbers(6_000))).columns();
    equal(columns.n.constructor.name, "Int32Array");
    equal(columns.half.constructor.name, "Float64Array");
    ok(Array.isArray(columns.text), "texts are an array");
    equal([columns.n.length, columns.n[5_999], columns.half[5_999], columns.text[5_999]], [6_000, 6_000, 3_000, "6000"]);
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
    await (await cx.runQuery(tx, "CREATE (a:GraphTest {n: 1})-[:R {w: 2}]->(b:GraphTest {n: 2}), (b)-[:R]->(a)")).consume();
    const steps = [];
    const result = await cx.runQuery(tx, "MATCH p = (:GraphTest)-[:R]->(:GraphTest) RETURN p, nodes(p) AS list");
    const graph = await result.graph({ onGrow: (_, delta) => steps.push(delta.nodes[1]) });
    equal([graph.nodeCount, graph.relationshipCount, graph.labels(0), steps.at(-1)], [2, 2, ["GraphTest"], 2]); // in as many steps as blocks came
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

  async "tells a summary"({ open }) {
    const cx = await open();
    const tx = await cx.begin();
    const made = await cx.runQuery(tx, "CREATE (:SummaryTest {a: 1})-[:R]->(:SummaryTest)");
    equal(typeof made.summary().complete, "boolean", "a summary is there at any time");
    const summary = await made.consume();
    ok(summary.complete, "complete");
    equal([summary.counters.nodesCreated, summary.counters.relationshipsCreated, summary.counters.propertiesSet, summary.counters.labelsAdded], [2, 1, 1, 2]);
    equal([summary.counters.containsUpdates, summary.queryType, summary.database], [true, "w", "neo4j"]);
    ok(summary.server.agent.startsWith("Neo4j/"), summary.server.agent);
    ok(summary.availableAfter >= 0 && summary.consumedAfter >= 0, "times");
    const explained = await (await cx.runQuery(tx, "EXPLAIN MATCH (n) RETURN n")).consume();
    ok(explained.plan.operator.startsWith("ProduceResults") && explained.plan.children.length === 1, "plan");
    const profiled = await (await cx.runQuery(tx, "PROFILE MATCH (n:SummaryTest) RETURN n")).consume();
    equal(profiled.profile.rows, 2);
    const noted = await (await cx.runQuery(tx, "MATCH (n:NoSuchLabelAnywhere) RETURN n")).consume();
    ok(noted.gqlStatuses.length > 0, "statuses");
    ok(noted.notifications.some(({ code }) => code.includes("UnknownLabel")), "notifications");
    await cx.rollback(tx);
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
    const result = await cx.runProg("", "UNWIND range(1, 2000000) AS n RETURN n, 'a text to make the rows longer than they need to be' AS text");
    await result.fetch();
    await new Promise((resolve) => setTimeout(resolve, 400)); // time enough for megabytes to come, were they asked for
    const came = (await cx.statistics()).bytesIn - before;
    ok(came < 12_000_000, `${came} bytes came unread`);
    await result.discard();
    await cx.close();
  },

  async "a signal ends only the wait of a fetch"({ open }) {
    const cx = await open();
    const result = await cx.runProg("", "CALL { UNWIND range(1, 3000000) AS n RETURN sum(n) AS s } RETURN s");
    equal((await rejects(result.fetch({ signal: AbortSignal.timeout(1) }))).name, "TimeoutError");
    equal(await result.fetch(), { s: 4_500_001_500_000 });
    await cx.close();
  },

  async "survives structuredClone and JSON"({ open }) {
    const cx = await open();
    const record = await (await cx.runProg("", "RETURN 1 AS n, 'x' AS text, [1, 2] AS list, {a: true} AS map, null AS nothing")).fetch();
    equal(structuredClone(record), record);
    equal(JSON.parse(JSON.stringify(record)), { n: 1, text: "x", list: [1, 2], map: { a: true }, nothing: null });
    await cx.close();
  },
};
