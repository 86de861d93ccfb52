// Bundles the unit tests and runs them with node --test. Arguments are names of tests to run, such as "rowblock"; without, all are run.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../../node_modules/.cache/unit/", import.meta.url));
const wanted = process.argv.slice(2);
const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts") && (wanted.length === 0 || wanted.includes(name.replace(".test.ts", ""))));
if (tests.length === 0) throw new Error(`no test is called ${wanted.join(" or ")}`);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: tests.map((name) => here + name), outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, splitting: true, format: "esm", platform: "node",
  target: "node20", packages: "external", sourcemap: "inline", logLevel: "warning", define: { VECTORS: JSON.stringify(fileURLToPath(new URL("../vectors/", import.meta.url))) },
});
const files = tests.map((name) => out + name.replace(".ts", ".mjs"));
process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" }).status ?? 1;
