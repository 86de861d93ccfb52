// The page, served by the relay, as a person uses it: links, passwords, queries, failures. In Chromium and in Firefox.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { programOf } from "../browsers.mjs";
import { missing, neo4j, startRelay } from "../environment.mjs";
import { startScripted } from "../scripted.mjs";
import { patience, Workbench } from "./workbench.mjs";

const server = neo4j();
const label = "PageTest" + process.pid;

describe("the page", { skip: server.skip ?? false }, () => {
  let relay;
  before(async () => {
    relay = await startRelay(server.uri);
  });
  after(() => relay?.close());

  for (const browser of ["chrome", "firefox"]) {
    describe(browser, { skip: programOf(browser) ? false : missing(`${browser} is not installed`) }, () => {
      let bench;
      before(async () => {
        bench = await Workbench.launch(browser, relay, server);
      });
      after(() => bench?.close());
      const stored = () => bench.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

      test("draws what its address asks for once the user agrees, and hides the password", async () => {
        await bench.open();
        await bench.ask(
          `MERGE (a:${label} {name: 'Ada', born: date('1815-12-10')}) MERGE (b:${label}:Second {name: 'Grace'}) MERGE (c:${label} {name: 'Mary'}) MERGE (a)-[:KNOWS]->(b) MERGE (b)-[:KNOWS]->(a) MERGE (b)-[:ADMIRES {since: 1990}]->(c)`,
        );
        await bench.open({ auto: "1", query: `MATCH (n:${label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m` });
        const { nodes, relationships, rows } = await bench.shown();
        assert.deepEqual([nodes, relationships, rows], ["3", "3", "4"]);
        assert.ok(!bench.page.url().includes(server.password), bench.page.url());
        assert.equal((await stored()).includes(server.password), false);
        await bench.reads("#legend", new RegExp([label, "Second", "KNOWS", "ADMIRES"].join(".*"), "s"));
        assert.match(
          await bench.text("#status"),
          /4 rows.*3 nodes.*3 relationships.*first row after.*all after.*server/s,
        );
        assert.deepEqual(bench.faults, []);
      });

      test("a link that names a relay waits, says where the password would go, and is not kept", async () => {
        const evil = "wss://evil.example/bolt";
        const link = new URLSearchParams({
          relay: evil,
          query: `CREATE (:${label}Evil)`,
          auto: "1",
          password: "in the link",
        });
        await bench.open({}, { leave: true });
        await bench.page.evaluate(() => localStorage.clear());
        await bench.goto(`/?${link}`);
        await bench.visible("#link-request");
        assert.ok(!bench.page.url().includes("password"), bench.page.url());
        const size = await bench.page.$eval("#link-request dd", element =>
          parseFloat(getComputedStyle(element).fontSize),
        );
        assert.ok(size >= 18, `${size} px are large letters`);
        const asked = await bench.text("#link-request");
        assert.ok(asked.includes(evil) && asked.includes(`${label}Evil`), asked);
        assert.equal((await bench.shown()).state, "idle");
        await bench.click("#link-ignore");
        await bench.click("#run");
        await bench.visible("#password-dialog");
        assert.ok(!(await bench.text("#password-dialog")).includes("evil"), "the relay of a link that was ignored");
        await bench.goto(`/?${link}#again`);
        await bench.click("#link-accept");
        await bench.goto("/");
        assert.ok(!(await stored()).includes("evil.example"), "a link's relay is kept");
        assert.deepEqual(bench.faults, []);
      });

      test("a password that a link asks for says in large letters where it goes", async () => {
        await bench.open({ password: "", relay: "wss://evil.example/bolt" });
        await bench.ask("RETURN 1", "idle");
        await bench.visible("#password-dialog .target-warning");
        assert.match(await bench.text("#password-dialog"), /A link chose where your password goes.*evil\.example/s);
      });

      test("a link's query waits for a click", async () => {
        await bench.open({}, { leave: true });
        await bench.goto(`/?${new URLSearchParams({ query: `CREATE (:${label}Evil)`, auto: "1" })}`);
        await bench.reads(".notice", /comes from the link/);
        assert.equal((await bench.shown()).state, "idle");
        await bench.open();
        await bench.ask(`MATCH (n:${label}Evil) RETURN n`);
        assert.equal((await bench.shown()).rows, "0");
        assert.deepEqual(bench.faults, []);
      });

      test("asks for the password before the first try", async t => {
        const scripted = await startScripted(() => ({ rows: [[7]] }));
        t.after(() => scripted.close());
        await bench.open({ uri: scripted.uri, relay: "off", password: "" });
        await bench.write("RETURN 7 AS n");
        await bench.click("#run");
        await bench.visible("#password-dialog");
        await new Promise(resolve => setTimeout(resolve, 300));
        assert.deepEqual(scripted.logins, [], "logged in without a password");
        await bench.fill("#password-dialog [name=password]", "sesame");
        await bench.click("#password-dialog [type=submit]");
        await bench.state("done");
        assert.equal((await bench.shown()).rows, "1");
        assert.ok(scripted.logins.length > 0 && scripted.logins.every(login => login.includes("sesame")));
        assert.ok(!(await stored()).includes("sesame"), "the password is kept without being asked to");
      });

      test("asks for the right password, and keeps none", async () => {
        await bench.open({}, { leave: true });
        await bench.click("#connection");
        await bench.fill("#connection-form [name=uri]", server.uri);
        await bench.fill("#connection-form [name=user]", server.user);
        await bench.fill("#connection-form [name=password]", "wrong");
        await bench.click("#connect");
        await bench.reads("#connection-fault", /[Uu]nauthorized/);
        await bench.fill("#connection-form [name=password]", server.password);
        await bench.click("#connect");
        await bench.page.waitForFunction(() => document.getElementById("connection").dataset.state === "on", patience);
        const all = await stored();
        assert.ok(all.includes(server.uri) && !all.includes(server.password), all);
        await bench.ask("RETURN 1");
        assert.deepEqual(bench.faults, []);
      });

      test("logs in with a password, a token, a ticket, or not at all, and keeps none", async t => {
        const scripted = await startScripted(() => ({ rows: [[7]] }));
        t.after(() => scripted.close());
        const ways = { basic: "sesame one", bearer: "sesame two", kerberos: "sesame three", none: "" };
        for (const [scheme, secret] of Object.entries(ways)) {
          scripted.logins.length = 0;
          await bench.open({}, { leave: true });
          await bench.click("#connection");
          await bench.fill("#connection-form [name=uri]", scripted.uri);
          if (await bench.page.$eval("[name=useRelay]", box => box.checked)) await bench.click("[name=useRelay]");
          await bench.visible("[name=scheme]");
          await bench.page.select("[name=scheme]", scheme);
          assert.equal((await bench.page.$("#connection-form [name=user]")) !== null, scheme === "basic");
          assert.equal((await bench.page.$("#connection-form [name=keep]")) !== null, scheme === "basic");
          if (scheme === "none") assert.equal(await bench.page.$("#connection-form [name=password]"), null);
          else await bench.fill("#connection-form [name=password]", secret);
          await bench.click("#connect");
          await bench.page.waitForFunction(
            () => document.getElementById("connection").dataset.state === "on",
            patience,
          );
          await bench.ask("RETURN 7 AS n");
          assert.ok(scripted.logins.length > 0);
          for (const login of scripted.logins) assert.ok(login.includes(scheme) && login.includes(secret), login);
          assert.ok(!(await stored()).includes("sesame"), "a secret is kept");
        }
        await bench.page.reload();
        await bench.page.evaluate(() => document.getElementById("link-ignore")?.click());
        await bench.click("#connection");
        assert.equal(await bench.page.$eval("[name=scheme]", ({ value }) => value), "none", "how to log in is kept");
        await bench.page.select("[name=scheme]", "bearer");
        await bench.click("#connect");
        await bench.reads("#password-dialog", /Token/);
        assert.equal(await bench.page.$("#password-dialog [name=keep]"), null, "a token can be kept");
        assert.deepEqual(bench.faults, []);
      });

      test("bounds what a server sends", async t => {
        const at = column => ({
          failure: { message: "wrong", diagnostic_record: { _position: { line: 1, column, offset: 0 } } },
        });
        const deep = Array.from({ length: 60 }).reduce(inner => [inner], 1);
        const answers = {
          huge: at(500_000_000),
          largest: at(2 ** 53 - 1),
          negative: at(-5),
          good: at(3),
          long: { failure: { message: "x".repeat(60_000) } },
          deep: { rows: [[deep]] },
          wide: { rows: [["y".repeat(60_000)]] },
          notified: {
            rows: [],
            summary: {
              notifications: [
                {
                  code: "c",
                  title: "t".repeat(50_000),
                  description: "d",
                  severity: "WARNING",
                  position: { line: 1, column: 500_000_000, offset: 500_000_000 },
                },
              ],
            },
          },
        };
        const scripted = await startScripted(
          query => Object.entries(answers).find(([name]) => query.includes(name))?.[1],
        );
        t.after(() => scripted.close());
        await bench.open({ uri: scripted.uri, relay: "off" });
        for (const name of ["huge", "largest", "negative", "long"]) {
          await bench.ask(`RETURN ${name}`, "failed");
          const { length } = await bench.text("#messages");
          assert.ok(length > 0 && length < 12_000, `${name}: the error has ${length} characters`);
          assert.equal(await bench.text("#status"), "Failed.");
        }
        assert.equal(await bench.page.$(".place"), null);
        await bench.ask("RETURN good", "failed");
        assert.equal(await bench.text(".place"), "RETURN good\n  ^");
        for (const name of ["deep", "wide"]) {
          await bench.ask(`RETURN ${name}`);
          const { length } = await bench.text("#table");
          assert.ok(length < 2000, `${name}: the table has ${length} characters`);
        }
        await bench.ask("RETURN notified");
        await bench.click("#tab-messages");
        await bench.reads("#messages", /more characters/);
        assert.ok((await bench.text("#messages")).length < 5000);
        assert.deepEqual(bench.faults, []);
      });

      test("never mixes the rows of two queries, and says when one failed", async t => {
        const rows = Array.from({ length: 50 }, (_, i) => [i]);
        const scripted = await startScripted(query => {
          if (query.includes("second")) return { rows: [[1], [2]] };
          return query.includes("fails") ? { rows, end: { message: "half way" } } : { rows, stays: true };
        });
        t.after(() => scripted.close());
        await bench.open({ uri: scripted.uri, relay: "off" });
        for (let i = 0; i < 3; i++) {
          await bench.write("RETURN first");
          await bench.click("#run");
          await bench.state("running");
          await bench.page.evaluate(() => webboltPage.write("RETURN second"));
          await bench.page.evaluate(() => webboltPage.run());
          await bench.state("done");
          assert.equal((await bench.shown()).rows, "2");
          assert.match(await bench.text("#status"), /^2 rows/);
        }
        await bench.ask("RETURN fails", "failed");
        await bench.page.evaluate(
          () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        assert.match(await bench.text("#status"), /^Failed after 50 rows/);
        assert.deepEqual(bench.faults, []);
      });

      test("shows errors, and goes on", async () => {
        await bench.open();
        await bench.ask("RETURN nothing", "failed");
        assert.match(await bench.text("#messages"), /Neo\.ClientError\.Statement\.SyntaxError[\s\S]*nothing/);
        await bench.ask("RETURN 1 AS one");
        assert.equal(await bench.page.$("#messages"), null);
        await bench.ask(`CREATE (n:${label}Gone) DELETE n`);
        assert.match(await bench.text("#empty"), /nodes created: 1/);
        assert.deepEqual(bench.faults, []);
      });

      test("works without the relay", async () => {
        await bench.open({ relay: "off" });
        await bench.ask("RETURN 1 AS one");
        assert.equal((await bench.shown()).rows, "1");
        assert.ok(!(await bench.text("#connection")).includes("relay"));
      });

      test("says why there is no server, and checks step by step", async () => {
        await bench.open({ uri: "bolt://127.0.0.1:9", relay: "off" });
        await bench.ask("RETURN 1", "failed");
        assert.match(await bench.text("#messages"), /No connection.*127\.0\.0\.1:9/s);
        await bench.click("#connection");
        await bench.click("#check button");
        await bench.reads("#check", /Address.*This page.*(Login|Connection)/s);
        await bench.fill("#connection-form [name=password]", "any");
        await bench.click("#check button");
        await bench.reads("#check", /Connection[\s\S]*127\.0\.0\.1:9[\s\S]*(server|port)/);
      });

      test("a stop ends the query at the server", async () => {
        await bench.open();
        await bench.write(
          `UNWIND range(1, 1000000000) AS ${label}Endless WITH ${label}Endless WHERE ${label}Endless < 0 RETURN ${label}Endless`,
        );
        await bench.click("#run");
        await bench.click("#stop");
        await bench.state("done");
        assert.match(await bench.text("#status"), /^Stopped/);
        await bench.ask("RETURN 2 AS two");
        assert.equal((await bench.shown()).rows, "1");
        for (let left = 40; ; left--) {
          await bench.ask(
            `SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS '${label}Endless' AND NOT currentQuery STARTS WITH 'SHOW' RETURN currentQuery`,
          );
          if ((await bench.shown()).rows === "0") break;
          assert.ok(left > 0, "the server still runs the query");
          await new Promise(resolve => setTimeout(resolve, 250));
        }
      });

      test("the first screen is there before the WebAssembly", async t => {
        await bench.open({}, { leave: true });
        await bench.page.setRequestInterception(true);
        t.after(() => bench.page.close().then(() => (bench.page = undefined)));
        const held = [];
        bench.page.on("request", request => {
          if (request.url().endsWith(".wasm")) held.push(request);
          else void request.continue();
        });
        await bench.goto("/#anew");
        await bench.page.reload();
        await bench.visible("#welcome");
        await bench.visible("#run");
        const asked = await bench.page.evaluate(() =>
          performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin),
        );
        assert.deepEqual([...new Set(asked)], [relay.page], "nothing is asked of another origin");
      });

      test("tidies up", async () => {
        await bench.open();
        await bench.ask(`MATCH (n:${label}) DETACH DELETE n`);
      });
    });
  }
});
