import { equal, ok, rejects, unique } from "./assert.js";

const statsFields = [
  "activeLockCount",
  "allocatedBytes",
  "cpuTime",
  "elapsedTime",
  "idleTime",
  "other",
  "pageFaults",
  "pageHits",
  "waitTime",
];

/** Fails unless the record has these fields, and no others. */
function hasFields(record, ...fields) {
  equal(Object.keys(record).sort(), fields.sort());
}

export default {
  async getConfig({ open, is4, server }) {
    const cx = await open();
    const settings = await cx.getConfig();
    const name = is4 ? "dbms.connector.bolt.listen_address" : "server.bolt.listen_address";
    const setting = settings[name];
    hasFields(setting, "name", "description", "value", "dynamic");
    equal([setting.name, setting.value, setting.dynamic], [name, server.bolt, false]);
    ok(setting.description.length > 0, "description");
    const all = Object.values(settings);
    ok(all.length > 100 && all.some(({ dynamic }) => dynamic), `${all.length} settings`);
    await cx.close();
  },

  async getConnections({ open, http, server }) {
    const userAgent = unique("webbolt-admin-test/");
    const cx = await open({ userAgent });
    const records = await cx.getConnections();
    for (const record of records) {
      hasFields(record, "cxid", "since", "clientAddress", "serverProfile", "userAgent");
      hasFields(record.serverProfile, "scheme", "user", "host", "port");
      ok(
        record.cxid.length > 0 &&
          record.since instanceof Date &&
          record.clientAddress.length > 0 &&
          record.serverProfile.scheme.length > 0,
        JSON.stringify(record),
      );
    }
    if (!http) {
      // a page cannot say what it is called over HTTP
      const own = records.find(record => record.userAgent === userAgent);
      const { scheme, user, host, port } = own.serverProfile;
      equal([scheme, user, `${host}:${port}`], ["bolt", "neo4j", server.bolt]);
    }
    ok(records.length > 0, "there is one at least");
    await cx.close();
  },

  async getQueries({ open, server }) {
    const cx = await open();
    const metadata = { test: unique("query") };
    const tx = await cx.begin("", { metadata });
    const queries = await cx.getQueries(tx);
    const own = queries.find(query => query.metadata.test === metadata.test);
    hasFields(
      own,
      "qid",
      "since",
      "cxid",
      "clientAddress",
      "serverProfile",
      "metadata",
      "database",
      "query",
      "parameters",
      "planner",
      "runtime",
      "indexes",
      "status",
      "stats",
    );
    hasFields(own.stats, ...statsFields);
    ok(
      own.qid.length > 0 &&
        own.query.length > 0 &&
        own.since instanceof Date &&
        own.cxid.length > 0 &&
        own.clientAddress.length > 0,
      JSON.stringify(own),
    );
    ok(own.planner.length > 0 && own.runtime.length > 0 && Array.isArray(own.indexes), JSON.stringify(own));
    equal(
      [own.database, own.status, own.serverProfile.user, typeof own.parameters],
      ["neo4j", "running", server.user, "object"],
    );
    ok(own.stats.elapsedTime >= 0 && own.stats.allocatedBytes !== null, JSON.stringify(own.stats));
    await cx.rollback(tx);
    ok((await cx.getQueries()).length > 0, "outside a transaction, too");
    await cx.close();
  },

  async getTransactions({ open, server }) {
    const cx = await open();
    const metadata = { test: unique("transaction") };
    const tx = await cx.begin("", { metadata });
    const own = (await cx.getTransactions(tx)).find(transaction => transaction.metadata.test === metadata.test);
    hasFields(
      own,
      "txid",
      "since",
      "cxid",
      "clientAddress",
      "serverProfile",
      "metadata",
      "database",
      "currentQid",
      "currentQuery",
      "status",
      "stats",
    );
    hasFields(own.stats, ...statsFields);
    ok(
      own.txid.startsWith("neo4j-transaction-") &&
        own.since instanceof Date &&
        own.cxid.length > 0 &&
        own.clientAddress.length > 0,
      JSON.stringify(own),
    );
    ok(own.currentQid.length > 0 && own.currentQuery.length > 0 && own.status.length > 0, JSON.stringify(own));
    equal([own.database, own.serverProfile.user], ["neo4j", server.user]);
    const { elapsedTime, activeLockCount, pageHits, other } = own.stats;
    ok(
      elapsedTime >= 0 && activeLockCount !== null && pageHits !== null && Object.keys(other).length > 0,
      JSON.stringify(own.stats),
    );
    await cx.rollback(tx);
    await cx.close();
  },

  async getManagementData({ open }) {
    const cx = await open();
    const bean = (await cx.getManagementData())["java.lang:type=Runtime"];
    hasFields(bean, "name", "description", "attributes");
    ok(
      bean.name === "java.lang:type=Runtime" && bean.description.length > 0 && bean.attributes.Uptime > 0,
      JSON.stringify(bean),
    );
    await cx.close();
  },

  async getClusterOverview({ open }) {
    const cx = await open();
    await rejects(cx.getClusterOverview(), TypeError, "this is no cluster");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.close();
  },

  async "all of them in a transaction"({ open }) {
    const cx = await open();
    const tx = await cx.begin("", { readonly: true });
    for (const call of ["getConnections", "getConfig", "getQueries", "getTransactions", "getManagementData"]) {
      ok(Object.keys(await cx[call](tx)).length > 0, call);
    }
    equal(await (await cx.runQuery(tx, "RETURN 1 AS n")).fetch(), { n: 1 });
    await cx.commit(tx);
    await cx.close();
  },

  async terminateTransactions({ open, Failure }) {
    const [cx, victim] = [await open(), await open()];
    const metadata = { test: unique("victim") };
    const tx = await victim.begin("", { metadata });
    await (await victim.runQuery(tx, "RETURN 1")).consume();
    const { txid } = (await cx.getTransactions()).find(transaction => transaction.metadata.test === metadata.test);
    const ended = await cx.terminateTransactions([txid, "neo4j-transaction-999999999"]);
    equal(
      ended.map(one => [one.txid, one.message]).sort(),
      [
        [txid, "Transaction terminated."],
        ["neo4j-transaction-999999999", "Transaction not found."],
      ].sort(),
    );
    equal(ended.find(one => one.txid === txid).username, "neo4j");
    await rejects(
      (async () => {
        await (await victim.runQuery(tx, "MATCH (n) RETURN count(n)")).consume();
        await victim.commit(tx);
      })(),
      Failure,
    );
    ok(tx.broken, "broken");
    await victim.close();
    await cx.close();
  },
};
