// What programs for neo4j-driver set and look at, over webbolt: notification filters, tokens, times and sizes of pools,
// the log, summaries of the server's own metadata, and what they reach into.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import neo4j from "../../dist/neo4j-driver.js";
import { startScripted } from "../scripted.mjs";

const tags = { hello: 0x01, reset: 0x0f, run: 0x10, begin: 0x11, logon: 0x6a };
const closing = [];
after(async () => {
  for (const each of closing.reverse()) await each.close();
});

async function scripted({
  answer = () => ({ rows: [[1]] }),
  config,
  auth = neo4j.auth.basic("neo4j", "x"),
  ...server
}) {
  const started = await startScripted(answer, server);
  const driver = neo4j.driver(started.uri, auth, config);
  closing.push(started, driver);
  const told = tag => started.heard.filter(body => body[1] === tag).map(body => body.toString("latin1"));
  return { server: started, driver, told };
}

/** Runs a query in a session of its own. */
async function once(driver, options, query = "RETURN 1") {
  const session = driver.session(options);
  try {
    return await session.run(query);
  } finally {
    await session.close();
  }
}

describe("notification filters", { timeout: 60_000 }, () => {
  const filter = { minimumSeverityLevel: "WARNING", disabledCategories: ["HINT", "GENERIC"] };
  const words = /notifications_minimum_severity.*WARNING/s;

  test("the driver's is told as a connection begins", async () => {
    const { driver, told } = await scripted({ config: { notificationFilter: filter } });
    await once(driver);
    const [hello] = told(tags.hello);
    assert.match(hello, words);
    for (const word of ["notifications_disabled_", "HINT", "GENERIC"]) assert.ok(hello.includes(word), word);
    assert.doesNotMatch(told(tags.run)[0], /notifications_/);
  });

  test("a session's is told with its queries and transactions", async () => {
    const { driver, told } = await scripted({});
    await once(driver, { notificationFilter: filter });
    const session = driver.session({ notificationFilter: { disabledClassifications: ["HINT"] } });
    await session.executeRead(tx => tx.run("RETURN 1"));
    await session.close();
    assert.doesNotMatch(told(tags.hello)[0], /notifications_/);
    assert.match(told(tags.run)[0], words);
    assert.match(told(tags.begin)[0], /notifications_disabled_.*HINT/s);
  });
});

describe("tokens", { timeout: 60_000 }, () => {
  test("an auth manager is told of a token that has expired, and work goes on with the next", async () => {
    let tokens = 0;
    const expired = { neo4j_code: "Neo.ClientError.Security.TokenExpired", message: "expired" };
    const manager = neo4j.authTokenManagers.bearer({
      tokenProvider: async () => ({ token: neo4j.auth.bearer(`token-${++tokens}`) }),
    });
    let failures = 1;
    const answer = () => (failures-- > 0 ? { failure: expired } : { rows: [[1]] });
    const { server, driver } = await scripted({ auth: manager, answer });
    const session = driver.session();
    const { records } = await session.executeRead(tx => tx.run("RETURN 1"));
    await session.close();
    assert.equal(records.length, 1);
    assert.equal(tokens, 2);
    assert.deepEqual(
      server.logins.map(login => /token-\d/.exec(login)[0]),
      ["token-1", "token-2"],
    );
  });

  test("a failure of another kind does not ask for another token", async () => {
    let tokens = 0;
    const manager = neo4j.authTokenManagers.bearer({
      tokenProvider: async () => ({ token: neo4j.auth.bearer(`token-${++tokens}`) }),
    });
    const { driver } = await scripted({ auth: manager, answer: () => ({ failure: {} }) });
    await assert.rejects(once(driver), { code: "Neo.ClientError.Statement.SyntaxError" });
    await assert.rejects(once(driver), { code: "Neo.ClientError.Statement.SyntaxError" });
    assert.equal(tokens, 1);
  });

  test("a session's own user has connections of its own", async () => {
    const { server, driver } = await scripted({});
    await once(driver);
    await once(driver, { auth: neo4j.auth.basic("alice", "y") });
    await once(driver);
    await once(driver, { auth: neo4j.auth.basic("alice", "y") });
    assert.deepEqual(
      server.logins.map(login => /neo4j|alice/.exec(login)[0]),
      ["neo4j", "alice"],
    );
  });

  test("hasReachableServer is a handshake without a user", async () => {
    const { server } = await scripted({});
    assert.equal(await neo4j.hasReachableServer(server.uri), true);
    assert.deepEqual(server.heard, []);
    assert.deepEqual(server.logins, []);
    await assert.rejects(neo4j.hasReachableServer("bolt://127.0.0.1:1"), { code: "ServiceUnavailable" });
  });
});

