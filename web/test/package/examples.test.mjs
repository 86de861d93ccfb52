// The examples, built and run as their users do; and that they stay small.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, web } from "../environment.mjs";
import { startScripted } from "../scripted.mjs";
import { connectExample, examples, prepareExamples } from "../examples.mjs";
import { Connection } from "../../dist/index.js";

const server = neo4j();
const label = "ExampleTest" + process.pid;
const without = server.skip ?? (programOf("chrome") ? false : missing("chrome is not installed"));
const patience = { timeout: 45_000 };

test("each example has less than 80 lines in each of its programs", () => {
  for (const name of examples) {
    const lines = readdirSync(`${web}examples/${name}`)
      .filter(file => /\.(m?jsx?|html)$/.test(file))
      .map(file => readFileSync(`${web}examples/${name}/${file}`, "utf8").split("\n").length);
    const programs = lines.reduce((sum, n) => sum + n, 0);
    assert.ok(programs > 0 && Math.max(...lines) < 80, `${name}: ${lines}`);
  }
});

describe("the examples", { skip: without }, () => {
  let prepared;
  let browser;
  let files;
  const asked = async cypher => {
    const cx = await Connection.open(server.uri, {
      auth: { scheme: "basic", principal: server.user, credentials: server.password },
    });
    await (await cx.runProg("", cypher)).consume();
    await cx.close();
  };

  before(async () => {
    prepared = prepareExamples();
    browser = await launch("chrome");
    await asked(
      `UNWIND range(1, 5) AS i CREATE (:${label} {name: 'node ' + i})-[:NEXT]->(:${label} {name: 'next ' + i})`,
    );
  });
  after(async () => {
    await asked(`MATCH (n:${label}) DETACH DELETE n`).catch(() => {});
    await browser?.close();
    await files?.close();
    prepared?.close();
  });

  /** Opens an example and connects; what it tells once it is connected. */
  async function opened(name, told, { to = server, mode } = {}) {
    await files?.close();
    files = await prepared.serve(name, mode);
    const page = await browser.newPage();
    const faults = [];
    page.on("pageerror", error => faults.push(String(error)));
    await page.goto(files.origin + "/");
    await connectExample(page, to);
    await page.waitForFunction(
      source => new RegExp(source).test(document.getElementById("told")?.textContent),
      patience,
      told.source,
    );
    assert.deepEqual(faults, []);
    return page;
  }

  test("sigma draws a graph while it grows", { timeout: 120_000 }, async () => {
    const page = await opened("sigma", /[1-9]\d* nodes, [1-9]\d* relationships/);
    assert.ok(await page.$("#graph canvas"));
  });

  test("cytoscape draws a graph", { timeout: 120_000 }, async () => {
    const page = await opened("cytoscape", /[1-9]\d* nodes, [1-9]\d* relationships/);
    assert.ok(await page.$("#graph canvas"));
  });

  test("React's hooks leave one connection open under StrictMode, which mounts twice", {
    timeout: 120_000,
  }, async t => {
    const scripted = await startScripted(() => ({ fields: ["label", "nodes"], rows: [["Person", 3]] }));
    t.after(() => scripted.close());
    const page = await opened("react", /1 labels/, { to: { ...server, uri: scripted.uri }, mode: "development" });
    for (let left = 50; scripted.open() !== 1; left--) {
      assert.ok(left > 0, `${scripted.open()} connections are open`);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    await page.close();
  });

  test("React asks anew for other parameters", { timeout: 120_000 }, async () => {
    const page = await opened("react", /[1-9]\d* labels/);
    assert.match(await page.$eval("table", table => table.innerText), new RegExp(`${label}\\s+10`));
    await page.type("#least", "000000");
    await page.waitForFunction(() => document.getElementById("told").textContent === "0 labels", patience);
  });

  test("a plain page embeds <webbolt-graph>", { timeout: 120_000 }, async () => {
    const page = await opened("plain", /[1-9]\d* nodes, [1-9]\d* relationships/);
    await page.evaluate(
      () =>
        new Promise(resolve => {
          const view = document.querySelector("webbolt-graph");
          view.addEventListener("webbolt-settled", resolve, { once: true });
          setTimeout(resolve, 20_000);
        }),
    );
    const { x, y } = await page.evaluate(() => document.querySelector("webbolt-graph").placeOf(0));
    await page.mouse.click(x, y);
    await page.waitForFunction(() => document.getElementById("told").textContent.includes("{"), patience);
    await page.evaluate(() => document.querySelector("webbolt-graph").setAttribute("query", "RETURN broken"));
    await page.waitForFunction(() => document.getElementById("told").textContent.includes("broken"), patience);
    await page.evaluate(() => document.querySelector("webbolt-graph").remove());
  });
});
