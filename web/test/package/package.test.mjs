// The npm package as its users get it: packed, installed, and used from Vite, a plain page, another origin, Node.js and TypeScript.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, serve, web } from "../environment.mjs";

const server = neo4j();
const strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ws:";

/** What a user's program does; the answer is "ok 7". */
const use = (from, options) => `
import { auth, connect } from ${JSON.stringify(from)};
export async function use() {
  const db = await connect(${JSON.stringify(server.uri)}, { auth: auth.basic(${JSON.stringify(server.user)}, ${JSON.stringify(server.password)}), ...${JSON.stringify(options)} });
  const result = await db.executeQuery("UNWIND range(1, $n) AS n RETURN n, datetime() AS now", { n: 7 });
  const records = await result.records().toArray();
  await db.close();
  return "ok " + records.length;
}
`;
const inPage = `\nuse().catch((error) => error.name + ": " + error.message).then((answer) => (document.documentElement.dataset.outcome = answer));\n`;
const html = (script) => `<!doctype html><meta charset="utf-8"><script type="module" src="${script}"></script>`;

test("wasm_exec.js is the toolchain's", () => {
  const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  assert.equal(readFileSync(join(web, "wasm_exec.js"), "utf8"), readFileSync(join(root, "lib/wasm/wasm_exec.js"), "utf8"));
});

