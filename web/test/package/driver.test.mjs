// Programs for neo4j-driver over the packed package: with one import changed, and with a bundler's alias for the
// driver's own connections.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as esbuild from "esbuild";
import { build as viteBuild } from "vite";
import { launch, programOf } from "../browsers.mjs";
import { missing, serve, web } from "../environment.mjs";
import { html, install, outcome, server, strict, write } from "./app.mjs";

/** A program as it is written for neo4j-driver. */
const program = from => `
import neo4j, { int, isInt, Node, Neo4jError } from ${JSON.stringify(from)};
export async function use() {
  const driver = neo4j.driver(${JSON.stringify(server.uri)}, neo4j.auth.basic(${JSON.stringify(server.user)}, ${JSON.stringify(server.password)}));
  const session = driver.session();
  const { records, summary } = await session.executeRead((tx) => tx.run("UNWIND range(1, $n) AS n RETURN n, date('2024-02-29') AS day, 7 / $f AS f", { n: int(7), f: 2 }));
  const [first] = records;
  const told = [records.length, isInt(first.get("n")), first.get("day") instanceof neo4j.types.Date, String(first.get("day")), first.get("f"), summary.server.agent.startsWith("Neo4j/")];
  const { node } = (await session.run("CREATE (a:DropInPackage {x: 1}) RETURN a AS node")).records[0].toObject();
  await session.run("MATCH (a:DropInPackage) DELETE a");
  const code = await session.run("RETURN 1 / 0").catch((error) => error instanceof Neo4jError && error.code);
  const seen = [];
  await new Promise((resolve, reject) => session.run("UNWIND range(1, 3) AS n RETURN n").subscribe({ onNext: (record) => seen.push(record.get(0).toInt()), onCompleted: resolve, onError: reject }));
  const nowhere = driver.session({ database: "nope" });
  const lost = await nowhere.beginTransaction().run("CREATE (:DropInLost)").catch((error) => error.code);
  await nowhere.close();
  const left = (await session.run("MATCH (n:DropInLost) RETURN count(n) AS n")).records[0].get("n").toInt();
  await session.close();
  await driver.close();
  return JSON.stringify([...told, node instanceof Node, node.labels, code, seen, lost, left, await neo4j.hasReachableServer(${JSON.stringify(server.uri)})]);
}
`;
const answer = JSON.stringify([
  7,
  true,
  true,
  "2024-02-29",
  3.5,
  true,
  true,
  ["DropInPackage"],
  "Neo.ClientError.Statement.ArithmeticError",
  [1, 2, 3],
  "Neo.ClientError.Database.DatabaseNotFound",
  0,
  true,
]);
const inPage = `\nuse().catch((error) => error.name + ": " + error.message).then((answer) => (document.documentElement.dataset.outcome = answer));\n`;

describe("beneath neo4j-driver", { skip: server.skip ?? false, timeout: 300_000 }, () => {
  let app;
  const running = {};
  before(async () => {
    app = install();
    for (const name of ["neo4j-driver", "neo4j-driver-core", "neo4j-driver-bolt-connection", "rxjs", "tslib"])
      symlinkSync(join(web, "node_modules", name), join(app.folder, "node_modules", name));
    for (const browser of ["chrome", "firefox"]) if (programOf(browser)) running[browser] = await launch(browser);
  });
  after(async () => {
    for (const browser of Object.values(running)) await browser.close();
    app?.remove();
  });

  test("the program gives the same over the driver's own connections", () => {
    assert.equal(runInNode("neo4j-driver"), answer);
  });

  test("in Node.js, with one import changed", () => {
    assert.equal(runInNode("webbolt/neo4j-driver"), answer);
  });

  function runInNode(from) {
    write(app.folder, { "program.mjs": `${program(from)}\nconsole.log(await use());\n` });
    return execFileSync(process.execPath, ["--preserve-symlinks", "program.mjs"], {
      cwd: app.folder,
      encoding: "utf8",
      timeout: 60_000,
    }).trim();
  }

  async function inBrowsers(folder) {
    const files = await serve({ "/": folder + "/" }, () => ({ "content-security-policy": strict }));
    try {
      for (const browser of ["chrome", "firefox"]) {
        if (running[browser]) assert.equal(await outcome(running[browser], files.origin + "/"), answer, browser);
        else missing(`${browser} is not installed`);
      }
    } finally {
      await files.close();
    }
  }

  test("in Vite, with an alias for the driver's connections", async () => {
    const folder = write(join(app.folder, "vite"), {
      "index.html": html("/main.js"),
      "main.js": program("neo4j-driver") + inPage,
    });
    await viteBuild({
      root: folder,
      logLevel: "error",
      define: { global: "globalThis" },
      resolve: { preserveSymlinks: true, alias: { "neo4j-driver-bolt-connection": "webbolt/bolt-connection" } },
    });
    await inBrowsers(join(folder, "dist"));
  });

  test("in esbuild, with one import changed", async () => {
    const folder = write(join(app.folder, "esbuild"), {
      "dist/index.html": html("/main.js"),
      "main.js": program("webbolt/neo4j-driver") + inPage,
    });
    await esbuild.build({
      entryPoints: [join(folder, "main.js")],
      bundle: true,
      format: "esm",
      outfile: join(folder, "dist/main.js"),
      preserveSymlinks: true,
      logLevel: "error",
    });
    for (const name of ["webbolt.wasm", "worker.js"])
      cpSync(join(app.installed, "dist", name), join(folder, "dist", name));
    await inBrowsers(join(folder, "dist"));
  });
});
