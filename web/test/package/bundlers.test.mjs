// The package in the hands of bundlers that are quick, and in places that are unlike a page: service workers, frames
// made from text, pages whose policy forbids the server. Next.js, Parcel and Bun are in ../bundlers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { build as viteBuild, createServer as viteServer } from "vite";
import webpack from "webpack";
import { launch, programOf } from "../browsers.mjs";
import { missing, serve } from "../environment.mjs";
import { html, inPage, install, outcome, server, strict, use, write } from "./app.mjs";

/** Bundles main.js of a folder into its folder dist, and gives the kind of script that comes out. */
const bundlers = {
  async "esbuild, esm"(app) {
    await esbuild.build({
      entryPoints: [join(app, "main.js")],
      bundle: true,
      minify: true,
      format: "esm",
      outfile: join(app, "dist/main.js"),
      logLevel: "error",
    });
    copyParts(app);
    return "module";
  },
  async "esbuild, iife"(app) {
    await esbuild.build({
      entryPoints: [join(app, "main.js")],
      bundle: true,
      minify: true,
      format: "iife",
      outfile: join(app, "dist/main.js"),
      logLevel: "error",
    });
    copyParts(app);
    return "text/javascript";
  },
  async "Rollup, esm"(app) {
    const bundle = await rollup({ input: join(app, "main.js"), plugins: [nodeResolve({ browser: true })] });
    await bundle.write({ dir: join(app, "dist"), format: "es" });
    copyParts(app);
    return "module";
  },
  async "Rollup, iife"(app) {
    const bundle = await rollup({ input: join(app, "main.js"), plugins: [nodeResolve({ browser: true })] });
    await bundle.write({ file: join(app, "dist/main.js"), format: "iife", inlineDynamicImports: true, name: "app" });
    copyParts(app);
    return "text/javascript";
  },
  async Vite(app) {
    write(app, { "index.html": html("/main.js") });
    await viteBuild({ root: app, logLevel: "error" });
    rmSync(join(app, "index.html"));
    return undefined; // it has made index.html, too
  },
  async webpack(app) {
    await bundleByWebpack(app, { mode: "production", target: "web" });
    return "text/javascript";
  },
  async "webpack, development, esm"(app) {
    await bundleByWebpack(app, { mode: "development", devtool: false, experiments: { outputModule: true } });
    return "module";
  },
};

/** For bundlers that do not take them along. */
function copyParts(app) {
  for (const name of ["webbolt.wasm", "worker.js"])
    cpSync(join(app, "../node_modules/webbolt/dist", name), join(app, "dist", name));
}

function bundleByWebpack(app, options) {
  return new Promise((resolve, reject) => {
    webpack(
      { context: app, entry: "./main.js", output: { path: join(app, "dist"), filename: "main.js" }, ...options },
      (error, stats) => {
        if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString("errors-only")));
        else resolve();
      },
    );
  });
}

let bundled = 0;

