// The clients that are compared. Each is opened once a page. All take a query and give the number of rows and what came
// of touching their values; `onFirst` is called with the first record.
import neo4j from "/neo4j-driver/neo4j-web.esm.min.js";
import { connect, Connection } from "/dist/index.js";
import dropIn from "/drop-in/drop-in.js";
import { coreAlone } from "./core-alone.js";
import { PeerGraph } from "./peer-graph.js";
import { openRaw } from "./raw.js";
import { touch } from "./touch.js";

export const openers = {
  webbolt: openWebbolt,
  "webbolt on page": server => openWebbolt({ ...server, worker: false }),
  "raw WebSocket": openRaw,
  "neo4j-driver": openOfficial,
  "neo4j-driver without relay": server => openOfficial({ ...server, uri: server.direct, relay: undefined }),
  "neo4j-driver, awaited": server => openOfficial(server, true),
  "drop-in": openDropIn,
  "drop-in, awaited": server => openDropIn(server, true),
  "core alone": openCoreAlone,
  "core alone, awaited": server => openCoreAlone(server, true),
  fetch: openFetch,
};

async function openWebbolt({ uri, user, password, relay, worker }) {
  const auth = user ? { scheme: "basic", principal: user, credentials: password } : { scheme: "none" };
  const connection = await Connection.open(uri, { auth, relay, worker });
  const db = await connect(uri, { auth, relay, worker });
  const values = async asked => {
    let sum = 0;
    for (const record of await (await asked).records().toArray())
      for (const field in record) sum += touch(record[field]);
    return sum;
  };
  let transaction;
  return {
    onOne: (query, parameters) => values(connection.runProg("", query, parameters, { readonly: true })),
    pooled: (query, parameters) => values(db.run(query, parameters, { readonly: true })),
    executed: (query, parameters) => db.executeRead(tx => values(tx.run(query, parameters))),
    async inTransaction(query, parameters) {
      transaction ??= await db.begin("", { readonly: true });
      return values(db.runQuery(transaction, query, parameters));
    },
    async read(query, parameters, onFirst) {
      const result = await connection.runProg("", query, parameters, { readonly: true });
      let rows = 0;
      let sum = 0;
      for await (const batch of result.batches()) {
        if (rows === 0) onFirst?.();
        for (const record of batch) for (const field in record) sum += touch(record[field]);
        rows += batch.length;
      }
      return { rows, sum };
    },
    async graph(query, parameters) {
      const result = await connection.runProg("", query, parameters, { readonly: true });
      const graph = await result.graph();
      return { nodes: graph.nodeCount, relationships: graph.relationshipCount };
    },
    /** All records at once, for the caller to hold. */
    async hold(query, parameters) {
      const result = await connection.runProg("", query, parameters, { readonly: true });
      return result.records().toArray();
    },
    async holdColumns(query, parameters) {
      return (await connection.runProg("", query, parameters, { readonly: true })).columns();
    },
    async holdGraph(query, parameters) {
      return (await connection.runProg("", query, parameters, { readonly: true })).graph();
    },
    async close() {
      await db.close();
      await connection.close();
    },
  };
}

/** neo4j-driver over its own connections: the relay is a server to it. */
function openOfficial({ relay, uri, ...server }, awaited) {
  return openDriver(neo4j, relay ? `bolt://${new URL(relay).host}` : uri, server, {}, awaited);
}

const ownParts = { wasmURL: "/dist/webbolt.wasm", workerURL: "/dist/worker.js" };

/** The same driver over webbolt's connections. */
function openDropIn({ relay, uri, ...server }, awaited) {
  return openDriver(dropIn, uri, server, { relay, ...ownParts }, awaited);
}

/** What the driver's own classes cost, whatever is beneath them. */
async function openCoreAlone({ relay, uri, user, password }, awaited) {
  const auth = user ? dropIn.auth.basic(user, password) : undefined;
  const { read, close } = coreAlone(dropIn.driver(uri, auth, { relay, ...ownParts }), awaited);
  return { read: (query, parameters) => read(query, integers(parameters)), close };
}

