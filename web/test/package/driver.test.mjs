// Programs for neo4j-driver over the packed package: with one import changed, and with a bundler's alias for the
// driver's own connections.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as esbuild from "esbuild";
import { build as viteBuild, createServer as viteServer } from "vite";
import webpack from "webpack";
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

  const alias = { "neo4j-driver-bolt-connection": "webbolt/bolt-connection" };

  /** A folder with the program, as it is, and where a page needs it, its page. */
  const unchanged = (name, page = "index.html") =>
    write(join(app.folder, name), { [page]: html("/main.js"), "main.js": program("neo4j-driver") + inPage });

  /** For bundlers that do not take them along. */
  const copyParts = folder => {
    for (const name of ["webbolt.wasm", "worker.js"])
      cpSync(join(app.installed, "dist", name), join(folder, "dist", name));
  };

  const withEsbuild = async (folder, options = {}) => {
    await esbuild.build({
      entryPoints: [join(folder, "main.js")],
      bundle: true,
      format: "esm",
      outfile: join(folder, "dist/main.js"),
      preserveSymlinks: true,
      logLevel: "error",
      ...options,
    });
    copyParts(folder);
    await inBrowsers(join(folder, "dist"));
  };

  test("in Vite, with an alias for the driver's connections", async () => {
    const folder = unchanged("vite");
    await viteBuild({
      root: folder,
      logLevel: "error",
      define: { global: "globalThis" },
      resolve: { preserveSymlinks: true, alias },
    });
    await inBrowsers(join(folder, "dist"));
  });

  test("in Vite's development server, with the alias", async () => {
    const folder = unchanged("vite-serve");
    const vite = await viteServer({
      root: folder,
      logLevel: "error",
      cacheDir: join(folder, ".vite"),
      server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
      define: { global: "globalThis" },
      resolve: { preserveSymlinks: true, alias },
      optimizeDeps: { exclude: ["webbolt"], include: ["neo4j-driver-core", "rxjs"] },
    });
    try {
      await vite.listen();
      const url = `http://127.0.0.1:${vite.httpServer.address().port}/`;
      for (const [name, browser] of Object.entries(running)) assert.equal(await outcome(browser, url), answer, name);
    } finally {
      await vite.close();
    }
  });

  test("in webpack, with the alias", async () => {
    const folder = unchanged("webpack", "dist/index.html");
    const { promise, resolve, reject } = Promise.withResolvers();
    const options = { mode: "production", target: "web", resolve: { symlinks: false, alias } };
    webpack(
      { context: folder, entry: "./main.js", output: { path: join(folder, "dist"), filename: "main.js" }, ...options },
      (error, stats) => {
        if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString("errors-only")));
        else resolve();
      },
    );
    await promise;
    await inBrowsers(join(folder, "dist"));
  });

  test("in esbuild, with the alias", async () => {
    const folder = unchanged("esbuild-alias", "dist/index.html");
    await withEsbuild(folder, {
      absWorkingDir: folder, // from where esbuild resolves aliases
      alias,
      define: { global: "globalThis" },
    });
  });

  test("in Node.js, with a package of two lines and npm's overrides", () => {
    const folder = write(join(app.folder, "overrides"), {
      "neo4j-driver-bolt-connection/package.json": JSON.stringify({
        name: "neo4j-driver-bolt-connection",
        version: "6.3.0",
        main: "index.cjs",
      }),
      "neo4j-driver-bolt-connection/index.cjs": 'module.exports = require("webbolt/bolt-connection");\n',
      "program.mjs": `${program("neo4j-driver")}\nconsole.log(await use());\n`,
    });
    const packed = ["neo4j-driver", "neo4j-driver-core", "rxjs", "tslib"].map(name => join(web, "node_modules", name));
    for (const from of packed)
      execFileSync("npm", ["pack", "--silent", "--ignore-scripts", from], { cwd: folder, stdio: "ignore" });
    const files = readdirSync(folder).filter(name => name.endsWith(".tgz"));
    const dependencies = Object.fromEntries(
      files.map(name => [name.replace(/-\d+\.\d+\.\d+\.tgz$/, ""), `file:${name}`]),
    );
    dependencies["webbolt"] = "file:" + join(app.folder, app.packed);
    const overrides = { "neo4j-driver-bolt-connection": "file:./neo4j-driver-bolt-connection" };
    write(folder, {
      "package.json": JSON.stringify({ name: "app", private: true, type: "module", dependencies, overrides }),
    });
    execFileSync("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: "ignore",
    });
    const told = execFileSync(process.execPath, ["program.mjs"], { cwd: folder, encoding: "utf8", timeout: 60_000 });
    assert.equal(told.trim(), answer); // the driver's own connections are not installed there
  });

  test("in esbuild, with one import changed", async () => {
    const folder = write(join(app.folder, "esbuild"), {
      "dist/index.html": html("/main.js"),
      "main.js": program("webbolt/neo4j-driver") + inPage,
    });
    await withEsbuild(folder);
  });
});
