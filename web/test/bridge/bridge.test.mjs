// Bundles the specs of the bridge and runs them; bridge/node_test.go starts the servers and builds the engine.
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { goScript } from "../../go-script.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../../node_modules/.cache/bridge/", import.meta.url));

process.setSourceMapsEnabled(true);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: { bridge: here + "bridge.spec.ts", worker: here + "../../src/worker.ts" },
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
  plugins: [goScript],
});
await import(pathToFileURL(out + "bridge.mjs").href);
