// The versions of neo4j-driver and neo4j-driver-lite that webbolt goes under, the oldest among them: a program gives
// over webbolt what it gives over the driver's own connections.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { neo4j, web } from "../environment.mjs";

const here = fileURLToPath(new URL("./node_modules/", import.meta.url));
const server = neo4j();

/** Where each version is installed. */
const drivers = {
  "neo4j-driver 5.14.0": join(here, "neo4j-driver-oldest"),
  "neo4j-driver 5.28.3": join(here, "neo4j-driver"),
  "neo4j-driver 6.0.1": join(here, "neo4j-driver-6.0"),
  "neo4j-driver 6.3.0": join(web, "node_modules/neo4j-driver"),
  "neo4j-driver-lite 5.18.0": join(here, "neo4j-driver-lite-5"),
  "neo4j-driver-lite 6.2.0": join(here, "neo4j-driver-lite"),
};

/** Bundles a program with one version of the driver, over its own connections or webbolt's. */
async function bundle(driver, over, outfile) {
  const { resolve } = createRequire(join(driver, "package.json"));
  const parts = {
    driver,
    "neo4j-driver-core": resolve("neo4j-driver-core"),
    "neo4j-driver-bolt-connection":
      over === "webbolt" ? join(web, "dist/driver/index.js") : resolve("neo4j-driver-bolt-connection"),
  };
  const plugin = {
    name: "driver",
    setup: builder =>
      builder.onResolve({ filter: /^(driver|neo4j-driver-core|neo4j-driver-bolt-connection)$/ }, ({ path }) => ({
        path: path === "driver" ? resolve(driver) : parts[path],
      })),
  };
  await build({
    stdin: { contents: program, resolveDir: here },
    bundle: true,
    outfile,
    platform: "node",
    format: "esm",
    mainFields: ["main"],
    logLevel: "error",
    plugins: [plugin],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}

const program = `
import neo4j from "driver";
export async function use({ uri, user, password }) {
  const told = {};
  const auth = neo4j.auth.basic(user, password);
  const stranger = neo4j.auth.basic("nobody", "wrong"); // a wrong password of a user's would lock that one out
  const driver = neo4j.driver(uri, auth);
  // The driver's own connections take a stranger for the user of a connection that is in the pool already.
  const alone = async (work, at = uri) => {
    const own = neo4j.driver(at, auth);
    try {
      return await work(own);
    } finally {
      await own.close();
    }
  };
  const heard = async (session, query) => {
    const seen = [];
    await new Promise((resolve, reject) => session.run(query).subscribe({
      onKeys: (keys) => seen.push(keys),
      onNext: (record) => seen.push(String(record.get(0))),
      onCompleted: () => resolve(seen.push("end")),
      onError: reject,
    }));
    return seen;
  };
  const values = "RETURN 1 AS small, 9007199254740993 AS large, 1.5 AS float, true AS truth, null AS nothing, " +
    "'text' AS text, [1, 'a'] AS list, {a: {b: 2}} AS map, date('2024-02-29') AS date, " +
    "time('10:00:00.5+01:00') AS time, localtime('10:00') AS localtime, localdatetime('2024-06-15T12:00') AS local, " +
    "datetime('2024-06-15T12:00:00+02:00') AS offset, datetime('2024-06-15T12:00:00[Europe/Berlin]') AS zone, " +
    "duration('P1M2DT3.5S') AS duration, point({x: 1, y: 2, z: 3}) AS point";
  const plain = (_, value) => (typeof value === "bigint" ? value + "n" : value);
  const kind = (value) => value?.constructor?.name.replace(/\\d+$/, ""); // the bundler makes names differ by digits
  const shown = (record) => record.keys.map((key) => {
    const value = record.get(key);
    return [key, kind(value) ?? null, String(value), JSON.stringify(value, plain)];
  });
  try {
    told.reachable = await neo4j.hasReachableServer?.(uri);
    // The number itself is of what webbolt knows, and may be a later one.
    told.bolt = /^5(\\.\\d+)?$/.test(String(await driver.getNegotiatedProtocolVersion()));
    told.server = (({ address, agent }) => ({ address, agent }))(await driver.getServerInfo());
    told.supports = [await driver.supportsMultiDb(), await driver.supportsTransactionConfig()];
    told.supports.push(await driver.supportsUserImpersonation(), await driver.supportsSessionAuth());
    told.authentic = [await driver.verifyAuthentication()];
    told.authentic.push(await alone((other) => other.verifyAuthentication({ auth: stranger })));
    for (const integers of ["Integer", "disableLosslessIntegers", "useBigInt"]) {
      const own = neo4j.driver(uri, auth, { [integers]: true });
      const { records } = await own.executeQuery(values);
      told[integers] = shown(records[0]);
      await own.close();
    }
    const session = driver.session({ fetchSize: 2 });
    const { records, summary } = await session.executeWrite((tx) => tx.run(
      "CREATE (a:DropInVersion {x: 1})-[r:KNOWS {since: 2}]->(b:DropInVersion) WITH * MATCH p = (a)-->(b) " +
      "RETURN a, r, p, labels(b) AS l"));
    const [record] = records;
    const { a, r, p } = record.toObject();
    told.graph = [neo4j.isNode(a), neo4j.isRelationship(r), neo4j.isPath(p), a.labels, r.type, p.segments.length];
    told.record = [record.keys, record._fields.length, record._fieldLookup];
    told.counters = summary.counters.updates();
    told.query = [summary.query.text, summary.queryType, summary.database.name];
    const given = { n: 1, i: neo4j.int(1), d: new neo4j.types.Date(2024, 2, 29), l: [1, null] };
    const returned = await session.run("RETURN $n AS n, $i AS i, $d AS d, $l AS l", given);
    told.parameters = shown(returned.records[0]);
    await session.run("MATCH (n:DropInVersion) DETACH DELETE n");
    told.subscribed = await heard(session, "UNWIND range(1, 5) AS n RETURN n");
    told.iterated = [];
    for await (const each of session.run("UNWIND range(1, 5) AS n RETURN n"))
      told.iterated.push(each.get("n").toNumber());
    const failed = await session.run("RETURN 1 / 0").catch((error) => error);
    told.failed = [failed instanceof neo4j.Neo4jError, failed.code, failed.message];
    const explained = (await session.run("EXPLAIN MATCH (n:DropInNowhere) RETURN n")).summary;
    told.plan = [explained.plan.operatorType, explained.hasPlan()];
    told.notifications = explained.notifications;
    told.statuses = explained.gqlStatusObjects;
    const profiled = (await session.run("PROFILE UNWIND range(1, 3) AS n RETURN n")).summary.profile;
    told.profile = [profiled.operatorType, profiled.dbHits, profiled.rows, profiled.arguments["planner"]];
    const transaction = session.beginTransaction();
    told.inside = (await (await transaction).run("RETURN 1 AS n")).records[0].get("n").toInt();
    await (await transaction).rollback();
    told.bookmarks = [session.lastBookmarks().length];
    await session.close();
    const notificationFilter = { disabledCategories: ["UNRECOGNIZED"], minimumSeverityLevel: "INFORMATION" };
    const silent = driver.session({ notificationFilter });
    told.silent = (await silent.run("EXPLAIN MATCH (n:DropInNowhere) RETURN n")).summary.notifications.length;
    await silent.close();
    const code = (error) => error.code;
    told.stranger = await alone((other) => other.session({ auth: stranger }).run("RETURN 1").catch(code));
    told.unreachable = await alone((lost) => lost.verifyConnectivity().catch(code), "bolt://127.0.0.1:1");
  } finally {
    await driver.close();
  }
  return told;
}
`;

describe("versions of the driver", { skip: server.skip ?? false, timeout: 300_000 }, () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "webbolt-versions-"));
    for (const part of ["webbolt.wasm", "worker.js"]) cpSync(join(web, "dist", part), join(folder, part));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  async function told(name, driver, over) {
    const outfile = join(folder, `${name.replaceAll(" ", "-")}-${over}.mjs`);
    await bundle(driver, over, outfile);
    const { use } = await import(pathToFileURL(outfile).href);
    const given = { uri: server.uri, user: server.user, password: server.password };
    return JSON.parse(JSON.stringify(await use(given)));
  }

  for (const [name, driver] of Object.entries(drivers)) {
    test(name, { timeout: 120_000 }, async () => {
      const { version } = JSON.parse(readFileSync(join(driver, "package.json"), "utf8"));
      assert.equal(name, `${name.split(" ")[0]} ${version}`);
      const official = await told(name, driver, "official");
      assert.deepEqual(official.iterated, [1, 2, 3, 4, 5]);
      assert.deepEqual(await told(name, driver, "webbolt"), official);
    });
  }
});
