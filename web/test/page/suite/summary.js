import { equal, ok, rejects, unique } from "./assert.js";

/** Gets a notification from every server, for its product of disconnected patterns. */
const noteworthy = "EXPLAIN MATCH (a:NoSuchLabelHere), (b:NoSuchLabelThere) RETURN a, b";

async function summaryOf(cx, cypher, options) {
  return (await cx.runProg("", cypher, {}, options)).consume();
}

export default {
  async "is there at any time, and grows"({ open, server, http, options, bolt }) {
    const cx = await open({ fetchSize: 2 });
    const result = await cx.runProg("", "UNWIND range(1, 10) AS n RETURN n");
    const early = result.summary();
    equal([typeof early.complete, typeof early.counters.nodesCreated, early.notifications], ["boolean", "number", []]);
    await result.fetch();
    await result.buffer();
    const summary = result.summary();
    equal([summary.complete, summary.query], [true, "UNWIND range(1, 10) AS n RETURN n"]);
    const { address, agent, protocolVersion } = summary.server;
    equal([address, agent, protocolVersion], [http ? server.http : server.bolt, "Neo4j/" + server.version, bolt]);
    const byBolt = options.relay ? ["websocket", "blocks", "lane"] : ["websocket"]; // an older relay sends records
    ok((http ? ["http"] : byBolt).includes(summary.transport), summary.transport);
    if (!http) equal(summary.database, "neo4j");
    if (!http) ok(summary.availableAfter >= 0 && summary.consumedAfter >= 0, "times");
    ok(http || summary.bookmark.length > 0, "bookmark");
    await cx.close();
  },

  async "counts what changed"({ open }) {
    const cx = await open();
    const label = unique("Counters");
    const counted = async (cypher, wanted) => {
      const { counters } = await summaryOf(cx, cypher);
      for (const [name, n] of Object.entries(counters)) {
        if (typeof n === "number") equal(n, wanted[name] ?? 0, `${name} after ${cypher}`);
      }
      return counters;
    };
    await counted(`CREATE (a:${label} {x: 1, y: 2})-[:R {z: 3}]->(b:${label}:Other)`, {
      nodesCreated: 2,
      relationshipsCreated: 1,
      propertiesSet: 3,
      labelsAdded: 3,
    });
    await counted(`MATCH (n:${label}:Other) REMOVE n:Other`, { labelsRemoved: 1 });
    equal(
      (await counted(`MATCH (n:${label}) DETACH DELETE n`, { nodesDeleted: 2, relationshipsDeleted: 1 }))
        .containsUpdates,
      true,
    );
    await counted(`CREATE INDEX index_${label} FOR (n:${label}) ON (n.x)`, { indexesAdded: 1 });
    await counted(`DROP INDEX index_${label}`, { indexesRemoved: 1 });
    await counted(`CREATE CONSTRAINT constraint_${label} FOR (n:${label}) REQUIRE n.x IS UNIQUE`, {
      constraintsAdded: 1,
    });
    await counted(`DROP CONSTRAINT constraint_${label}`, { constraintsRemoved: 1 });
    equal((await counted("RETURN 1", {})).containsUpdates, false);
    await cx.close();
  },

  async "tells the type of the query"({ open, http }) {
    const cx = await open();
    const tx = await cx.begin();
    const types = [];
    for (const cypher of ["RETURN 1", "CREATE (:QueryType)", "CREATE (n:QueryType) RETURN n"])
      types.push((await (await cx.runQuery(tx, cypher)).consume()).queryType);
    await cx.rollback(tx);
    await cx.close();
    equal(types, http ? ["", "", ""] : ["r", "w", "rw"], "over HTTP servers tell from 2026.08 on");
  },

  async "has plan and profile"({ open }) {
    const cx = await open();
    const { plan, profile } = await summaryOf(
      cx,
      "EXPLAIN MATCH (n:NoSuchLabelHere) WHERE n.x > 1 RETURN n.x AS x ORDER BY x",
    );
    const { profile: profiled } = await summaryOf(cx, "PROFILE UNWIND range(1, 7) AS n WITH n WHERE n > 3 RETURN n");
    await cx.close();
    ok(plan.operator.startsWith("ProduceResults") && plan.children.length === 1, "plan");
    ok(plan.identifiers.includes("x") && Object.keys(plan.arguments).length > 0, "identifiers and arguments");
    equal(profile, null);
    equal([profiled.rows, profiled.children.length, typeof profiled.dbHits], [4, 1, "number"]);
  },

  async "has notifications and GQL statuses"({ open }) {
    const cx = await open();
    const noted = await summaryOf(cx, noteworthy);
    const plain = await summaryOf(cx, "RETURN 1");
    const none = await summaryOf(cx, "UNWIND [] AS n RETURN n");
    await cx.close();
    const product = noted.notifications.find(({ code }) =>
      code.startsWith("Neo.ClientNotification.Statement.CartesianProduct"),
    );
    ok(
      product.title.length > 0 && product.description.length > 0 && product.severity.length > 0,
      JSON.stringify(product),
    );
    ok(
      product.position.line === 1 && product.position.column > 0 && product.position.offset >= 0,
      JSON.stringify(product.position),
    );
    equal(plain.notifications, []);
    equal([plain.gqlStatuses.map(({ status }) => status), none.gqlStatuses[0].status], [["00000"], "02000"]);
    ok(
      noted.gqlStatuses.some(({ isNotification, description }) => isNotification && description.length > 0),
      "a hint is a status, too",
    );
  },

  async "leaves out notifications that nobody wants"({ open, http, is4 }) {
    const off = { notifications: { minimumSeverity: "OFF" } };
    const cx = await open();
    if (is4 && !http) {
      await rejects(summaryOf(cx, "RETURN 1", off), TypeError);
    } else {
      equal((await summaryOf(cx, noteworthy, off)).notifications, []);
      if (!is4) {
        // which gives notifications no categories
        const tx = await cx.begin("", { notifications: { disabledCategories: ["PERFORMANCE", "UNRECOGNIZED"] } });
        equal((await (await cx.runQuery(tx, noteworthy)).consume()).notifications, []);
        await cx.rollback(tx);
      }
      const quiet = await open(off);
      equal((await summaryOf(quiet, noteworthy)).notifications, []);
      await quiet.close();
    }
    await cx.close();
  },
};
