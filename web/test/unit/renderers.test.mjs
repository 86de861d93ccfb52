// Tests the presets of renderers that need a browser, each with the real library.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { launch, programOf } from "../browsers.mjs";
import { missing } from "../environment.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/rowblock.json", import.meta.url), "utf8"));
const steps = ["relationships", "nodes", "paths"].map(name => vectors.find(vector => vector.name === name).blocks);

describe("renderers", { skip: programOf("chrome") ? false : missing("chrome is not installed") }, () => {
  let browser, page;

  before(async () => {
    const bundle = await build({
      entryPoints: [fileURLToPath(new URL("renderers.ts", import.meta.url))],
      bundle: true,
      format: "iife",
      target: "es2022",
      write: false,
      logLevel: "warning",
      define: { "process.env.NODE_ENV": '"production"' },
    });
    browser = await launch("chrome");
    page = await browser.newPage();
    page.on("pageerror", error => console.error(error));
    await page.setContent("<!doctype html><body>");
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
  });

  after(() => browser?.close());

  const run = name => page.evaluate((name, steps) => globalThis.renderers[name](steps), name, steps);

  test("sigma draws what the graphology preset adds", async () => {
    assert.deepEqual(await run("sigma"), { nodes: 7, edges: 3, label: "Ada", finite: true });
  });

  test("cosmos.gl takes the arrays", async () => {
    const { points, finite } = await run("cosmos");
    assert.deepEqual({ points, finite }, { points: 7, finite: true });
  });

  test("3d-force-graph grows with the data", async () => {
    assert.deepEqual(await run("force3D"), { nodes: 7, links: 3, finite: true, source: "Ada" });
  });
});
