// Bundles webbolt/neo4j-driver with what it takes from a program's installation, as a page's bundler does.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const { build } = createRequire(join(web, "package.json"))("esbuild");

/** Gives the folder with drop-in.js, which close removes. A profile is easier to read without minify. */
export async function bundleDropIn(dist, { minify = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "webbolt-drop-in-")) + "/";
  await build({
    stdin: { contents: `export { default } from ${JSON.stringify(join(dist, "neo4j-driver.js"))};`, resolveDir: web },
    outfile: join(folder, "drop-in.js"),
    bundle: true,
    minify,
    format: "esm",
    logLevel: "error",
    nodePaths: [join(web, "node_modules")],
  });
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}
