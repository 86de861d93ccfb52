// Applications written for neo4j-driver, unmodified: bundled with webbolt's connections beneath the driver they draw
// and answer what they do with its own.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { launch } from "../browsers.mjs";
import { neo4j, serve, startRelay, web } from "../environment.mjs";
import { html, write } from "../package/app.mjs";

const modules = fileURLToPath(new URL("./node_modules/", import.meta.url));
const server = neo4j();

/** Where the newest driver is; the one beside the applications is of version 5, which some of them need. */
const newest = join(web, "node_modules/");

/** What the applications look at; each run has a label of its own. */
const sample = `
CREATE (a:DropInApp:Person {name: "Ada", born: 1815}), (b:DropInApp:Person {name: "Charles", born: 1791}), (c:DropInApp:Machine {name: "Engine"}),
  (a)-[:KNOWS {since: 1833}]->(b), (b)-[:BUILT]->(c), (a)-[:PROGRAMMED]->(c)`;

/**
 * Bundles a program with the driver's own connections or webbolt's beneath the one version of the driver that all of it
 * uses.
 */
async function bundle(over, contents, outfile, platform = "browser", drivers = newest) {
  const driver = {
    name: "driver",
    setup(builder) {
      // Applications of neo4j-driver 4 get the present one, which is what an alias in their bundler's configuration
      // gives them.
      builder.onResolve({ filter: /^neo4j-driver-core($|\/)/ }, ({ path }) => ({
        path: createRequire(join(drivers, "x.js")).resolve(path.replace(/\/types.*/, "")),
      }));
      builder.onResolve({ filter: /^neo4j-driver($|\/)/ }, () => ({
        path: join(drivers, "neo4j-driver/lib/index.js"),
      }));
      builder.onResolve({ filter: /^neo4j-driver-bolt-connection$/ }, () => ({
        path:
          over === "webbolt"
            ? join(web, "dist/driver/index.js")
            : join(drivers, "neo4j-driver-bolt-connection/lib/index.js"),
      }));
    },
  };
  await build({
    stdin: { contents, resolveDir: modules, loader: "jsx" },
    bundle: true,
    outfile,
    platform,
    format: "esm",
    logLevel: "error",
    plugins: [driver],
    loader: { ".css": "empty", ".svg": "dataurl", ".js": "jsx" },
    mainFields: platform === "browser" ? ["browser", "module", "main"] : ["main"],
    ...(platform === "browser"
      ? { define: { global: "globalThis", "process.env.NODE_ENV": '"production"' } }
      : {
          banner: {
            js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
          },
          external: ["@neo4j/graphql", "graphql"],
        }),
  });
}

/**
 * Programs that give what they show, as a promise of something that JSON can hold. neo4j is the driver, config what it
 * is opened with.
 */
const apps = {
  "neovis.js": `
import NeoVis from "neovis.js";
export async function use({ url, user, password, config }) {
  const element = document.body.appendChild(Object.assign(document.createElement("div"), { id: "viz", style: "width: 600px; height: 400px" }));
  const vis = new NeoVis({
    containerId: element.id, neo4j: { serverUrl: url, serverUser: user, serverPassword: password, driverConfig: config },
    labels: { Person: { label: "name" }, Machine: { label: "name" } }, relationships: { KNOWS: {}, BUILT: {}, PROGRAMMED: {} },
    initialCypher: "MATCH (n:DropInApp)-[r]->(m:DropInApp) RETURN n, r, m",
  });
  await new Promise((resolve, reject) => {
    vis.registerOnEvent("completed", resolve);
    vis.registerOnEvent("error", ({ error }) => reject(error));
    vis.render();
  });
  return { nodes: vis.nodes.get().map(({ label }) => label).sort(), edges: vis.edges.length, drawn: element.querySelector("canvas").width > 0 };
}`,
  "graphology-neo4j": `
import neo4j from "neo4j-driver";
import { cypherToGraph } from "graphology-neo4j";
export async function use({ url, user, password, config }) {
  const driver = neo4j.driver(url, neo4j.auth.basic(user, password), config);
  const graph = await cypherToGraph({ driver }, "MATCH (n:DropInApp)-[r]->(m:DropInApp) RETURN n, r, m");
  await driver.close();
  return { nodes: graph.mapNodes((node, { name }) => name).sort(), types: graph.mapEdges((edge, attributes) => JSON.stringify(attributes["@type"] ?? attributes.type ?? null)).sort() };
}`,
  popoto: `
import neo4j from "neo4j-driver";
import * as popoto from "popoto";
export async function use({ url, user, password, config }) {
  document.body.append(Object.assign(document.createElement("div"), { id: "popoto-graph" }), Object.assign(document.createElement("div"), { id: "popoto-results" }));
  popoto.runner.DRIVER = neo4j.driver(url, neo4j.auth.basic(user, password), config);
  popoto.provider.node.Provider = { Person: { returnAttributes: ["name", "born"], constraintAttribute: "name" } };
  const shown = new Promise((resolve) => popoto.result.onResultReceived((results) => resolve(results)));
  popoto.start("Person");
  const results = await Promise.race([shown, new Promise((_, reject) => setTimeout(() => reject(new Error("popoto shows nothing")), 20_000))]);
  await popoto.runner.DRIVER.close();
  return { results: results.length, drawn: document.querySelectorAll("#popoto-graph svg .ppt-node, #popoto-graph svg g").length > 0 };
}`,
  "use-neo4j": `
import React from "react";
import { createRoot } from "react-dom/client";
import neo4j from "neo4j-driver";
import { Neo4jProvider, useReadCypher } from "use-neo4j";
function People({ tell }) {
  const { loading, records, error } = useReadCypher("MATCH (p:DropInApp:Person) RETURN p.name AS name ORDER BY name");
  React.useEffect(() => { if (error) tell({ error: error.message }); else if (!loading && records) tell({ names: records.map((record) => record.get("name")) }); }, [loading, records, error]);
  return null;
}
export function use({ url, user, password, config }) {
  const driver = neo4j.driver(url, neo4j.auth.basic(user, password), config);
  return new Promise((resolve) => createRoot(document.body.appendChild(document.createElement("div"))).render(<Neo4jProvider driver={driver}><People tell={resolve} /></Neo4jProvider>));
}`,
};

