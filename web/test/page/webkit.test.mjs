// The page in WebKit, which Safari is made of: each room once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { missing, neo4j, startRelay } from "../environment.mjs";
import { launchWebKit, webkitMissing } from "../webkit.mjs";

const server = neo4j();
const label = "WebKitTest" + process.pid;
const without = server.skip ?? (webkitMissing() ? missing(webkitMissing()) : false);
const patience = 45_000;

describe("the page in WebKit", { skip: without }, () => {
  let relay;
  let webkit;
  const run = (script, ...values) => webkit.window.executeScript(script, ...values);
  const until = (script, ...values) => webkit.window.wait(() => run(script, ...values), patience, script);
  const reads = (selector, pattern) =>
    until(
      `return new RegExp(arguments[1]).test(document.querySelector(arguments[0])?.innerText ?? "")`,
      selector,
      pattern.source,
    );
  const state = (...wanted) => until(`return arguments[0].includes(document.body.dataset.state)`, wanted);

  async function click(selector) {
    await until(`return Boolean(document.querySelector(arguments[0])?.checkVisibility())`, selector);
    await run(`document.querySelector(arguments[0]).click()`, selector);
  }

  async function ask(query, outcome = "done") {
    await until(`return Boolean(document.getElementById("run")?.checkVisibility())`);
    await run(`webboltPage.write(arguments[0])`, query);
    await click("#run");
    await state(outcome);
  }

  before(async () => {
    relay = await startRelay(server.uri);
    webkit = await launchWebKit();
  });
  after(async () => {
    if (webkit) await ask(`MATCH (n:${label}) DETACH DELETE n`).catch(() => {});
    await webkit?.close();
    await relay?.close();
  });

  test("connects, draws and lists a graph", async () => {
    const { uri, user, password } = server;
    await webkit.window.get(`${relay.page}/#${new URLSearchParams({ uri, user, password })}`);
    await state("idle");
    await click("#link-accept");
    await ask(`CREATE (a:${label} {name: 'Ada'})-[:KNOWS]->(b:${label} {name: 'Grace'}) RETURN a, b`);
    await ask(`MATCH (a:${label})-[r]->(b) RETURN a, r, b`);
    assert.deepEqual(
      await run(`const { nodes, relationships, rows } = document.body.dataset; return [nodes, relationships, rows]`),
      ["2", "1", "1"],
    );
    await until(`return document.body.dataset.layout === "still" && Boolean(document.querySelector("#graph canvas"))`);
    await reads("#legend", /KNOWS/);
    await click("#tab-table");
    await reads("#table", /Grace/);
  });

  test("edits with colours", async () => {
    await until(
      `return [...document.getElementById("editor").shadowRoot.querySelectorAll(".cy-keyword")].some(({ textContent }) => textContent === "MATCH")`,
    );
  });

  test("a large table", async () => {
    await ask("UNWIND range(1, 100000) AS n RETURN n, 'row ' + n AS text");
    await until(`const table = document.getElementById("table");
      table.scrollTop = table.scrollHeight; // again and again, as the height follows the rows a frame later
      return /row 100000/.test(table.innerText)`);
  });

  test("a plan, messages and a failure", async () => {
    await ask(`PROFILE MATCH (n:${label}) RETURN n.name`);
    await click("#tab-plan");
    await reads("#plan", /ProduceResults[\s\S]*db hits/);
    await ask("RETURN broken", "failed");
    await reads("#messages", /SyntaxError/);
  });

  test("a transaction by hand", async () => {
    await click("#begin-button");
    await click("#begin [type=submit]");
    await reads("#transaction", /Write transaction/);
    await ask(`CREATE (n:${label}Gone)`);
    await click("#rollback");
    await reads(".transaction-end", /Rolled back/);
  });

  test("the server's views", async () => {
    await click("#room-admin");
    await reads("#admin-view", /Version[\s\S]*Databases/);
    await click("#admin-transactions");
    await reads("#admin-view", /SHOW TRANSACTIONS/);
    await click("#admin-schema");
    await reads("#admin-view", /Indexes/);
    await click("#room-query");
  });

  test("stops a query", async () => {
    await until(`return Boolean(document.getElementById("run"))`);
    await run(`webboltPage.write("UNWIND range(1, 1000000000) AS n WITH n WHERE n < 0 RETURN n")`);
    await click("#run");
    await click("#stop");
    await reads("#status", /^Stopped/);
  });
});
