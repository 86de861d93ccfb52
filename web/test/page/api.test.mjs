// The whole JavaScript API, in pages of real browsers, against a real Neo4j: in a worker and on the page, direct and through the relay.
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, serve, startRelay, web } from "../environment.mjs";
import { startProxy } from "../proxy.mjs";
import { suites } from "./suites.mjs";

/** The strictest policy under which the package works. */
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ws:";

const server = neo4j();
const skip = server.skip ?? false;

describe("JavaScript API", { skip }, () => {
  let files;
  let relay;
  let proxy;
  before(async () => {
    proxy = await startProxy(server.bolt);
    files = await serve({ "/dist/": web + "dist/", "/suite/": web + "test/page/suite/", "/": web + "test/page/html/" }, () => ({ "content-security-policy": policy }));
    relay = await startRelay(server.uri, "-origin", files.origin, "-allow", proxy.address);
  });
  after(async () => {
    await relay?.close();
    await proxy?.close();
    await files?.close();
  });

  for (const browser of ["chrome", "firefox"]) {
    const without = programOf(browser) ? false : missing(`${browser} is not installed`);
    describe(browser, { skip: without }, () => {
      let running;
      before(async () => {
        running = await launch(browser);
      });
      after(() => running?.close());
      for (const worker of [true, false]) {
        for (const way of ["direct", "relay"]) {
          describe(`${worker ? "worker" : "page"}, ${way}`, () => {
            let page;
            before(async () => {
              page = await running.newPage();
              page.on("console", (message) => message.type() === "error" && console.error("page:", message.text()));
              await page.exposeFunction("cutConnections", () => proxy.cut());
              if (browser === "chrome") {
                const session = await page.createCDPSession();
                await page.exposeFunction("collectGarbage", () => session.send("HeapProfiler.collectGarbage").then(() => {}));
              }
              await page.goto(files.origin + "/index.html");
              const options = { worker, relay: way === "relay" ? relay.url : undefined };
              await page.evaluate((settings) => globalThis.prepare(settings), { server, options, breakable: `bolt://${proxy.address}` });
            });
            after(() => page?.close());
            for (const [suite, names] of Object.entries(suites)) {
              for (const name of names) {
                test(`${suite}: ${name}`, { timeout: 60_000 }, async () => {
                  const fault = await page.evaluate((s, n) => globalThis.runTest(s, n), suite, name);
                  if (fault) throw new Error(fault);
                });
              }
            }
          });
        }
      }
    });
  }
});
