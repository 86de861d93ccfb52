import { equal, ok } from "./assert.js";

export default {
  async "getConfig"({ open }) {
    const cx = await open();
    const settings = await cx.getConfig();
    const setting = settings["server.bolt.listen_address"];
    ok(setting && setting.name === "server.bolt.listen_address" && typeof setting.description === "string" && typeof setting.dynamic === "boolean", JSON.stringify(setting));
    await cx.close();
  },

  async "getConnections"({ open }) {
    const cx = await open({ userAgent: "webbolt-admin-test/1" });
    const own = (await cx.getConnections()).find(({ userAgent }) => userAgent === "webbolt-admin-test/1");
    ok(own && own.cxid.length > 0 && own.since instanceof Date && own.clientAddress.length > 0, JSON.stringify(own));
    equal(own.serverProfile.user, "neo4j");
    await cx.close();
  },

  async "getQueries and getTransactions, in a transaction"({ open }) {
    const cx = await open();
    const tx = await cx.begin("", { metadata: { test: "admin" } });
    const queries = await cx.getQueries(tx);
    const own = queries.find(({ metadata }) => metadata.test === "admin");
    ok(own && own.qid.length > 0 && own.query.length > 0 && own.since instanceof Date, JSON.stringify(own));
    equal(own.database, "neo4j");
    ok(typeof own.stats.elapsedTime === "number" && "other" in own.stats, JSON.stringify(own.stats));
    const transaction = (await cx.getTransactions(tx)).find(({ metadata }) => metadata.test === "admin");
    ok(transaction && transaction.txid.length > 0 && transaction.currentQid.length > 0, JSON.stringify(transaction));
    await cx.rollback(tx);
    await cx.close();
  },

  async "getManagementData"({ open }) {
    const cx = await open();
    const beans = await cx.getManagementData();
    const [first] = Object.values(beans);
    ok(first && first.name.length > 0 && Object.keys(first.attributes).length > 0, JSON.stringify(first));
    await cx.close();
  },

  async "terminateTransactions"({ open, Failure }) {
    const [cx, victim] = [await open(), await open()];
    const tx = await victim.begin("", { metadata: { test: "victim" } });
    await (await victim.runQuery(tx, "RETURN 1")).consume();
    const { txid } = (await cx.getTransactions()).find(({ metadata }) => metadata.test === "victim");
    const [ended] = await cx.terminateTransactions([txid]);
    equal([ended.txid, ended.username], [txid, "neo4j"]);
    let thrown;
    try {
      await (await victim.runQuery(tx, "RETURN 1")).consume();
      await victim.commit(tx);
    } catch (error) {
      thrown = error;
    }
    ok(thrown instanceof Failure && thrown.code.includes("Terminated"), String(thrown));
    await victim.close();
    await cx.close();
  },
};
