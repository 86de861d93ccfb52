// Bundles the driver's test files over the one or the other connection provider.
import { copyFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const web = fileURLToPath(new URL("../../../", import.meta.url));
const modules = path => join(fileURLToPath(new URL("../node_modules/", import.meta.url)), path);

/** A file of the installed driver in place of one of the sources', which are not built. */
function installed(packageName, path) {
  const file = modules(`${packageName}/lib/${path || "index"}`);
  return { path: existsSync(file + ".js") ? file + ".js" : join(file, "index.js") };
}

export async function bundleTests({ files, tests, over, place, outfile, settings }) {
  const plugin = {
    name: "driver",
    setup(builder) {
      const inTests = ({ importer }) => importer.startsWith(tests);
      builder.onResolve({ filter: /(^|\/)src(\/.*)?$/ }, args =>
        inTests(args) ? installed("neo4j-driver", args.path.replace(/^.*\bsrc\/?/, "")) : undefined,
      );
      builder.onResolve({ filter: /bolt-connection\/lib\// }, ({ path }) =>
        installed("neo4j-driver-bolt-connection", path.replace(/^.*bolt-connection\/lib\//, "")),
      );
      builder.onResolve({ filter: /testcontainer$/ }, ({ path }) => ({ path, external: true })); // the server is there
      if (over === "webbolt") {
        builder.onResolve({ filter: /^neo4j-driver-bolt-connection$/ }, ({ importer }) =>
          importer.includes("/neo4j-driver/") ? { path: join(web, "dist/driver/index.js") } : undefined,
        );
      }
      builder.onResolve({ filter: /^[^./]/ }, args =>
        args.pluginData === "here" || args.path.startsWith("node:")
          ? undefined
          : builder.resolve(args.path, { resolveDir: modules("."), kind: args.kind, pluginData: "here" }),
      );
    },
  };
  const browser = place !== "node";
  // where the bundle looks for them
  for (const part of ["webbolt.wasm", "worker.js"]) copyFileSync(join(web, "dist", part), join(dirname(outfile), part));
  await build({
    stdin: { contents: files.map(file => `import ${JSON.stringify(file)};`).join("\n"), resolveDir: tests },
    bundle: true,
    outfile,
    format: browser ? "iife" : "esm",
    platform: browser ? "browser" : "node",
    logLevel: "error",
    plugins: [plugin],
    logLimit: 20,
    ...(browser
      ? { define: { global: "globalThis", "process.env": JSON.stringify(settings) } }
      : {
          banner: {
            js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
          },
        }),
  });
}
