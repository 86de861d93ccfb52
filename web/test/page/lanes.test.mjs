// Bulk results through the relay, in real browsers: lanes that work, and lanes that do not.
import { deepEqual as equal, ok } from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, serve, startRelay, web } from "../environment.mjs";
import { startLaneProxy } from "../lane-proxy.mjs";

const server = neo4j("5.26");
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ws: http:";

describe("lanes", { skip: server.skip ?? false, concurrency: 1 }, () => {
  let files;
  let relay;
  let proxy;
  before(async () => {
    files = await serve({ "/dist/": web + "dist/", "/": web + "test/page/html/" }, () => ({
      "content-security-policy": policy,
    }));
    relay = await startRelay(server.uri, "-origin", files.origin);
    proxy = await startLaneProxy(relay.url);
  });
  after(() => Promise.all([files.close(), proxy?.close(), relay?.close()]));

  for (const browser of ["chrome", "firefox"]) {
    const without = programOf(browser) ? false : missing(`${browser} is not installed`);
    describe(browser, { skip: without, concurrency: 1 }, () => {
      let running;
      before(async () => {
        running = await launch(browser);
      });
      after(() => running?.close());

      /**
       * Runs a function on a page of its own, with the package and a connection through the proxy, whose lanes are
       * treated as told.
       */
      async function through(way, what) {
        proxy.be(way);
        const page = await running.newPage();
        try {
          await page.goto(files.origin + "/index.html");
          await page.evaluate(
            async settings => {
              const webbolt = await import("/dist/index.js");
              const options = { auth: webbolt.auth.basic(settings.user, settings.password), relay: settings.relay };
              const db = await webbolt.connect(`bolt://${settings.bolt}`, options);
              /** Reads a result of rows numbered from 1, and gives how many there were. */
              const count = async result => {
                let rows = 0;
                for await (const batch of result.batches())
                  for (const { i } of batch) if (i !== ++rows) throw new Error(`row ${rows} is ${i}`);
                return rows;
              };
              globalThis.kit = { ...webbolt, db, count, settings, options };
            },
            { ...server, relay: proxy.url },
          );
          const got = await page.evaluate(`(${what})(kit)`);
          await page.evaluate("kit.db.close()");
          return got;
        } finally {
          await page.close();
        }
      }

      const limit = { timeout: 60_000 };

      test("carry bulk results", limit, async () => {
        equal(
          await through("passing", ({ db, count }) =>
            db.run("UNWIND range(1, 200000) AS i RETURN i, 'name ' + i").then(count),
          ),
          200_000,
        );
        equal(proxy.state.lanes, 1, "one lane for one result");
        equal(proxy.state.left, 0, "which the relay has ended");
      });

      test("summaries tell which way rows came", limit, async () => {
        const ways = await through("passing", async ({ db, connect, settings, options }) => {
          const transport = async (db, n) => {
            const result = await db.run(`UNWIND range(1, ${n}) AS i RETURN i, 'name ' + i`);
            await result.buffer();
            return result.summary().transport;
          };
          const direct = await connect(`bolt://${settings.bolt}`, { ...options, relay: undefined });
          const ways = [await transport(db, 10), await transport(db, 200_000), await transport(direct, 10)];
          await direct.close();
          return ways;
        });
        equal(ways, ["blocks", "lane", "websocket"]);
      });

      test("carry no small ones", limit, async () => {
        equal(
          await through("passing", ({ db, count }) => db.run("UNWIND range(1, 1000) AS i RETURN i").then(count)),
          1000,
        );
        equal(proxy.state.lanes, 0);
      });

      test("carry large rows within the first PULL", limit, async () => {
        const got = await through("holding", async ({ db }) => {
          const query = `WITH reduce(s = 'abcdefgh', i IN range(1, 15) | s + s) AS text
            UNWIND range(1, 100) AS i RETURN i, text`;
          let rows = 0;
          for await (const { i, text } of await db.run(query))
            if (i !== ++rows || text.length !== 1 << 18) throw new Error(`row ${rows} is ${i}, ${text.length} long`);
          return rows;
        });
        equal(got, 100);
        equal(proxy.state.lanes, 1);
        ok(proxy.state.bytes > 1 << 20, `${proxy.state.bytes} bytes came on the lane`);
      });

      test("give the values that come without them", limit, async () => {
        const same = await through("passing", async ({ db, connect, settings, options }) => {
          const query = `UNWIND range(1, 6000) AS i
            CREATE p = (n:LaneTest:Other {i: i, text: 'é東京😀' + i, list: [i, i * 1000000]})-[r:KNOWS {since: date('2020-01-01') + duration({days: i % 900})}]->(m:LaneTest)
            RETURN i, 9007199254740993 + i AS big, i / 7.0 AS f, i % 2 = 0 AS b, CASE WHEN i % 3 = 0 THEN null ELSE 'x' END AS maybe,
              [i, 'a', null, [1.5, 2.5]] AS mixed, {k: i, nested: {l: [i]}} AS map, datetime({epochSeconds: i, timezone: 'Europe/Oslo'}) AS zoned,
              duration({months: i, days: 2, seconds: 3, nanoseconds: 4}) AS d, point({x: i, y: 2.5}) AS place, n, r, p`;
          const read = async db => {
            const rows = [];
            await db
              .executeWrite(async tx => {
                const result = await tx.run(query);
                for await (const record of result)
                  rows.push(
                    JSON.stringify(record, (key, value) =>
                      typeof value === "bigint" ? `${value}n` : /^(identity|start|end)$|id$/i.test(key) ? 0 : value,
                    ),
                  );
                throw new Error("leave nothing behind");
              })
              .catch(thrown => {
                if (thrown.message !== "leave nothing behind") throw thrown;
              });
            return rows;
          };
          const direct = await connect(`bolt://${settings.bolt}`, { ...options, relay: undefined });
          const [ours, theirs] = [await read(db), await read(direct)];
          await direct.close();
          const different = ours.findIndex((row, i) => row !== theirs[i]);
          return different < 0 ? ours.length : `${ours[different]} is not ${theirs[different]}`;
        });
        equal(same, 6000);
        equal(proxy.state.lanes, 1);
      });

      test("columns, graphs and Arrow are made of their blocks", limit, async () => {
        const got = await through("passing", async ({ db }) => {
          const query = "UNWIND range(1, 20000) AS i RETURN i, i * 0.5 AS f";
          const { i, f } = await (await db.run(query)).columns();
          const arrow = await (await db.run(query)).toArrow();
          return {
            sum: i.reduce((a, b) => a + b, 0),
            half: f.reduce((a, b) => a + b, 0),
            typed: i instanceof Int32Array && f instanceof Float64Array,
            arrow: arrow.length > 240_000,
          };
        });
        equal(got, { sum: 200_010_000, half: 100_005_000, typed: true, arrow: true });
      });

      for (const way of ["refusing", "buffering", "silent"]) {
        test(`${way}: the rows come without them`, limit, async () => {
          const rows = await through(way, async ({ db, count }) => {
            const first = await count(await db.run("UNWIND range(1, 30000) AS i RETURN i"));
            await new Promise(resolve => setTimeout(resolve, 4000));
            return [first, await count(await db.run("UNWIND range(1, 30000) AS i RETURN i"))];
          });
          equal(rows, [30_000, 30_000]);
          ok(
            proxy.state.lanes <= (way === "refusing" ? 1 : 2),
            "after one that could not be opened, no more are tried",
          );
        });
      }

      for (const [way, name] of [
        ["breaking", "ConnectionBroken"],
        ["promising too much", "ProtocolError"],
        ["lying", "ProtocolError"],
      ]) {
        test(`${way}: the result fails, and nothing else`, limit, async () => {
          const got = await through(way, async ({ db, count }) => {
            const thrown = await db
              .run("UNWIND range(1, 300000) AS i RETURN i, 'a longer text ' + i")
              .then(count)
              .then(
                () => undefined,
                thrown => thrown,
              );
            return [thrown?.name, (await (await db.run("RETURN 1 AS n")).fetch()).n];
          });
          equal(got, [name, 1]);
        });
      }

      test("three at a time", limit, async () => {
        const rows = await through("passing", async ({ db, count }) => {
          const query = "UNWIND range(1, 100000) AS i RETURN i, 'name ' + i";
          return Promise.all(Array.from({ length: 8 }, async () => count(await db.run(query))));
        });
        equal(rows, new Array(8).fill(100_000));
        ok(proxy.state.most <= 3, `${proxy.state.most} at a time`);
        ok(proxy.state.lanes > 0);
      });

      test("a result that is cancelled or left ends its lane", limit, async () => {
        const got = await through("passing", async ({ db }) => {
          const query = "UNWIND range(1, 5000000) AS i RETURN i, 'a longer text ' + i";
          const controller = new AbortController();
          let name;
          try {
            let rows = 0;
            for await (const batch of (await db.run(query, {}, { signal: controller.signal })).batches())
              if ((rows += batch.length) > 100_000) controller.abort();
          } catch (thrown) {
            name = thrown.name;
          }
          let rows = 0;
          for await (const _ of await db.run(query)) if (++rows === 100_000) break;
          return [name, rows, (await (await db.run("RETURN 1 AS n")).fetch()).n];
        });
        equal(got, ["AbortError", 100_000, 1]);
        equal(proxy.state.lanes, 2);
        equal(proxy.state.open, 0);
      });
    });
  }
});
