import { asyncDispose, equal, ok, rejects, skip, unique } from "./assert.js";

export default {
  async "an executed query's result can be read again"({ uri, options, connect }) {
    const db = await connect(uri, options);
    const result = await db.executeQuery("UNWIND range(1, 2500) AS n RETURN n, toString(n) AS text");
    const records = await result.records().toArray();
    equal([records.length, (await result.records().toArray()).at(-1)], [2500, { n: 2500, text: "2500" }]);
    equal((await result.columns()).n.length, 2500);
    for await (const { n } of result) if (n === 5) break;
    equal((await result.records().toArray()).length, 2500);
    await db.close();
  },

  async "executes queries"({ connect, uri, options, http, is4, many }) {
    const db = await connect(uri, options);
    await db.verifyConnectivity();
    const result = await db.executeQuery("UNWIND range(1, $many) AS n RETURN n, $text AS text", { many, text: "x" });
    ok(result.hasRecords(), "all is there");
    equal(result.summary().complete, true);
    const records = await result.records().toArray();
    equal([records.length, records[many - 1]], [many, { n: many, text: "x" }]);
    equal((await db.executeQuery("RETURN 1 AS n", {}, { database: "neo4j", readonly: true })).takeRecord(), { n: 1 });
    if (!http || !is4) ok((await db.bookmarks()).length > 0, "bookmarks are chained");
    await rejects(db.executeQuery("RETURN $f", { f: () => {} }), TypeError, "and does not throw");
    await db.close();
    await db.close();
    await rejects(db.executeQuery("RETURN 1"), RangeError);
  },

  async "a connection that was given back is not taken from who has it next"({ connect, uri, options }) {
    const db = await connect(uri, { ...options, maxSize: 1 });
    const [pool] = await db.getPools();
    const cx = await pool.acquire();
    await pool.release(cx);
    const tx = await db.begin();
    await pool.release(cx);
    await cx.release();
    equal([...(await db.inUse()).values()], [1]);
    equal(await (await db.runQuery(tx, "RETURN 1 AS n")).fetch(), { n: 1 });
    await db.commit(tx);
    await db.close();
  },

  async "streams results"({ connect, uri, options, many }) {
    const db = await connect(uri, options);
    const result = await db.run("UNWIND range(1, $many) AS n RETURN n", { many });
    let last = 0;
    for await (const { n } of result) last = n;
    equal(last, many);
    equal([...(await db.inUse()).values()], [0]);
    await db[asyncDispose]();
    await rejects(db.graphNames(), RangeError, "it is closed");
  },

  async "carries out work"({ connect, uri, options }) {
    const db = await connect(uri, options);
    const label = unique("Work");
    const made = await db.executeWrite(async tx => {
      const result = await tx.run(`CREATE (n:${label} {name: $name}) RETURN n.name AS name`, { name: "Ada" });
      return (await result.fetch()).name;
    });
    equal(made, "Ada");
    equal(
      await db.executeRead(async tx => (await (await tx.run(`MATCH (n:${label}) RETURN count(n) AS n`)).fetch()).n),
      1,
    );
    const mine = new Error("mine");
    ok(
      (await rejects(
        db.executeWrite(async tx => {
          await (await tx.run(`CREATE (:${label})`)).consume();
          throw mine;
        }),
      )) === mine,
      "the work's own error comes back as it is",
    );
    equal((await db.executeQuery(`MATCH (n:${label}) WITH n, n.name AS name DELETE n RETURN name`)).takeRecord(), {
      name: "Ada",
    });
    await db.close();
  },

  async "tries again what may succeed"({ connect, uri, options, Failure }) {
    const db = await connect(uri, options);
    let tries = 0;
    const value = await db.executeWrite(async tx => {
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

  async transactions({ Connector, uri, options }) {
    const heard = [];
    const db = await Connector.open(uri, {
      ...options,
      userAgent: "connector-test/1",
      onBind: tx => heard.push(tx),
      onUnbind: tx => heard.push(tx),
    });
    equal([db.userAgent, db.profile.uri], ["connector-test/1", uri]);
    const tx = await db.begin("neo4j", { readonly: true });
    equal((await (await db.runQuery(tx, "RETURN $n AS n", { n: 5 })).fetch()).n, 5);
    const summary = await db.commit(tx);
    equal([typeof summary.bookmark, summary.profile === db.profile, summary.time > 0], ["string", true, true]);
    ok(heard.length === 2 && heard.every(one => one === tx), "bound and unbound");
    const other = await db.begin();
    equal(Object.keys(await db.rollback(other)).sort(), ["bookmark", "profile", "time"]);
    await rejects(db.commit(other), RangeError);
    equal(await (await db.runProg("", "RETURN 1 AS n", {}, { readonly: true })).fetch(), { n: 1 });
    await db.close();
  },

  async "lists graphs"({ Connector, uri, options }) {
    const db = await Connector.open(uri, options);
    equal([await db.graphNames(), await db.defaultGraphName()], [["neo4j"], "neo4j"]);
    await db.close();
  },

  async "adds pools once, and counts what is in use"({ Connector, ConnectionProfile, uri, breakable, options }) {
    const db = await Connector.open(uri, { ...options, initSize: 1 });
    const [pool] = await db.getPools("neo4j", { readonly: true });
    equal([pool.profile.uri, pool.size, pool.inUse], [uri, 1, 0]);
    ok((await db.getPools())[0] === pool, "the same pool is the same object");
    const other = new ConnectionProfile(breakable);
    await db.addPools(db.profile, other);
    await db.addPools(other);
    const tx = await db.begin();
    const inUse = await db.inUse();
    equal([inUse.size, inUse.get(db.profile), inUse.get(other)], [2, 1, 0]);
    await db.rollback(tx);
    const statistics = await db.statistics();
    equal([statistics.get(db.profile).opened, statistics.get(other).opened], [1, 1]);
    await db.prune(other);
    await db.prune(db.profile);
    equal([(await db.getPools())[0].size, (await db.statistics()).get(other).size], [0, 0]);
    equal(await (await db.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await db.close();
  },

  async "finds servers by routing"({ Connector, uri, options, server, http }) {
    if (http) skip("there is no routing over HTTP");
    const db = await Connector.open(uri.replace("bolt:", "neo4j:"), options);
    equal(await (await db.runProg("neo4j", "RETURN 1 AS n", {}, { readonly: true })).fetch(), { n: 1 });
    for (const readonly of [true, false])
      equal((await db.getPools("neo4j", { readonly }))[0].profile.address, server.bolt);
    await db.close();
    const resolved = await Connector.open("neo4j://nowhere.invalid:1", {
      ...options,
      resolver: async address => [address === "nowhere.invalid:1" ? server.bolt : "wrong:1"],
    });
    equal(await (await resolved.runProg("neo4j", "RETURN 2 AS n")).fetch(), { n: 2 });
    await resolved.close();
    const straight = await Connector.open(uri.replace("bolt:", "neo4j:"), { ...options, routing: false });
    equal((await straight.getPools("neo4j"))[0].profile.routing, true);
    await straight.close();
  },

  async "says why a routing table does not do"({ Connector, RoutingTableInvalid, Failure, uri, options, http }) {
    if (http) skip("there is no routing over HTTP");
    const db = await Connector.open(uri.replace("bolt:", "neo4j:"), options);
    const none = await rejects(db.getPools("neo4j"), RoutingTableInvalid);
    equal(none.name, "RoutingTableInvalid");
    ok(none.message.includes("there is none for graph neo4j"), none.message);
    await (await db.runProg("neo4j", "RETURN 1")).consume();
    await db.getPools("neo4j");
    await db.prune(db.profile);
    const gone = await rejects(db.getPools("neo4j"), RoutingTableInvalid);
    ok(gone.message.includes("no writer"), gone.message);
    await (await db.runProg("neo4j", "RETURN 1")).consume();
    equal((await db.getPools("neo4j")).length, 1, "the next table names it again");
    await rejects(
      db.runProg("nosuchgraph", "RETURN 1").then(result => result.consume()),
      Failure,
    );
    await db.close();
  },

  async "refuses what the server's version cannot take"({ connect, uri, options, http, bolt, Vector, UUID }) {
    if (http || Number(bolt) >= 6) skip("this server takes vectors, or says itself that it does not");
    const db = await connect(uri, { ...options, maxSize: 1 });
    for (const value of [new Vector(new Int8Array([1])), new UUID("01000000-0000-4000-8000-0000000000ff")]) {
      const thrown = await rejects(db.executeQuery("RETURN $value", { value: [{ value }] }), RangeError);
      ok(thrown.message.includes("Bolt 6"), thrown.message);
    }
    equal((await db.executeQuery("RETURN 1 AS n")).takeRecord(), { n: 1 });
    equal((await db.statistics()).get(db.profile).opened, 1);
    await db.close();
  },

  async "is closed for good"({ Connector, uri, options }) {
    const db = await Connector.open(uri, { ...options, initSize: 1 });
    const tx = await db.begin();
    const [pool] = await db.getPools();
    await db.close();
    await db.close();
    await rejects(db.runQuery(tx, "RETURN 1"));
    for (const call of [() => db.begin(), () => db.graphNames(), () => db.inUse(), () => db.prune(db.profile)])
      await rejects(call(), RangeError);
    await rejects(pool.acquire());
  },

  async "an aborted result gives its connection back"({ connect, uri, options }) {
    const db = await connect(uri, { ...options, maxSize: 1 });
    for (let i = 0; i < 3; i++) {
      const abort = new AbortController();
      const result = await db.run("UNWIND range(1, 2000000) AS n RETURN n", {}, { signal: abort.signal });
      await result.fetch();
      abort.abort();
      equal(
        (
          await rejects(
            (async () => {
              for await (const _ of result);
            })(),
          )
        ).name,
        "AbortError",
      );
    }
    equal((await db.executeQuery("RETURN 1 AS n")).takeRecord(), { n: 1 });
    equal([...(await db.inUse()).values()], [0]);
    await db.close();
  },

  async signals({ connect, uri, options }) {
    const db = await connect(uri, { ...options, maxSize: 1 });
    const abort = new AbortController();
    const slow = db.executeQuery(
      "UNWIND range(1, 1000000000) AS n WITH n WHERE n < 0 RETURN n",
      {},
      { signal: abort.signal },
    );
    const waiting = db.executeQuery("RETURN 1", {}, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    equal((await rejects(slow)).name, "AbortError");
    equal((await rejects(waiting)).name, "AbortError");
    equal((await db.executeQuery("RETURN 1 AS n")).takeRecord(), { n: 1 });
    await db.close();
  },
};