describe("bundlers", { skip: server.skip ?? false, timeout: 600_000 }, () => {
  let app;
  const running = {};
  before(async () => {
    app = install();
    for (const browser of ["chrome", "firefox"]) if (programOf(browser)) running[browser] = await launch(browser);
  });
  after(async () => {
    for (const browser of Object.values(running)) await browser.close();
    app?.remove();
  });

  /** Calls check for each browser with what gives the outcome of a page, of folders that are served. */
  async function inBrowsers(folders, headers, check, browsers = ["chrome", "firefox"]) {
    const files = await serve(folders, headers);
    try {
      for (const browser of browsers) {
        if (running[browser])
          await check((path = "/") => outcome(running[browser], files.origin + path), browser, files.origin);
        else missing(`${browser} is not installed`);
      }
    } finally {
      await files.close();
    }
  }

  for (const [name, bundle] of Object.entries(bundlers)) {
    for (const worker of [undefined, false]) {
      test(`${name}, ${worker === false ? "without a worker" : "in a worker"}`, { timeout: 120_000 }, async () => {
        const folder = write(join(app.folder, `bundled-${++bundled}`), {
          "main.js": use("webbolt", { worker }) + inPage,
        });
        const type = await bundle(folder);
        if (type) write(join(folder, "dist"), { "index.html": html("/main.js", type) });
        assert.ok(
          everyFile(join(folder, "dist")).some(file => file.endsWith(".wasm")),
          "webbolt.wasm was taken along",
        );
        const policy = name.includes("development")
          ? strict.replace("'self' 'wasm", "'self' 'unsafe-eval' 'wasm")
          : strict;
        await inBrowsers(
          { "/": join(folder, "dist/") },
          () => ({ "content-security-policy": policy }),
          async (outcomeOf, browser) => {
            assert.equal(await outcomeOf(), "ok 7", browser);
          },
        );
      });
    }
  }

  test("what a bundler has left behind is told, with what to do", { timeout: 120_000 }, async () => {
    for (const format of ["esm", "iife"]) {
      for (const worker of [true, false]) {
        const folder = write(join(app.folder, `left-${format}-${worker}`), {
          "main.js": use("webbolt", { worker }) + inPage,
          "dist/index.html": html("/main.js", format === "esm" ? "module" : "text/javascript"),
        });
        await esbuild.build({
          entryPoints: [join(folder, "main.js")],
          bundle: true,
          format,
          outfile: join(folder, "dist/main.js"),
          logLevel: "error",
        });
        await inBrowsers({ "/": join(folder, "dist/") }, undefined, async (outcomeOf, browser) => {
          assert.match(
            await outcomeOf(),
            /^ConnectionUnavailable \| engine \| .*(worker\.js|webbolt\.wasm) .*404.*wasmURL and workerURL/,
            `${format} ${worker} ${browser}`,
          );
        });
        // Many servers give their page for everything that they do not have.
        write(join(folder, "dist"), { "worker.js": "<!doctype html>", "webbolt.wasm": "<!doctype html>" });
        await inBrowsers(
          { "/": join(folder, "dist/") },
          path => (/worker|wasm/.test(path) ? { "content-type": "text/html" } : {}),
          async (outcomeOf, browser) => {
            assert.match(
              await outcomeOf(),
              /^ConnectionUnavailable \| engine \| .*the server sends text\/html.*wasmURL and workerURL/,
              `${format} ${worker} ${browser}`,
            );
          },
        );
      }
    }
  });

  test("options that cannot be right", { timeout: 60_000 }, async () => {
    const folder = write(join(app.folder, "wrong"), {
      "index.html": html("/main.js"),
      "main.js": use("/webbolt/dist/index.js", `{ workerURL: "http://" }`) + inPage,
    });
    await inBrowsers({ "/webbolt/": app.installed + "/", "/": folder + "/" }, undefined, async outcomeOf => {
      assert.match(await outcomeOf(), /^ConnectionUnavailable \| engine \| /);
    });
  });

  test("a policy that forbids WebAssembly", { timeout: 60_000 }, async () => {
    for (const worker of [true, false]) {
      const folder = write(join(app.folder, `no-wasm-${worker}`), {
        "index.html": html("/main.js"),
        "main.js": use("/webbolt/dist/index.js", { worker }) + inPage,
      });
      await inBrowsers(
        { "/webbolt/": app.installed + "/", "/": folder + "/" },
        () => ({ "content-security-policy": strict.replace("'wasm-unsafe-eval'", "") }),
        async outcomeOf => {
          assert.match(await outcomeOf(), /^ConnectionUnavailable \| engine \| .*wasm-unsafe-eval/);
        },
      );
    }
  });

  test("a policy that forbids the worker", { timeout: 60_000 }, async () => {
    const folder = write(join(app.folder, "no-worker"), {
      "index.html": html("/main.js"),
      "main.js": use("/webbolt/dist/index.js", {}) + inPage,
    });
    await inBrowsers(
      { "/webbolt/": app.installed + "/", "/": folder + "/" },
      () => ({ "content-security-policy": strict.replace("worker-src 'self'", "worker-src 'none'") }),
      async outcomeOf => {
        assert.match(await outcomeOf(), /^ConnectionUnavailable \| engine \| .*worker-src/);
      },
    );
  });

  test("a policy that forbids the server", { timeout: 60_000 }, async () => {
    for (const worker of [true, false]) {
      const script = use("/webbolt/dist/index.js", { worker }) + inPage;
      const folder = write(join(app.folder, `policy-${worker}`), {
        "index.html": html("/bolt.js"),
        "http.html": html("/http.js"),
        "bolt.js": script,
        "http.js": script.replace(server.uri, `http://${server.http}`),
      });
      await inBrowsers(
        { "/webbolt/": app.installed + "/", "/": folder + "/" },
        () => ({ "content-security-policy": strict.replace(" ws:", "") }),
        async (outcomeOf, browser) => {
          for (const path of ["/index.html", "/http.html"])
            assert.match(
              await outcomeOf(path),
              /^ConnectionUnavailable \| forbidden \| .*connect-src/,
              `${browser} ${path}`,
            );
        },
      );
    }
  });

  test("a frame made from text", { timeout: 60_000 }, async () => {
    const script = `${use("/webbolt/dist/index.js", `{ wasmURL: "/webbolt/dist/webbolt.wasm" }`)}${inPage.replace("document.documentElement", "parent.document.documentElement")}`;
    const folder = write(join(app.folder, "srcdoc"), {
      "frame.js": script,
      "main.js": `const frame = document.createElement("iframe"); frame.srcdoc = '<script type="module" src="/frame.js"></scr' + 'ipt>'; document.body.append(frame);`,
      "index.html": html("/main.js"),
    });
    await inBrowsers(
      { "/webbolt/": app.installed + "/", "/": folder + "/" },
      () => ({ "content-security-policy": strict + "; frame-src 'self'" }),
      async (outcomeOf, browser) => {
        assert.equal(await outcomeOf(), "ok 7", browser);
      },
    );
  });

  // In Firefox a service worker is a classic script.
  for (const [form, browsers] of [
    ["module", ["chrome"]],
    ["iife", ["chrome", "firefox"]],
  ]) {
    test(`a service worker, ${form}`, { timeout: 60_000 }, async () => {
      const answer = `\nself.addEventListener("message", (event) => event.waitUntil(use().catch((error) => [error.name, error.message].join(" | ")).then((answer) => event.source.postMessage(answer))));\n`;
      const folder = write(join(app.folder, `service-${form}`), {
        "service.js": use(form === "module" ? "/webbolt/dist/index.js" : "webbolt", {}) + answer,
        "index.html": html("/main.js"),
        "main.js": `navigator.serviceWorker.onmessage = ({ data }) => (document.documentElement.dataset.outcome = data);
const { installing, waiting, active } = await navigator.serviceWorker.register("/service.js", ${form === "module" ? '{ type: "module" }' : "{}"});
(installing ?? waiting ?? active).postMessage("use");`,
      });
      if (form === "iife") {
        await esbuild.build({
          entryPoints: [join(folder, "service.js")],
          bundle: true,
          format: "iife",
          outfile: join(folder, "service.js"),
          allowOverwrite: true,
          logLevel: "error",
        });
        cpSync(join(app.installed, "dist/webbolt.wasm"), join(folder, "webbolt.wasm"));
      }
      await inBrowsers(
        { "/webbolt/": app.installed + "/", "/": folder + "/" },
        undefined,
        async (outcomeOf, browser) => {
          assert.equal(await outcomeOf(), "ok 7", browser);
        },
        browsers,
      );
    });
  }

  for (const excluded of [true, false]) {
    test(`Vite's development server, ${excluded ? "with webbolt excluded from its optimizer" : "which moves the script away from its parts"}`, {
      timeout: 120_000,
    }, async () => {
      const folder = write(join(app.folder, `vite-dev-${excluded}`), {
        "index.html": html("/main.js"),
        "main.js": use("webbolt", {}) + inPage,
      });
      const vite = await viteServer({
        root: folder,
        logLevel: "error",
        cacheDir: join(folder, ".vite"),
        server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
        optimizeDeps: excluded ? { exclude: ["webbolt"] } : { include: ["webbolt"] },
      });
      try {
        await vite.listen();
        const url = `http://127.0.0.1:${vite.httpServer.address().port}/`;
        for (const browser of Object.values(running)) {
          const answer = await outcome(browser, url);
          if (excluded) assert.equal(answer, "ok 7");
          else assert.match(answer, /^ok 7$|^ConnectionUnavailable \| engine \| .*optimizeDeps/);
        }
      } finally {
        await vite.close();
      }
    });
  }

  test("a CommonJS bundle for Node.js", { timeout: 60_000 }, async () => {
    const folder = write(join(app.folder, "cjs"), {
      "main.js": `${use("webbolt", {})}\nuse().catch((error) => [error.name, error.reason, error.message].join(" | ")).then(console.log);`,
    });
    await esbuild.build({
      entryPoints: [join(folder, "main.js")],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: join(folder, "main.cjs"),
      logLevel: "error",
    });
    const run = () =>
      execFileSync(process.execPath, ["main.cjs"], { cwd: folder, encoding: "utf8", timeout: 50_000 }).trim();
    assert.match(run(), /^ConnectionUnavailable \| engine \| .*wasmURL and workerURL/);
    for (const name of ["webbolt.wasm", "worker.js"]) cpSync(join(app.installed, "dist", name), join(folder, name));
    assert.equal(run(), "ok 7", "beside the working folder they are found");
  });
});

function everyFile(folder) {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
}
