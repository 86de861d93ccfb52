// Builds the package and the page into dist/: `npm run build`.
//
//   dist/index.js, presets/…, worker.js, *.d.ts, webbolt.wasm    the npm package
//   dist/elements/                                               <webbolt-graph>, the page's graph view for other pages
//   dist/index.html, page/                                       the page, which the relay serves
//   dist/**/*.br, *.gz                                           the same, packed for the relay
//
// WEBBOLT_WASM names a .wasm that is built already; without it, Go builds one.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { goScript } from "./go-script.mjs";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
const quick = process.argv.includes("--quick"); // no packed siblings, for work on the code

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/page", { recursive: true });

const common = {
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox114", "safari16.4", "node22"],
  charset: "utf8",
  logLevel: "warning",
  plugins: [goScript],
};

/** The page uses the package as others do: its index and presets, from the files beside the page's folder. */
const publicAPI = {
  name: "public API",
  setup({ onResolve }) {
    onResolve({ filter: /^(\.\.\/)+(index|presets\/[a-z]+)\.js$/ }, ({ path }) => ({
      path: "../" + path.replace(/^(\.\.\/)+/, ""),
      external: true,
    }));
  },
};

/**
 * Neo4j's language support brings the server's own semantic analysis, 5 MB of it: it becomes a file that the worker
 * loads when it first looks for faults.
 */
const lateSemanticAnalysis = {
  name: "late semantic analysis",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/semanticAnalysis\.js$/ }, ({ path, importer, resolveDir, namespace }) => {
      if (namespace === "late") return { path: new URL(path, `file://${resolveDir}/`).pathname };
      return { path: importer, namespace: "late", pluginData: resolveDir };
    });
    onLoad({ filter: /.*/, namespace: "late" }, ({ pluginData: resolveDir }) => ({
      resolveDir,
      contents: `
        let loaded;
        let resolvers = [];
        globalThis.loadSemanticAnalysis = async () => {
          loaded = await import("./semanticAnalysis.js");
          for (const given of resolvers) loaded.updateSignatureResolver(...given);
          resolvers = [];
        };
        export const analyzeQuery = (...given) => loaded ? loaded.analyzeQuery(...given) : { errors: [], notifications: [], symbolTable: [] };
        export const updateSignatureResolver = (...given) => loaded ? loaded.updateSignatureResolver(...given) : resolvers.push(given);`,
    }));
  },
};

// keepNames: printed objects show the names of their classes, also in programs that a bundler has minified.
const presets = existsSync("src/presets")
  ? readdirSync("src/presets")
      .filter(name => name.endsWith(".ts"))
      .map(name => `src/presets/${name}`)
  : [];
await build({
  ...common,
  entryPoints: ["src/index.ts", "src/driver/index.ts", ...presets],
  outdir: "dist",
  outbase: "src",
  splitting: true,
  chunkNames: "[name]-[hash]",
  packages: "external",
  sourcemap: false,
  keepNames: true,
});
await buildDriver();
await build({ ...common, entryPoints: ["src/worker.ts"], outfile: "dist/worker.js", minify: true });
await build({
  ...common,
  outdir: "dist/page",
  minify: true,
  sourcemap: false,
  splitting: true,
  chunkNames: "[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  entryPoints: {
    page: "src/page/main.tsx",
    layout: "src/page/graph/layout-worker.ts",
    cypher: "src/page/editor/cypher-worker.ts",
    style: "src/page/style.css",
  },
  plugins: [publicAPI, lateSemanticAnalysis],
});
copyFileSync("index.html", "dist/index.html");
await build({
  ...common,
  outdir: "dist/elements",
  minify: true,
  entryPoints: { "graph-view": "src/page/graph/element.ts", layout: "src/page/graph/layout-worker.ts" },
  plugins: [publicAPI],
});
copyFileSync("src/page/graph/graph-view.d.ts", "dist/elements/graph-view.d.ts");
execFileSync("node_modules/.bin/tsc", { stdio: "inherit" });
buildWasm();
if (!quick) packAll("dist");

/**
 * neo4j-driver's own index over webbolt's connections. What it is built on stays outside, so that a program that has it
 * already has one of it.
 */
async function buildDriver() {
  const names = Object.keys(createRequire(import.meta.url)("neo4j-driver")).filter(
    name => name !== "default" && name !== "__esModule",
  );
  const contents = `import * as neo4j from "neo4j-driver/lib/index.js"; export const { ${names.join(", ")} } = neo4j; export default neo4j.default;`;
  const outside = {
    name: "outside",
    setup(build) {
      build.onResolve({ filter: /^neo4j-driver-bolt-connection$/ }, () => ({
        path: "./driver/index.js",
        namespace: "outside",
      }));
      build.onResolve({ filter: /^(neo4j-driver-core|rxjs.*)$/ }, ({ path, namespace }) =>
        namespace === "outside" ? { path, external: true } : { path, namespace: "outside" },
      );
      build.onResolve({ filter: /^\.\/driver\/index\.js$/, namespace: "outside" }, ({ path }) => ({
        path,
        external: true,
      }));
      build.onLoad({ filter: /.*/, namespace: "outside" }, ({ path }) => ({
        contents: `export * from ${JSON.stringify(path)};`,
      })); // for require, which has no place in a module
    },
  };
  await build({
    ...common,
    stdin: { contents, resolveDir: "." },
    outfile: "dist/neo4j-driver.js",
    plugins: [outside],
    define: { global: "globalThis" },
    legalComments: "none",
  });
  writeFileSync("dist/neo4j-driver.d.ts", 'export * from "neo4j-driver";\nexport { default } from "neo4j-driver";\n');
}

function buildWasm() {
  const given = process.env.WEBBOLT_WASM;
  if (given) {
    copyFileSync(given, "dist/webbolt.wasm");
    return;
  }
  const flags = ["build", "-trimpath", "-ldflags=-s -w", "-o", "dist/webbolt.wasm", "../wasm"];
  execFileSync("go", flags, { stdio: "inherit", env: { ...process.env, GOOS: "js", GOARCH: "wasm" } });
  execFileSync("go", ["run", "../internal/wasmpack", "dist/webbolt.wasm"], { stdio: "inherit" });
}

/** Puts packed forms beside every file, so that the relay has no packing to do. */
function packAll(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|html|svg|wasm|json)$/.test(entry.name)) continue;
    const name = `${entry.parentPath}/${entry.name}`;
    const bytes = readFileSync(name);
    writeFileSync(name + ".gz", gzipSync(bytes, { level: 9 }));
    writeFileSync(
      name + ".br",
      brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          [constants.BROTLI_PARAM_LGWIN]: 24,
        },
      }),
    );
  }
}