describe("applications", { skip: server.skip ?? false, timeout: 600_000 }, () => {
  let folder;
  let relay;
  let chrome;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "webbolt-apps-"));
    chrome = await launch("chrome");
    await inNode(
      "official",
      `await session.run("MATCH (n:DropInApp) DETACH DELETE n"); await session.run(${JSON.stringify(sample)}); return null;`,
    );
  });
  after(async () => {
    if (folder) await inNode("official", `await session.run("MATCH (n:DropInApp) DETACH DELETE n"); return null;`);
    await chrome?.close();
    await relay?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Runs work on the driver in this process. */
  async function inNode(over, work, head = "") {
    const file = join(folder, `node-${over}-${Math.random().toString(36).slice(2)}.mjs`);
    for (const name of ["webbolt.wasm", "worker.js"]) cpSync(join(web, "dist", name), join(folder, name));
    await bundle(
      over,
      `import neo4j from "neo4j-driver"; ${head}
export async function use({ url, user, password, modules }) { const driver = neo4j.driver(url, neo4j.auth.basic(user, password)); const session = driver.session(); try { ${work} } finally { await session.close(); await driver.close(); } }`,
      file,
      "node",
    );
    const { use } = await import(pathToFileURL(file).href);
    return use({ url: server.uri, user: server.user, password: server.password, modules });
  }

  async function inChrome(over, name) {
    const app = join(folder, `${over}-${name}`);
    await bundle(
      over,
      `${apps[name]}
globalThis.use = (given) => use(given).then((value) => ({ value }), (error) => ({ error: String(error?.stack ?? error) }));`,
      join(app, "main.js"),
      "browser",
      name === "popoto" ? modules : newest,
    );
    for (const part of ["webbolt.wasm", "worker.js"]) cpSync(join(web, "dist", part), join(app, part));
    write(app, { "index.html": html("/main.js") });
    const files = await serve({ "/": app + "/" });
    const page = await chrome.newPage();
    try {
      if (over === "webbolt" && !relay) relay = await startRelay(server.uri, "-origin", "*");
      await page.goto(files.origin + "/");
      await page.waitForFunction(() => globalThis.use);
      const config = over === "webbolt" ? { relay: relay.url } : {};
      const { value, error } = await page.evaluate(given => globalThis.use(given), {
        url: server.uri,
        user: server.user,
        password: server.password,
        config,
      });
      if (error) throw new Error(error);
      return value;
    } finally {
      await page.close();
      await files.close();
    }
  }

  for (const name of Object.keys(apps)) {
    test(`${name}, in Chromium`, { timeout: 120_000 }, async () => {
      const official = await inChrome("official", name);
      assert.match(JSON.stringify(official), /Ada|"results":[1-9]/, "it shows something");
      assert.deepEqual(await inChrome("webbolt", name), official);
    });
  }

  test("@neo4j/graphql, in Node.js", { timeout: 120_000 }, async () => {
    const work = `
const require = createRequire(modules + "x.js");
const { Neo4jGraphQL } = require("@neo4j/graphql");
const { graphql } = require("graphql");
const typeDefs = "type Person @node(labels: [\\"DropInApp\\", \\"Person\\"]) { name: String! born: Int knows: [Person!]! @relationship(type: \\"KNOWS\\", direction: OUT) }";
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const { data, errors } = await graphql({ schema, source: "{ people(sort: [{ name: ASC }]) { name born knows { name } } }", contextValue: { sessionConfig: { database: "neo4j" } } });
if (errors) throw errors[0];
return JSON.parse(JSON.stringify(data));`;
    const official = await inNode("official", work);
    assert.equal(official.people.length, 2);
    assert.deepEqual(await inNode("webbolt", work), official);
  });
});