describe("the packed package", { skip: server.skip ?? false }, () => {
  let folder;
  let installed;
  let listed;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "webbolt-package-"));
    const packed = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: web, encoding: "utf8" }));
    listed = packed[0].files.map(({ path }) => path);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
    execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, packed[0].filename)], { cwd: folder, stdio: "ignore" });
    installed = join(folder, "node_modules/webbolt");
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  test("has what it should, and no more", () => {
    for (const name of ["package.json", "dist/index.js", "dist/index.d.ts", "dist/worker.js", "dist/webbolt.wasm", "dist/presets/graphology.js", "dist/presets/graphology.d.ts"]) {
      assert.ok(listed.includes(name), `${name} is missing`);
    }
    assert.deepEqual(listed.filter((name) => /\.(br|gz|map)$|^dist\/page|^dist\/index\.html|^(src|test)\//.test(name)), []);
    const { dependencies, exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    assert.equal(dependencies, undefined, "there are no run-time dependencies");
    for (const name of [".", "./worker.js", "./webbolt.wasm"]) assert.ok(name in exports, name);
    assert.deepEqual(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith(".")), ["webbolt"]);
  });

  for (const worker of [true, false]) {
    test(`runs in Node.js, ${worker ? "in a worker" : "without a worker"}, and lets the process end`, { timeout: 60_000 }, () => {
      writeFileSync(join(folder, "node.mjs"), use("webbolt", { worker }) + "\nconsole.log(await use());\n");
      assert.equal(execFileSync(process.execPath, ["node.mjs"], { cwd: folder, encoding: "utf8", timeout: 50_000 }).trim(), "ok 7");
    });
  }

  for (const [module, moduleResolution] of [["NodeNext", "NodeNext"], ["ESNext", "Bundler"]]) {
    test(`has types for ${moduleResolution}`, { timeout: 120_000 }, () => {
      writeFileSync(join(folder, "types.ts"), `
import { connect, Connection, ConnectionPool, Failure, type Connector, type Summary, type Node } from "webbolt";
import { addToGraphology } from "webbolt/presets/graphology";
const db: Connector = await connect("bolt://localhost");
for await (const record of await db.run<{ n: Node; age: number }>("RETURN 1")) { const age: number = record.age; const labels: readonly string[] = record.n.labels; void [age, labels]; }
const value: string = await db.executeRead(async (tx) => (await (await tx.run<{ a: string }>("")).fetch())?.a ?? "");
const summary: Summary = (await db.run("")).summary();
const cx: Connection = await (await ConnectionPool.open("bolt://localhost")).acquire({ wait: false });
// @ts-expect-error: a misspelt option is an error
await cx.begin("", { readOnly: true });
void [value, summary, addToGraphology, Failure];
export {};
`);
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
        compilerOptions: { target: "ES2022", lib: ["ES2022", "ESNext.Disposable", "DOM"], types: [], module, moduleResolution, strict: true, noEmit: true, skipLibCheck: false },
        files: ["types.ts"],
      }));
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

      /** What a page says came of it. */
      async function outcome(url) {
        const page = await running.newPage();
        try {
          await page.goto(url);
          await page.waitForFunction(() => document.documentElement.dataset.outcome, { timeout: 30_000 });
          return await page.evaluate(() => document.documentElement.dataset.outcome);
        } finally {
          await page.close();
        }
      }

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
          execFileSync(process.execPath, [join(web, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], { cwd: app, stdio: ["ignore", "ignore", "inherit"] });
          assert.ok(readdirSync(join(app, "dist/assets")).some((name) => name.endsWith(".wasm")), "Vite has taken the .wasm along");
          await served({ "/": join(app, "dist/") }, () => ({ "content-security-policy": strict }), async (origin) => {
            assert.equal(await outcome(origin + "/"), "ok 7");
          });
        });

        test(`works from a plain module script under a strict policy, ${place}`, { timeout: 60_000 }, async () => {
          const app = join(folder, `plain-${browser}-${worker}`);
          mkdirSync(app);
          writeFileSync(join(app, "index.html"), html("/main.js"));
          writeFileSync(join(app, "main.js"), use("/webbolt/dist/index.js", { worker }) + inPage);
          await served({ "/webbolt/": installed + "/", "/": app + "/" }, () => ({ "content-security-policy": strict }), async (origin) => {
            assert.equal(await outcome(origin + "/"), "ok 7");
          });
        });

        test(`works where the .wasm has the wrong type, ${place}`, { timeout: 60_000 }, async () => {
          const app = join(folder, `mime-${browser}-${worker}`);
          mkdirSync(app);
          writeFileSync(join(app, "index.html"), html("/main.js"));
          writeFileSync(join(app, "main.js"), use("/webbolt/dist/index.js", { worker }) + inPage);
          const octets = (path) => (path.endsWith(".wasm") ? { "content-type": "application/octet-stream" } : {});
          await served({ "/webbolt/": installed + "/", "/": app + "/" }, octets, async (origin) => {
            assert.equal(await outcome(origin + "/"), "ok 7");
          });
        });

        test(`works from another origin, ${place}`, { timeout: 60_000 }, async () => {
          await served({ "/": installed + "/" }, () => ({ "access-control-allow-origin": "*" }), async (elsewhere) => {
            const app = join(folder, `origin-${browser}-${worker}`);
            mkdirSync(app);
            writeFileSync(join(app, "index.html"), html("/main.js"));
            writeFileSync(join(app, "main.js"), use(`${elsewhere}/dist/index.js`, { worker }) + inPage);
            await served({ "/": app + "/" }, undefined, async (origin) => {
              assert.equal(await outcome(origin + "/"), "ok 7");
            });
          });
        });
      }

      test("takes wasmURL and workerURL", { timeout: 60_000 }, async () => {
        const app = join(folder, `urls-${browser}`);
        mkdirSync(app);
        cpSync(join(installed, "dist/webbolt.wasm"), join(app, "engine.wasm"));
        cpSync(join(installed, "dist/worker.js"), join(app, "thread.js"));
        writeFileSync(join(app, "index.html"), html("/main.js"));
        const script = use("/webbolt/dist/index.js", {}).replace("...{}", `wasmURL: new URL("/engine.wasm", location.href), workerURL: new URL("/thread.js", location.href)`);
        writeFileSync(join(app, "main.js"), script + inPage);
        await served({ "/webbolt/dist/webbolt.wasm": "/nowhere/", "/webbolt/dist/worker.js": "/nowhere/", "/webbolt/": installed + "/", "/": app + "/" }, undefined, async (origin) => {
          assert.equal(await outcome(origin + "/"), "ok 7");
        });
      });
    });
  }
});
