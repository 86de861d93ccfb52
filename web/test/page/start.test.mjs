// What a page loads, and when: nothing of the engine before a connection is opened, then its parts at once.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { fileAt, missing, web } from "../environment.mjs";

const timeout = 60_000;

/**
 * Serves the package, and notes what was asked for. Neither part of the engine is sent before both were asked for, if
 * together is set. policies are Content-Security-Policies by path.
 */
async function startFiles({ together = true, policies = {} } = {}) {
  const asked = [];
  const parts = ["/dist/worker.js", "/dist/webbolt.wasm"].map(path => ({ path, ...Promise.withResolvers() }));
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    asked.push(pathname);
    const part = parts.find(({ path }) => path === pathname);
    part?.resolve();
    if (part && together) await Promise.all(parts.map(({ promise }) => promise));
    if (pathname === "/") {
      response.writeHead(200, { "content-type": "text/html", ...policy("/") });
      response.end("<!doctype html><title>start</title>");
      return;
    }
    const file = fileAt({ "/dist/": web + "dist/" }, pathname);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": file.type, ...policy(pathname) });
    response.end(file.body);
  });
  const policy = path => (policies[path] ? { "content-security-policy": policies[path] } : {});
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    times: path => asked.filter(each => each === path).length,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}

/** Opens a connection to where nobody listens: it is refused by a running engine. */
const refused = () =>
  globalThis.webbolt.Connection.open("bolt://127.0.0.1:1").then(
    () => "opened",
    ({ name, reason }) => `${name} ${reason}`,
  );

const loaded = async () => {
  globalThis.webbolt = await import("/dist/index.js");
};

for (const name of ["chrome", "firefox"]) {
  const without = programOf(name) ? false : missing(`${name} is not installed`);
  describe(`start in ${name}`, { skip: without }, () => {
    let browser;
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser?.close());

    const onPage = async (options, work) => {
      const files = await startFiles(options);
      const page = await browser.newPage();
      try {
        await page.goto(files.origin + "/");
        await page.evaluate(loaded);
        await work(page, files);
      } finally {
        await page.close();
        await files.close();
      }
    };

    test("the engine is loaded when a connection is opened, worker and module at once", { timeout }, () =>
      onPage({}, async (page, files) => {
        assert.equal(files.times("/dist/webbolt.wasm") + files.times("/dist/worker.js"), 0);
        assert.equal(await page.evaluate(refused), "ConnectionUnavailable network");
        assert.equal(await page.evaluate(refused), "ConnectionUnavailable network");
        assert.deepEqual([files.times("/dist/webbolt.wasm"), files.times("/dist/worker.js")], [1, 1]);
      }),
    );

    test("where the page may not compile, the worker does", { timeout }, () =>
      onPage(
        {
          together: false,
          policies: {
            "/": "script-src 'self'; worker-src 'self'; connect-src 'self' ws:",
            "/dist/worker.js": "script-src 'self' 'wasm-unsafe-eval'",
          },
        },
        async page => assert.equal(await page.evaluate(refused), "ConnectionUnavailable network"),
      ),
    );
  });
}
