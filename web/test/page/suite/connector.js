import { equal, ok, rejects, unique } from "./assert.js";

export default {
  async "executes queries"({ connect, uri, options }) {
    const db = await connect(uri, options);
    await db.verifyConnectivity();
    const result = await db.executeQuery("UNWIND range(1, 5000) AS n RETURN n, $text AS text", { text: "x" });
    ok(result.hasRecords(), "all is there");
    equal(result.summary().complete, true);
    const records = await result.records().toArray();
    equal([records.length, records[4999]], [5000, { n: 5000, text: "x" }]);
    equal((await db.executeQuery("RETURN 1 AS n", {}, { database: "neo4j", readonly: true })).takeRecord(), { n: 1 });
    ok((await db.bookmarks()).length > 0, "bookmarks are chained");
    await db.close();
    await db.close();
    await rejects(db.executeQuery("RETURN 1"), RangeError);
  },

  async "streams results"({ connect, uri, options }) {
    const db = await connect(uri, options);
    const result = await db.run("UNWIND range(1, 6000) AS n RETURN n");
    let last = 0;
    for await (const { n } of result) last = n;
    equal(last, 6_000);
    equal([...(await db.inUse()).values()], [0]);
    await db.close();
  },

  async "carries out work"({ connect, uri, options }) {
    const db = await connect(uri, options);
    const label = unique("Work");
    const made = await db.executeWrite(async (tx) => {
      const result = await tx.run(`CREATE (n:${label} {name: $name}) RETURN n.name AS name`, { name: "Ada" });
      return (await result.fetch()).name;
    });
    equal(made, "Ada");
    equal(await db.executeRead(async (tx) => (await (await tx.run(`MATCH (n:${label}) RETURN count(n) AS n`)).fetch()).n), 1);
    const mine = new Error("mine");
    ok((await rejects(db.executeWrite(async (tx) => {
      await (await tx.run(`CREATE (:${label})`)).consume();
      throw mine;
    }))) === mine, "the work's own error comes back as it is");
    equal((await db.executeQuery(`MATCH (n:${label}) WITH n, n.name AS name DELETE n RETURN name`)).takeRecord(), { name: "Ada" });
    await db.close();
  },

  async "tries again what may succeed"({ connect, uri, options, Failure }) {
    const db = await connect(uri, options);
    let tries = 0;
    const value = await db.executeWrite(async (tx) => {
      tries++;
      await (await tx.run("RETURN 1")).consume();
      if (tries === 1) throw new Failure("for a test", { code: "Neo.TransientError.Transaction.DeadlockDetected" });
      return "done";
    });
    equal([value, tries], ["done", 2]);
    const thrown = await rejects(db.executeQuery("RETRUN 1"), Failure);
    equal(thrown.code, "Neo.ClientError.Statement.SyntaxError");
    await db.close();
  },

  async "transactions"({ Connector, uri, options }) {
    const db = await Connector.open(uri, { ...options, userAgent: "connector-test/1" });
    equal([db.userAgent, db.profile.uri], ["connector-test/1", uri]);
    const tx = await db.begin("neo4j", { readonly: true });
    equal((await (await db.runQuery(tx, "RETURN $n AS n", { n: 5 })).fetch()).n, 5);
    const summary = await db.commit(tx);
    equal([typeof summary.bookmark, summary.profile.uri, summary.time > 0], ["string", uri, true]);
    const other = await db.begin();
    await db.rollback(other);
    await rejects(db.commit(other), RangeError);
    equal(await (await db.runProg("", "RETURN 1 AS n", {}, { readonly: true })).fetch(), { n: 1 });
    await db.close();
  },

  async "graphs, pools and figures"({ Connector, ConnectionProfile, uri, options }) {
    const db = await Connector.open(uri, { ...options, initSize: 1 });
    equal(await db.graphNames(), ["neo4j"]);
    equal(await db.defaultGraphName(), "neo4j");
    const [pool] = await db.getPools("neo4j", { readonly: true });
    equal([pool.size, pool.inUse], [1, 0]);
    ok((await db.getPools())[0] === pool, "the same pool is the same object");
    await db.addPools(db.profile);
    const [[profile, inUse]] = await db.inUse();
    equal([profile.uri, inUse], [uri, 0]);
    const [statistics] = (await db.statistics()).values();
    equal(statistics.opened, 1);
    await db.prune(new ConnectionProfile(profile));
    equal((await db.getPools())[0].size >= 0, true);
    await db[Symbol.asyncDispose]();
  },

  async "finds servers by routing"({ Connector, RoutingTableInvalid, uri, options, server }) {
    const db = await Connector.open(uri.replace("bolt:", "neo4j:"), options);
    await rejects(db.getPools("neo4j"), RoutingTableInvalid, "before there is a routing table");
    equal(await (await db.runProg("neo4j", "RETURN 1 AS n", {}, { readonly: true })).fetch(), { n: 1 });
    equal((await db.getPools("neo4j"))[0].profile.address, server.bolt);
    await db.close();
    const resolved = await Connector.open("neo4j://nowhere.invalid:1", { ...options, resolver: async (address) => [address === "nowhere.invalid:1" ? server.bolt : "wrong:1"] });
    equal(await (await resolved.runProg("neo4j", "RETURN 2 AS n")).fetch(), { n: 2 });
    await resolved.close();
  },

  async "signals"({ connect, uri, options }) {
    const db = await connect(uri, { ...options, maxSize: 1 });
    const abort = new AbortController();
    const slow = db.executeQuery("UNWIND range(1, 1000000000) AS n WITH n WHERE n < 0 RETURN n", {}, { signal: abort.signal });
    const waiting = db.executeQuery("RETURN 1", {}, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    equal((await rejects(slow)).name, "AbortError");
    equal((await rejects(waiting)).name, "AbortError");
    equal((await db.executeQuery("RETURN 1 AS n")).takeRecord(), { n: 1 });
    await db.close();
  },
};
