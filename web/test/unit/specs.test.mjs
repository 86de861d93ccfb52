// Bundles the specs, which are TypeScript like what they test, and runs them. SPECS=rowblock,graph runs only these.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { goScript } from "../../go-script.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../../node_modules/.cache/specs/", import.meta.url));
const wanted = process.env.SPECS?.split(",");
const specs = readdirSync(here).filter(
  name => name.endsWith(".spec.ts") && (wanted?.includes(name.replace(".spec.ts", "")) ?? true),
);
if (specs.length === 0) throw new Error(`no spec is called ${wanted}`);

process.setSourceMapsEnabled(true);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: specs.map(name => here + name),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
  plugins: [goScript],
  define: {
    SOURCES: JSON.stringify(fileURLToPath(new URL("../../src/", import.meta.url))),
    VECTORS: JSON.stringify(fileURLToPath(new URL("../vectors/", import.meta.url))),
  },
});
for (const name of specs) await import(pathToFileURL(out + name.replace(".ts", ".mjs")).href);
