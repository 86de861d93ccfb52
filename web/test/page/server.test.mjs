// What the page does to a server: queries, transactions and connections that are ended, and the relay's metrics.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createServer } from "node:http";
import { Connection } from "../../dist/index.js";
import { programOf } from "../browsers.mjs";
import { freePort, missing, neo4j, startRelay } from "../environment.mjs";
import { startScripted } from "../scripted.mjs";
import { patience, Workbench } from "./workbench.mjs";

const server = neo4j();

describe("the page and its server", { skip: server.skip ?? false }, () => {
  let relay;
  let metrics;
  before(async () => {
    metrics = `127.0.0.1:${await freePort()}`;
    relay = await startRelay(server.uri, "-admin", metrics);
  });
  after(() => relay?.close());

  for (const browser of ["chrome", "firefox"]) {
    describe(browser, { skip: programOf(browser) ? false : missing(`${browser} is not installed`) }, () => {
      const marker = `Endless${process.pid}${browser}`;
      let bench;
      before(async () => {
        bench = await Workbench.launch(browser, relay, server);
      });
      after(() => bench?.close());

      /** A query of ours that never ends by itself, on a connection of its own. */
      const endless = async t => {
        const { user: principal, password: credentials } = server;
        const cx = await Connection.open(server.uri, {
          auth: { scheme: "basic", principal, credentials },
          userAgent: marker,
        });
        t.after(() => cx.close().catch(() => {}));
        const work = cx
          .runProg("", `UNWIND range(1, 1000000000) AS ${marker} WITH ${marker} WHERE ${marker} < 0 RETURN ${marker}`)
          .then(result => result.consume())
          .then(
            () => "it ended by itself",
            thrown => thrown.message,
          );
        return { work, cx };
      };
      const there = () =>
        bench.page.waitForFunction(
          wanted => [...document.querySelectorAll("#admin-view tbody tr")].some(row => row.innerText.includes(wanted)),
          patience,
          marker,
        );
      const gone = () =>
        bench.page.waitForFunction(
          wanted => {
            const view = document.getElementById("admin-view");
            return view.querySelector("tbody") && !view.querySelector("tbody").innerText.includes(wanted);
          },
          patience,
          marker,
        );
      const button = work =>
        bench.page.$$eval(
          "#admin-view tbody tr",
          (rows, wanted, does) => {
            const found = rows.find(({ innerText }) => innerText.includes(wanted)).querySelector("button");
            if (does === "click") found.click();
            return { disabled: found.disabled, title: found.title };
          },
          marker,
          work,
        );
      const open = async view => {
        await bench.open();
        await bench.ask("RETURN 1");
        await bench.click("#room-admin");
        await bench.click(`#admin-${view}`);
      };

      for (const view of ["transactions", "queries", "connections"]) {
        test(`what runs in the view of ${view} is terminated after a question, and goes`, async t => {
          const { work } = await endless(t);
          await open(view);
          await there();
          await button("click");
          await bench.reads("#question", /Terminate .+\?/);
          assert.ok((await bench.text("#question")).includes(marker), "the question does not say what it ends");
          await bench.page.$$eval("#question button", ([cancel]) => cancel.click());
          await there();
          await button("click");
          await bench.click("#question .danger");
          const told = await work;
          assert.match(told, /terminated|broke|closed|connection/i);
          assert.notEqual(told, "it ended by itself");
          await gone();
          await bench.reads("#live-told", /\S+: \S+/);
          assert.deepEqual(bench.faults, []);
        });
      }

      test("a read-only connection terminates nothing, and says why", async t => {
        const { cx, work } = await endless(t);
        t.after(() => bench.page.evaluate(() => localStorage.clear())); // the page would stay read-only
        await bench.open();
        await bench.click("#connection");
        await bench.fill("#connection-form [name=password]", server.password);
        await bench.click("#connection-form [name=readonly]");
        await bench.click("#connect");
        await bench.visible("#readonly");
        await bench.click("#room-admin");
        await bench.click("#admin-transactions");
        await there();
        assert.deepEqual(await button("look"), { disabled: true, title: "This connection is read-only." });
        await cx.close();
        await work;
      });

      test("a server that refuses to terminate is quoted", async t => {
        const refusal = "Permission denied: this user terminates nothing.";
        const scripted = await startScripted(query => {
          if (query.includes("SHOW TRANSACTIONS"))
            return {
              fields: ["transactionId", "username", "database", "currentQuery", "status"],
              rows: [["neo4j-transaction-7", "neo4j", "neo4j", marker, "Running"]],
            };
          return /TERMINATE|kill/.test(query) ? { failure: { message: refusal } } : { rows: [] };
        });
        t.after(() => scripted.close());
        await bench.open({ uri: scripted.uri, relay: "off" });
        await bench.ask("RETURN 1");
        await bench.click("#room-admin");
        await bench.click("#admin-transactions");
        await there();
        await button("click");
        await bench.click("#question .danger");
        await bench.reads("#live-told", /was not terminated.*Permission denied/);
        await there();
      });

      test("the relay's metrics are read where it tells them", async t => {
        const proxy = await allowing(metrics, relay.page);
        t.after(() => proxy.close());
        await open("relay");
        await bench.reads("#admin-view", /Write its address above/);
        await bench.fill("#relay-admin", "http://127.0.0.1:9");
        await bench.page.$eval("#relay-admin", field => field.form.requestSubmit());
        await bench.reads("#admin-view", /Is this the address/);
        await bench.fill("#relay-admin", proxy.origin);
        await bench.page.$eval("#relay-admin", field => field.form.requestSubmit());
        await bench.reads("#admin-view", /connections[\s\S]*\d/);
        assert.deepEqual(bench.faults, []);
      });
    });
  }
});

/** A proxy before the relay's admin listener that lets pages of an origin read it. */
async function allowing(upstream, origin) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(`http://${upstream}${request.url}`);
    response.writeHead(answer.status, { "access-control-allow-origin": origin, "content-type": "text/plain" });
    response.end(await answer.text());
  });
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}
