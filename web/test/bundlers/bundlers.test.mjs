// The package in the hands of bundlers and frameworks that are large to install: `make test-bundlers`. Those that are
// quick are in ../package.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../browsers.mjs";
import { serve, web } from "../environment.mjs";
import { html, inPage, install, outcome, server, use, write } from "../package/app.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const program = name => join(here, "node_modules/.bin", name);
const run = (folder, name, ...args) =>
  execFileSync(program(name), args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });

describe("large bundlers", { skip: server.skip ?? false }, () => {
  let apps;
  let chrome;
  before(async () => {
    // Beneath this folder, where next and react are found.
    apps = mkdtempSync(join(here, "apps-"));
    const installed = install();
    cpSync(installed.installed, join(apps, "node_modules/webbolt"), { recursive: true });
    installed.remove();
    for (const name of ["neo4j-driver", "neo4j-driver-core", "neo4j-driver-bolt-connection", "rxjs", "tslib"])
      cpSync(realpathSync(join(web, "node_modules", name)), join(apps, "node_modules", name), { recursive: true });
    chrome = await launch("chrome");
  });
  after(async () => {
    await chrome?.close();
    if (apps) rmSync(apps, { recursive: true, force: true });
  });

  async function served(folder, check) {
    const files = await serve({ "/": folder + "/" });
    try {
      return await check(files.origin);
    } finally {
      await files.close();
    }
  }

  for (const worker of [undefined, false]) {
    const place = worker === false ? "without a worker" : "in a worker";

    test(`Parcel, ${place}`, { timeout: 300_000 }, async () => {
      const app = write(join(apps, `parcel-${worker}`), {
        "package.json": '{ "private": true }',
        "index.html": html("main.js"),
        "main.js": use("webbolt", { worker }) + inPage,
      });
      run(app, "parcel", "build", "index.html", "--no-cache", "--dist-dir", "dist");
      await served(join(app, "dist"), async origin => assert.equal(await outcome(chrome, origin + "/"), "ok 7"));
    });

    test(`Bun's bundler, ${place}`, { timeout: 120_000 }, async () => {
      const app = write(join(apps, `bun-${worker}`), {
        "dist/index.html": html("main.js"),
        "main.js": use("webbolt", { worker }) + inPage,
      });
      run(app, "bun", "build", "main.js", "--target", "browser", "--outdir", "dist", "--minify");
      for (const name of ["webbolt.wasm", "worker.js"])
        cpSync(join(apps, "node_modules/webbolt/dist", name), join(app, "dist", name));
      await served(join(app, "dist"), async origin => assert.equal(await outcome(chrome, origin + "/"), "ok 7"));
    });

    test(`Bun itself, ${place}`, { timeout: 120_000 }, () => {
      const app = write(join(apps, `bun-run-${worker}`), {
        "main.js": use("webbolt", { worker }) + "\nconsole.log(await use()); process.exit(0);\n",
      });
      assert.equal(run(app, "bun", "run", "main.js").trim(), "ok 7");
    });
  }

  /** A program with a client component that queries, and a server component that does the same; use.js has the query. */
  function nextApp(folder, files) {
    return write(folder, {
      "package.json": '{ "private": true, "type": "module" }',
      ...files,
      "app/layout.js": "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
      "app/page.js": `"use client";
import { useEffect, useState } from "react";
import { use } from "../use.js";
export default function Page() {
  const [answer, setAnswer] = useState("");
  useEffect(() => { use().catch((error) => [error.name, error.reason, error.message].join(" | ")).then(setAnswer); }, []);
  useEffect(() => { if (answer) document.documentElement.dataset.outcome = answer; }, [answer]);
  return <p>{answer}</p>;
}`,
      "app/server/page.js": `import { use } from "../../use.js";
export const dynamic = "force-dynamic";
export default async function Page() {
  const answer = await use().catch((error) => [error.name, error.reason, error.message].join(" | "));
  return <p id="answer">{answer}</p>;
}`,
    });
  }

  /** What the server component says. */
  async function serverAnswer(origin) {
    const page = await chrome.newPage();
    await page.goto(origin + "/server");
    const answer = await page.$eval("#answer", element => element.textContent);
    await page.close();
    return answer;
  }

  /** A program for neo4j-driver, of which the alias of docs/drop-in.md puts webbolt beneath. */
  const underDriver = `
import neo4j from "neo4j-driver";
export async function use() {
  const driver = neo4j.driver(${JSON.stringify(server.uri)}, neo4j.auth.basic(${JSON.stringify(server.user)}, ${JSON.stringify(server.password)}));
  const { records } = await driver.executeQuery("UNWIND range(1, 7) AS n RETURN n, date() AS day");
  const mine = "_connectionPool" in driver._connectionProvider ? "over its own connections" : "over webbolt";
  await driver.close();
  return [records.length, records[0].get("day") instanceof neo4j.types.Date, mine].join(" ");
}
`;

  for (const [bundler, flags] of [
    ["Turbopack", ["--turbopack"]],
    ["webpack", ["--webpack"]],
  ]) {
    test(`Next.js with an alias beneath neo4j-driver, ${bundler}`, { timeout: 600_000 }, async () => {
      const app = nextApp(join(apps, `next-driver-${bundler}`), {
        "use.js": underDriver,
        "next.config.mjs": `
const alias = { "neo4j-driver-bolt-connection": "webbolt/bolt-connection" };
export default {
  serverExternalPackages: ["neo4j-driver"],
  turbopack: { root: ${JSON.stringify(here)}, resolveAlias: alias },
  webpack(config) {
    Object.assign(config.resolve.alias, alias);
    return config;
  },
  devIndicators: false,
};`,
      });
      run(app, "next", "build", ...flags);
      await started(app, ["start"], async origin => {
        assert.equal(await outcome(chrome, origin + "/"), "7 true over webbolt", "the client component");
        assert.equal(await serverAnswer(origin), "7 true over its own connections", "the server component");
      });
    });
  }

  describe("Next.js", () => {
    for (const [bundler, flags] of [
      ["Turbopack", ["--turbopack"]],
      ["webpack", ["--webpack"]],
    ]) {
      for (const external of [false, true]) {
        const config = external ? "as serverExternalPackages" : "bundled for the server, too";
        let app;
        before(() => {
          app = nextApp(join(apps, `next-${bundler}-${external}`), {
            "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(here)} }, ${external ? 'serverExternalPackages: ["webbolt"], ' : ""}devIndicators: false };`,
            "use.js": use("webbolt", {}),
          });
        });

        test(`${bundler}, production, ${config}`, { timeout: 600_000 }, async () => {
          run(app, "next", "build", ...flags);
          await started(app, ["start"], origin => check(origin, external));
        });

        test(`${bundler}, development, ${config}`, { timeout: 600_000 }, async () => {
          rmSync(join(app, ".next"), { recursive: true, force: true });
          await started(app, ["dev", ...flags], origin => check(origin, external));
        });
      }
    }

    async function check(origin, external) {
      assert.equal(await outcome(chrome, origin + "/"), "ok 7", "the client component");
      const answer = await serverAnswer(origin);
      if (external) assert.equal(answer, "ok 7", "the server component");
      else
        assert.match(
          answer,
          /^ok 7$|^ConnectionUnavailable \| engine \| /,
          "the server component: a bundled package works, or says what to do",
        );
    }
  });
});

/** Starts Next.js, and gives check its address. */
async function started(app, args, check) {
  const port = await freePort();
  const child = spawn(program("next"), [...args, "-p", String(port), "-H", "127.0.0.1"], {
    cwd: app,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  let said = "";
  try {
    await new Promise((resolve, reject) => {
      child.on("exit", code => reject(new Error(`next ended with ${code}: ${said}`)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", text => {
          said += text;
          if (/Ready/.test(said)) resolve();
        });
      }
    });
    await check(`http://127.0.0.1:${port}`);
  } catch (thrown) {
    throw new Error(`${thrown.message}\n${said}`, { cause: thrown });
  } finally {
    process.kill(-child.pid, "SIGTERM");
  }
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await new Promise(resolve => listener.once("listening", resolve));
  const { port } = listener.address();
  await new Promise(resolve => listener.close(resolve));
  return port;
}