describe("times and sizes", { timeout: 60_000 }, () => {
  for (const [what, connectionLivenessCheckTimeout, resets] of [
    ["never by default", undefined, 0],
    ["before each use for 0", 0, 1],
    ["after so long", 5, 1],
    ["not before", 60_000, 0],
  ]) {
    test(`connectionLivenessCheckTimeout: an idle connection is looked at ${what}`, async () => {
      const { driver, told } = await scripted({ config: { connectionLivenessCheckTimeout } });
      await once(driver);
      await sleep(50);
      const before = told(tags.reset).length;
      await once(driver);
      assert.equal(told(tags.reset).length - before, resets);
      assert.equal(told(tags.hello).length, 1);
    });
  }

  test("maxConnectionPoolSize and connectionAcquisitionTimeout", async () => {
    const { server, driver } = await scripted({
      config: { maxConnectionPoolSize: 1, connectionAcquisitionTimeout: 50 },
      answer: () => ({ rows: [[1]] }),
    });
    const session = driver.session();
    const transaction = await session.beginTransaction();
    await assert.rejects(once(driver), error => {
      assert.ok(error instanceof neo4j.Neo4jError);
      assert.match(error.message, /in use|acquire|pool/i);
      return true;
    });
    assert.equal(server.logins.length, 1);
    await transaction.rollback();
    await session.close();
    assert.equal((await once(driver)).records.length, 1);
  });

  test("maxConnectionLifetime: an old connection is not used again", async () => {
    for (const [maxConnectionLifetime, opened] of [
      [1, 2],
      [60_000, 1],
    ]) {
      const { driver, told } = await scripted({ config: { maxConnectionLifetime } });
      await once(driver);
      await sleep(50);
      await once(driver);
      assert.equal(told(tags.hello).length, opened);
    }
  });

  test("connectionTimeout: a server that does not answer", async () => {
    const sockets = new Set();
    const silent = createServer(socket => sockets.add(socket.on("error", () => {})));
    await new Promise(listening => silent.listen(0, "127.0.0.1", listening));
    const auth = neo4j.auth.basic("neo4j", "x");
    const driver = neo4j.driver(`bolt://127.0.0.1:${silent.address().port}`, auth, { connectionTimeout: 50 });
    try {
      await assert.rejects(once(driver), { code: "ServiceUnavailable" });
    } finally {
      await driver.close();
      for (const socket of sockets) socket.destroy();
      await new Promise(closed => silent.close(closed));
    }
  });
});

test("the driver's log tells what the engine does", { timeout: 60_000 }, async () => {
  const lines = [];
  const logging = { level: "debug", logger: (level, message) => lines.push(`${level} ${message}`) };
  const { server, driver } = await scripted({ config: { logging }, answer: () => ({ rows: [[1]], stays: true }) });
  const session = driver.session();
  const transaction = await session.beginTransaction();
  const result = transaction.run("RETURN 1");
  await new Promise(resolve => result.subscribe({ onNext: resolve, onError: resolve }));
  assert.ok(
    lines.some(line => /^debug webbolt, driver \d+: transaction \S+ of database '.*' begins$/.test(line)),
    lines.join("\n"),
  );
  await server.close();
  await assert.rejects(transaction.commit());
  await session.close();
  assert.ok(
    lines.some(line => /^error webbolt, driver \d+: a connection to 127\.0\.0\.1:\d+ broke: /.test(line)),
    lines.join("\n"),
  );
});

