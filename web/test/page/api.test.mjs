// The whole JavaScript API, in pages of real browsers, against real servers: in a worker and on the page, direct,
// through the relay and over HTTP.
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, serve, startRelay, web } from "../environment.mjs";
import { startNonsense } from "../nonsense.mjs";
import { startProxy } from "../proxy.mjs";
import { suites } from "./suite/suites.js";
import { ways } from "./ways.mjs";

/** The strictest policy under which the package works. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ws: wss: http: https:";

describe("JavaScript API", () => {
  let files;
  let relay;
  let places;
  const ends = [];
  before(async () => {
    files = await serve(
      { "/dist/": web + "dist/", "/suite/": web + "test/page/suite/", "/": web + "test/page/html/" },
      () => ({ "content-security-policy": policy }),
    );
    const [silence, nobody, nonsense] = [await listen(), await listen(), await startNonsense()];
    await nobody.close();
    ends.push(files.close, silence.close, nonsense.close);
    places = {
      silence: silence.address,
      nobody: nobody.address,
      nonsense: nonsense.address,
      nowhere: "nowhere.invalid:7687",
    };
    const { skip, uri } = neo4j("5.26");
    if (skip) return;
    relay = await startRelay(uri, "-origin", files.origin, "-allow", "127.0.0.1:*", "-allow", places.nowhere);
    ends.push(relay.close);
  });
  after(() => Promise.all(ends.map(end => end())));

  for (const browser of ["chrome", "firefox"]) {
    const without = programOf(browser) ? false : missing(`${browser} is not installed`);
    describe(browser, { skip: without, concurrency: 2 }, () => {
      // two ways at once, each of which has a page and a proxy of its own
      let running;
      before(async () => {
        running = await launch(browser);
      });
      after(() => running?.close());
      for (const way of ways.filter(({ suites: wanted }) => wanted[browser].length > 0)) {
        const server = neo4j(way.version);
        describe(way.name, { skip: server.skip ?? false, concurrency: 1 }, () => {
          const address = way.http ? server.http : server.bolt;
          const scheme = way.http ? "http" : "bolt";
          let page;
          let proxy;
          before(async () => {
            proxy = await startProxy(address);
            page = await running.newPage();
            page.on(
              "console",
              message =>
                message.type() === "error" &&
                /panic|fatal|fault/.test(message.text()) &&
                console.error("page:", message.text()),
            );
            await page.exposeFunction("cutConnections", refuse => proxy.cut(refuse ?? false));
            await page.exposeFunction("mendConnections", () => proxy.mend());
            if (browser === "chrome") {
              const session = await page.createCDPSession();
              await page.exposeFunction("collectGarbage", () =>
                session.send("HeapProfiler.collectGarbage").then(() => {}),
              );
            }
            await page.goto(files.origin + "/index.html");
            await page.evaluate(settings => globalThis.prepare(settings), {
              server,
              uri: `${scheme}://${address}`,
              bolt: way.bolt,
              options: { worker: way.worker, relay: way.relay ? relay.url : undefined },
              breakable: `${scheme}://${proxy.address}`,
              places,
            });
          });
          after(async () => {
            await page?.close();
            await proxy?.close();
          });
          for (const suite of way.suites[browser]) {
            for (const name of Object.keys(suites[suite])) {
              test(`${suite}: ${name}`, { timeout: 60_000 }, async t => {
                const { fault, skipped } = await page.evaluate((s, n) => globalThis.runTest(s, n), suite, name);
                if (fault) throw new Error(fault);
                if (skipped) t.skip(skipped);
              });
            }
          }
        });
      }
    });
  }
});

/** Takes connections and says nothing. */
async function listen() {
  const sockets = new Set();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise(listening => server.listen(0, "127.0.0.1", listening));
  return {
    address: `127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise(closed => {
        server.close(closed);
        for (const socket of sockets) socket.destroy();
      }),
  };
}
