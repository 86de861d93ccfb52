import { equal, ok, rejects } from "./assert.js";

/** The ways to copy an object that go by the structured clone algorithm. */
const copies = {
  structuredClone: async value => structuredClone(value),

  async postMessage(value) {
    const { port1, port2 } = new MessageChannel();
    const arrived = new Promise(resolve => (port2.onmessage = event => resolve(event.data)));
    try {
      port1.postMessage(value);
      return await arrived;
    } finally {
      port1.close();
    }
  },

  async IndexedDB(value) {
    const name = "clones" + Math.random();
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.result.createObjectStore("values");
    const database = await done(opening);
    try {
      const store = database.transaction("values", "readwrite").objectStore("values");
      await done(store.put(value, "value"));
      return await done(store.get("value"));
    } finally {
      database.close();
      indexedDB.deleteDatabase(name);
    }
  },
};

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export default {
  async "records and values keep their data in a clone"({ open, Point }) {
    const cx = await open();
    const tx = await cx.begin();
    const result = await cx.runQuery(
      tx,
      `CREATE p = (:ClonedTest {n: 1})-[:KNOWS {since: date('2024-05-06')}]->(:ClonedTest {n: 2})
       RETURN nodes(p)[0] AS a, p, 9007199254740993 AS big, date('2024-05-06') AS day, localtime('10:20:30.4') AS clock,
         datetime('2026-03-29T12:00:00[Europe/Stockholm]') AS noon, duration('P1M2DT3S') AS term,
         point({x: 1, y: 2.5}) AS place, [1, {deep: [date('2024-05-07')]}] AS list, null AS nothing`,
    );
    const record = await result.fetch();
    await cx.rollback(tx);
    for (const [way, copy] of Object.entries(copies)) {
      const clone = await copy(record);
      equal(Object.keys(clone), Object.keys(record), way);
      equal([clone.big, clone.nothing, clone.list[0]], [9007199254740993n, null, 1], way);
      equal({ ...clone.a }, { ...plain(record.a) }, way);
      equal(clone.p.nodes.length, 2, way);
      equal(clone.p.relationships[0].type, "KNOWS", way);
      equal(clone.day, { year: 2024, month: 5, day: 6 }, way);
      equal(clone.list[1].deep[0], { year: 2024, month: 5, day: 7 }, way);
      equal([clone.clock.hour, clone.clock.nanosecond, clone.noon.zone], [10, 4e8, "Europe/Stockholm"], way);
      equal(clone.term, { months: 1, days: 2, seconds: 3, nanoseconds: 0 }, way);
      const { srid, x, y, z } = clone.place;
      equal(String(new Point(srid, x, y, z)), String(record.place), way);
    }
    await cx.close();
  },

  async "what works only where it was made cannot be cloned"(context) {
    const { open, connect, uri, options, ConnectionPool, GraphBuilder, ConnectionProfile, auth } = context;
    const cx = await open();
    const db = await connect(uri, options);
    const pool = await ConnectionPool.open(uri, options);
    const result = await db.executeQuery("RETURN 1 AS n");
    const tx = await cx.begin();
    let work;
    await db.executeRead(async transaction => {
      work = transaction;
      await refused({ Transaction: transaction });
    });
    const builder = new GraphBuilder();
    await refused({ Connection: cx, Connector: db, ConnectionPool: pool, Result: result, TransactionRef: tx });
    await refused({ Transaction: work, GraphBuilder: builder, Graph: builder.graph, nested: { list: [db] } });
    await cx.rollback(tx);
    const profile = new ConnectionProfile("bolt://ada:secret@example.org");
    const clone = structuredClone(profile);
    ok(!JSON.stringify(clone).includes("secret"), "a profile's clone has no password");
    equal([clone.user, String(new ConnectionProfile(clone)).includes("example.org")], ["ada", true]);
    equal(structuredClone(auth).principal, auth.principal);
    await cx.close();
    await pool.close();
    await db.close();
  },
};

async function refused(objects) {
  for (const [name, object] of Object.entries(objects)) {
    for (const [way, copy] of Object.entries(copies)) {
      const thrown = await rejects(copy(object), DOMException, `${name} by ${way}`);
      equal(thrown.name, "DataCloneError", `${name} by ${way}`);
      if (navigator.userAgent.includes("Chrome"))
        ok(/clone or post the records/.test(thrown.message), `${name} by ${way}: ${thrown.message}`);
    }
    JSON.stringify(object); // and nothing else is in the way
    ok({ ...object }, name);
  }
}

function plain(value) {
  return JSON.parse(JSON.stringify(value));
}