describe("summaries are made of the server's own metadata", { timeout: 60_000 }, () => {
  const plan = {
    operatorType: "ProduceResults@neo4j",
    args: { planner: "COST", GlobalMemory: 9007199254740993n },
    identifiers: ["n"],
    dbHits: 12,
    rows: 3,
    children: [{ operatorType: "AllNodesScan@neo4j", args: {}, identifiers: ["n"], dbHits: 1, rows: 3, children: [] }],
  };

  test("plans, counters and times, with Integers where the server sent integers", async () => {
    const summary = { plan, profile: plan, stats: { "nodes-created": 2, "contains-updates": true }, bookmark: "b:1" };
    const { driver } = await scripted({ answer: () => ({ rows: [[1]], summary }) });
    const told = (await once(driver)).summary;
    assert.equal(told.plan.operatorType, "ProduceResults@neo4j");
    assert.equal(String(told.plan.arguments["GlobalMemory"]), "9007199254740993");
    assert.ok(neo4j.isInt(told.plan.arguments["GlobalMemory"]));
    assert.deepEqual([told.profile.dbHits, told.profile.rows, told.profile.children.length], [12, 3, 1]);
    assert.equal(told.counters.updates().nodesCreated, 2);
    assert.equal(told.resultAvailableAfter.toInt(), 1);
    assert.equal(told.resultConsumedAfter.toInt(), 1);
    assert.deepEqual([told.queryType, told.database.name, told.server.agent], ["r", "neo4j", "Neo4j/5.26.0"]);
  });

  test("notifications of servers that send those", async () => {
    const position = { offset: 1, line: 2, column: 3 };
    const notification = {
      code: "Neo.ClientNotification.Statement.UnknownLabelWarning",
      title: "The provided label is not in the database.",
      description: "a label",
      severity: "WARNING",
      category: "UNRECOGNIZED",
      position,
    };
    const answer = () => ({ rows: [[1]], summary: { notifications: [notification] } });
    const { driver } = await scripted({ bolt: "5.4", answer });
    const { notifications, gqlStatusObjects } = (await once(driver)).summary;
    const [{ code, title, description, severityLevel, category }] = notifications;
    assert.deepEqual(
      { code, title, description, severity: severityLevel, category, position: notifications[0].position },
      notification,
    );
    assert.ok(gqlStatusObjects.some(({ gqlStatus }) => gqlStatus === "01N42"));
  });

  test("GQL statuses of servers that send those", async () => {
    const statuses = [
      { gql_status: "00000", status_description: "note: successful completion" },
      {
        gql_status: "01N50",
        status_description: "warn: label does not exist. The label `N` does not exist.",
        neo4j_code: "Neo.ClientNotification.Statement.UnknownLabelWarning",
        title: "a title",
        description: "a label",
        diagnostic_record: {
          _severity: "WARNING",
          _classification: "UNRECOGNIZED",
          _position: { offset: 1, line: 2, column: 3 },
        },
      },
    ];
    const { driver } = await scripted({ answer: () => ({ rows: [[1]], summary: { statuses } }) });
    const { notifications, gqlStatusObjects } = (await once(driver)).summary;
    assert.deepEqual(
      gqlStatusObjects.map(({ gqlStatus, statusDescription }) => [gqlStatus, statusDescription]),
      statuses.map(({ gql_status: status, status_description: description }) => [status, description]),
    );
    assert.deepEqual(gqlStatusObjects[1].position, { offset: 1, line: 2, column: 3 });
    assert.equal(gqlStatusObjects[1].classification, "UNRECOGNIZED");
    assert.equal(gqlStatusObjects[1].diagnosticRecord.OPERATION_CODE, "0");
    assert.deepEqual(
      notifications.map(({ title, description }) => [title, description]),
      [["a title", "a label"]],
    );
  });
});

test("what programs reach into is there", { timeout: 60_000 }, async () => {
  const { server, driver } = await scripted({ answer: () => ({ fields: ["a", "b"], rows: [[1, "x"]] }) });
  const { records } = await once(driver);
  assert.deepEqual(records[0]._fields.map(String), ["1", "x"]);
  assert.deepEqual({ ...records[0]._fieldLookup }, { a: 0, b: 1 });
  const session = driver.session();
  const transaction = await session.beginTransaction();
  const address = server.uri.replace("bolt://", "");
  assert.equal(driver._connectionProvider._openConnections[address], 1);
  await transaction.commit();
  await session.close();
  assert.equal(driver._connectionProvider._openConnections[address], 0);
});