/** A driver as its manual has it: records are taken as they come, or all at once where the result is awaited. */
async function openDriver(neo4j, uri, { user, password }, config, awaited = false) {
  const driver = neo4j.driver(uri, user ? neo4j.auth.basic(user, password) : undefined, config);
  const session = driver.session({ defaultAccessMode: neo4j.session.READ });
  const eachAwaited = async (query, parameters, onNext) => {
    for (const record of (await session.run(query, integers(parameters))).records) onNext(record);
  };
  const eachSubscribed = (query, parameters, onNext) =>
    new Promise((resolve, reject) => {
      session.run(query, integers(parameters)).subscribe({ onNext, onCompleted: resolve, onError: reject });
    });
  const each = awaited ? eachAwaited : eachSubscribed;
  const values = async asked => {
    let sum = 0;
    for (const record of (await asked).records) for (let i = 0; i < record.length; i++) sum += touch(record.get(i));
    return sum;
  };
  const narrow = neo4j.driver(uri, user ? neo4j.auth.basic(user, password) : undefined, {
    ...config,
    maxConnectionPoolSize: 1,
  });
  const inSession = async (work, of = driver) => {
    const own = of.session({ defaultAccessMode: neo4j.session.READ });
    try {
      return await work(own);
    } finally {
      await own.close();
    }
  };
  const holder = driver.session({ defaultAccessMode: neo4j.session.READ });
  let transaction;
  return {
    onOne: (query, parameters) => inSession(own => values(own.run(query, integers(parameters))), narrow),
    pooled: (query, parameters) => inSession(own => values(own.run(query, integers(parameters)))),
    executed: (query, parameters) =>
      inSession(own => own.executeRead(tx => values(tx.run(query, integers(parameters))))),
    async inTransaction(query, parameters) {
      transaction ??= await holder.beginTransaction();
      return values(transaction.run(query, integers(parameters)));
    },
    async read(query, parameters, onFirst) {
      let rows = 0;
      let sum = 0;
      await each(query, parameters, record => {
        if (rows++ === 0) onFirst?.();
        for (let i = 0; i < record.length; i++) sum += touch(record.get(i));
      });
      return { rows, sum };
    },
    async graph(query, parameters) {
      const graph = new PeerGraph();
      await each(query, parameters, record => {
        for (let i = 0; i < record.length; i++) graph.add(record.get(i));
      });
      return { nodes: graph.nodes.length, relationships: graph.relationships.length };
    },
    async hold(query, parameters) {
      return (await session.run(query, integers(parameters))).records;
    },
    async holdColumns(query, parameters) {
      return (await session.run(query, integers(parameters))).records;
    },
    async holdGraph(query, parameters) {
      const graph = new PeerGraph();
      await each(query, parameters, record => {
        for (let i = 0; i < record.length; i++) graph.add(record.get(i));
      });
      return graph;
    },
    close: async () => {
      await transaction?.close();
      await holder.close();
      await session.close();
      await narrow.close();
      await driver.close();
    },
  };
}

/** neo4j-driver sends numbers as floats unless they are its Integers. */
function integers(parameters) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, Number.isInteger(value) ? neo4j.int(value) : value]),
  );
}

/** What one would write by hand: a request to the Query API, in plain JSON. */
async function openFetch({ http, user, password }) {
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    authorization: `Basic ${btoa(`${user}:${password}`)}`,
  };
  return {
    async read(statement, parameters, onFirst) {
      const body = JSON.stringify({ statement, parameters });
      const response = await fetch(`http://${http}/db/neo4j/query/v2`, { method: "POST", headers, body });
      const {
        data: { values },
      } = await response.json();
      onFirst?.();
      let sum = 0;
      for (const row of values) for (const value of row) sum += touch(value);
      return { rows: values.length, sum };
    },
    close: async () => {},
  };
}
