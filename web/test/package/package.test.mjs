// The npm package as its users get it: packed, installed, and used from Vite, a plain page, another origin, Node.js and
// TypeScript.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, serve, web } from "../environment.mjs";
import { html, inPage, install, outcome as outcomeIn, server, strict, use } from "./app.mjs";

test("wasm_exec.js is the toolchain's", () => {
  const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  assert.equal(
    readFileSync(join(web, "wasm_exec.js"), "utf8"),
    readFileSync(join(root, "lib/wasm/wasm_exec.js"), "utf8"),
  );
});

describe("the packed package", { skip: server.skip ?? false }, () => {
  let app;
  let folder;
  let installed;
  let listed;

  before(() => {
    app = install();
    ({ folder, installed, files: listed } = app);
  });
  after(() => app?.remove());

  test("has what it should, and no more", () => {
    for (const name of [
      "package.json",
      "dist/index.js",
      "dist/index.d.ts",
      "dist/worker.js",
      "dist/webbolt.wasm",
      "dist/presets/graphology.js",
      "dist/presets/graphology.d.ts",
    ]) {
      assert.ok(listed.includes(name), `${name} is missing`);
    }
    assert.deepEqual(
      listed.filter(name => /\.(br|gz|map)$|^dist\/page|^dist\/index\.html|^(src|test)\//.test(name)),
      [],
    );
    const { dependencies, exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    assert.equal(dependencies, undefined, "there are no run-time dependencies");
    for (const name of [".", "./worker.js", "./webbolt.wasm"]) assert.ok(name in exports, name);
    assert.deepEqual(
      readdirSync(join(folder, "node_modules")).filter(name => !name.startsWith(".")),
      ["webbolt"],
    );
  });

  for (const worker of [true, false]) {
    test(`runs in Node.js, ${worker ? "in a worker" : "without a worker"}, and lets the process end`, {
      timeout: 60_000,
    }, () => {
      writeFileSync(join(folder, "node.mjs"), use("webbolt", { worker }) + "\nconsole.log(await use());\n");
      assert.equal(
        execFileSync(process.execPath, ["node.mjs"], { cwd: folder, encoding: "utf8", timeout: 50_000 }).trim(),
        "ok 7",
      );
    });
  }

  for (const [module, moduleResolution, ...more] of [
    ["NodeNext", "NodeNext", "ESNext.Disposable"],
    ["ESNext", "Bundler", "ESNext.Disposable"],
    ["ESNext", "Bundler"],
  ]) {
    const without = more.length > 0 ? "" : ", of a program that knows nothing of disposing";
    test(`has types for ${moduleResolution}${without}`, { timeout: 120_000 }, () => {
      writeFileSync(
        join(folder, "types.ts"),
        `
import { connect, Connection, ConnectionPool, Failure, type Connector, type Summary, type Node } from "webbolt";
import { addToGraphology } from "webbolt/presets/graphology";
import "webbolt/presets/arrow";
import "webbolt/presets/cosmos";
import "webbolt/presets/cytoscape";
import "webbolt/presets/force";
import "webbolt/presets/nvl";
import "webbolt/graph-view";
const db: Connector = await connect("bolt://localhost");
for await (const record of await db.run<{ n: Node; age: number }>("RETURN 1")) { const age: number = record.age; const labels: readonly string[] = record.n.labels; void [age, labels]; }
const value: string = await db.executeRead(async (tx) => (await (await tx.run<{ a: string }>("")).fetch())?.a ?? "");
const summary: Summary = (await db.run("")).summary();
const cx: Connection = await (await ConnectionPool.open("bolt://localhost")).acquire({ wait: false });
// @ts-expect-error: a misspelt option is an error
await cx.begin("", { readOnly: true });
void [value, summary, addToGraphology, Failure];
export {};
`,
      );
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({
          compilerOptions: {
            target: "ES2022",
            lib: ["ES2022", "DOM", ...more],
            types: [],
            module,
            moduleResolution,
            strict: true,
            noEmit: true,
            skipLibCheck: false,
            noUncheckedSideEffectImports: true,
          },
          files: ["types.ts"],
        }),
      );
      execFileSync(join(web, "node_modules/.bin/tsc"), ["-p", folder], { stdio: ["ignore", "inherit", "inherit"] });
    });
  }

  for (const browser of ["chrome", "firefox"]) {
    describe(browser, { skip: programOf(browser) ? false : missing(`${browser} is not installed`) }, () => {
      let running;
      before(async () => {
        running = await launch(browser);
      });
      after(() => running?.close());

      const outcome = url => outcomeIn(running, url);

      async function served(folders, headers, check) {
        const files = await serve(folders, headers);
        try {
          await check(files.origin);
        } finally {
          await files.close();
        }
      }

      for (const worker of [true, false]) {
        const place = worker ? "in a worker" : "without a worker";

        test(`works in a Vite app under a strict policy, ${place}`, { timeout: 120_000 }, async () => {
          const app = join(folder, `vite-${browser}-${worker}`);
          mkdirSync(app);
          writeFileSync(join(app, "index.html"), html("/main.js"));
          writeFileSync(join(app, "main.js"), use("webbolt", { worker }) + inPage);
          execFileSync(process.execPath, [join(web, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
            cwd: app,
            stdio: ["ignore", "ignore", "inherit"],
          });
          assert.ok(
            readdirSync(join(app, "dist/assets")).some(name => name.endsWith(".wasm")),
            "Vite has taken the .wasm along",
          );
          await served(
            { "/": join(app, "dist/") },
            () => ({ "content-security-policy": strict }),
            async origin => {
              assert.equal(await outcome(origin + "/"), "ok 7");
            },
          );
        });

        test(`works from a plain module script under a strict policy, ${place}`, { timeout: 60_000 }, async () => {
          const app = join(folder, `plain-${browser}-${worker}`);
          mkdirSync(app);
          writeFileSync(join(app, "index.html"), html("/main.js"));
          writeFileSync(join(app, "main.js"), use("/webbolt/dist/index.js", { worker }) + inPage);
          await served(
            { "/webbolt/": installed + "/", "/": app + "/" },
            () => ({ "content-security-policy": strict }),
            async origin => {
              assert.equal(await outcome(origin + "/"), "ok 7");
            },
          );
        });

        test(`works where the .wasm has the wrong type, ${place}`, { timeout: 60_000 }, async () => {
          const app = join(folder, `mime-${browser}-${worker}`);
          mkdirSync(app);
          writeFileSync(join(app, "index.html"), html("/main.js"));
          writeFileSync(join(app, "main.js"), use("/webbolt/dist/index.js", { worker }) + inPage);
          const octets = path => (path.endsWith(".wasm") ? { "content-type": "application/octet-stream" } : {});
          await served({ "/webbolt/": installed + "/", "/": app + "/" }, octets, async origin => {
            assert.equal(await outcome(origin + "/"), "ok 7");
          });
        });

        test(`works from another origin, ${place}`, { timeout: 60_000 }, async () => {
          await served(
            { "/": installed + "/" },
            () => ({ "access-control-allow-origin": "*" }),
            async elsewhere => {
              const app = join(folder, `origin-${browser}-${worker}`);
              mkdirSync(app);
              writeFileSync(join(app, "index.html"), html("/main.js"));
              writeFileSync(join(app, "main.js"), use(`${elsewhere}/dist/index.js`, { worker }) + inPage);
              await served({ "/": app + "/" }, undefined, async origin => {
                assert.equal(await outcome(origin + "/"), "ok 7");
              });
            },
          );
        });
      }

      test("takes wasmURL and workerURL", { timeout: 60_000 }, async () => {
        const app = join(folder, `urls-${browser}`);
        mkdirSync(app);
        cpSync(join(installed, "dist/webbolt.wasm"), join(app, "engine.wasm"));
        cpSync(join(installed, "dist/worker.js"), join(app, "thread.js"));
        writeFileSync(join(app, "index.html"), html("/main.js"));
        writeFileSync(
          join(app, "main.js"),
          use(
            "/webbolt/dist/index.js",
            `{ wasmURL: new URL("/engine.wasm", location.href), workerURL: "/thread.js" }`,
          ) + inPage,
        );
        await served(
          {
            "/webbolt/dist/webbolt.wasm": "/nowhere/",
            "/webbolt/dist/worker.js": "/nowhere/",
            "/webbolt/": installed + "/",
            "/": app + "/",
          },
          undefined,
          async origin => {
            assert.equal(await outcome(origin + "/"), "ok 7");
          },
        );
      });
    });
  }
});
