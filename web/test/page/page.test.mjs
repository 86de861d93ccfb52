// The page, served by the relay, as a person uses it: in Chromium and in Firefox.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, startRelay } from "../environment.mjs";
import { startScripted } from "../scripted.mjs";

const server = neo4j();
const label = "PageTest" + process.pid;
const patience = { timeout: 45_000 };

describe("the page", { skip: server.skip ?? false }, () => {
  let relay;
  before(async () => {
    relay = await startRelay(server.uri);
  });
  after(() => relay?.close());

  for (const browser of ["chrome", "firefox"]) {
    describe(browser, { skip: programOf(browser) ? false : missing(`${browser} is not installed`) }, () => {
      let running;
      let page;
      let faults;

      before(async () => {
        running = await launch(browser);
      });
      after(() => running?.close());

      /** Opens the page anew, with nothing remembered, and settings in its address, which are accepted unless they are to be left. */
      async function open(settings = {}, { leave = false } = {}) {
        await page?.close();
        page = await running.newPage();
        faults = [];
        page.on("pageerror", (error) => faults.push(String(error)));
        await page.setViewport({ width: 1200, height: 800 });
        const fragment = new URLSearchParams({ uri: server.uri, user: server.user, password: server.password, auto: "0", ...settings });
        await page.goto(`${relay.page}/#${fragment}`);
        await state("idle", "running", "done", "failed");
        if (leave) return;
        await page.click("#link-accept");
        if (settings.auto === "1") await state("done", "failed");
      }

      const state = (...wanted) => page.waitForFunction((states) => states.includes(document.body.dataset.state), patience, wanted);
      const shown = () => page.evaluate(() => ({ ...document.body.dataset }));
      const text = (selector) => page.$eval(selector, (element) => element.innerText);
      const visible = (selector) => page.waitForFunction((s) => document.querySelector(s)?.checkVisibility(), patience, selector);

      /** Firefox has no WebGL where there is neither a graphics driver nor a display. */
      const hasWebGL = () => page.evaluate(() => document.createElement("canvas").getContext("webgl2") !== null);

      async function ask(query, outcome = "done") {
        await page.evaluate((typed) => {
          const box = document.getElementById("query");
          box.value = typed;
          box.focus();
        }, query);
        await page.keyboard.down("Control");
        await page.keyboard.press("Enter");
        await page.keyboard.up("Control");
        await state(outcome);
      }

      test("draws what its address asks for, and hides the password", async () => {
        await open();
        await ask(`MERGE (a:${label} {name: 'Ada', born: date('1815-12-10')}) MERGE (b:${label}:Second {name: 'Grace'}) MERGE (c:${label} {name: 'Mary'}) MERGE (a)-[:KNOWS]->(b) MERGE (b)-[:KNOWS]->(a) MERGE (b)-[:ADMIRES {since: 1990}]->(c)`);
        await open({ auto: "1", query: `MATCH (n:${label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m` });
        await state("done");
        const { nodes, relationships, rows } = await shown();
        assert.deepEqual([nodes, relationships, rows], ["3", "3", "4"]);
        assert.ok(!page.url().includes(server.password), page.url());
        assert.equal(await page.evaluate(() => JSON.stringify(localStorage)).then((stored) => stored.includes(server.password)), false);
        const legend = await text("#legend");
        for (const part of [label, "Second", "KNOWS", "ADMIRES"]) assert.ok(legend.includes(part), legend);
        assert.match(await text("#status"), /4 rows.*3 nodes.*3 relationships.*first row after.*all after.*server/s);
        assert.ok(await page.$((await hasWebGL()) ? "#graph canvas" : "#graph .note"), "it is drawn, or the page says why not");
        assert.deepEqual(faults, []);
      });

      test("shows a node that is clicked, and its neighbours", async (t) => {
        await open({ auto: "1", query: `MATCH (n:${label} {name: 'Grace'}) RETURN n` });
        await state("done");
        if (!(await hasWebGL())) {
          t.skip("this browser has no WebGL without a display");
          return;
        }
        await page.waitForFunction(() => webboltPage.placeOf(0), patience);
        const place = await page.evaluate(() => webboltPage.placeOf(0));
        await page.mouse.move(place.x - 1, place.y);
        await page.mouse.click(place.x, place.y);
        await visible("#details");
        const details = await text("#details");
        assert.ok(details.includes("Grace") && details.includes(label) && details.includes("Second"), details);
        await page.click("#details .button");
        await page.waitForFunction(() => document.body.dataset.nodes === "3", patience);
        assert.equal((await shown()).relationships, "3");
        await page.click("#zoom-in");
        await page.click("#zoom-fit");
        await page.click("#details .icon");
        assert.equal(await page.$eval("#details", (details) => details.hidden), true);
        assert.deepEqual(faults, []);
      });

      test("shows a table, of which only what is in sight exists", async () => {
        await open();
        await ask("UNWIND range(1, 20000) AS n RETURN n, n * 0.5 AS half, 'row ' + n AS text, null AS nothing");
        assert.equal((await shown()).rows, "20000");
        await visible("#view-table");
        assert.ok((await text("#table")).includes("row 1"));
        const made = await page.$$eval("#table .row", (rows) => rows.length);
        assert.ok(made > 10 && made < 100, `${made} rows are made`);
        await page.$eval("#table", (table) => (table.scrollTop = table.scrollHeight));
        await page.waitForFunction(() => document.getElementById("table").innerText.includes("row 20000"), patience);
        assert.deepEqual(faults, []);
      });

      test("shows errors, and goes on", async () => {
        await open();
        await ask("RETURN nothing", "failed");
        await visible("#view-error");
        const shownError = await text("#view-error");
        assert.ok(shownError.includes("Neo.ClientError.Statement.SyntaxError") && shownError.includes("nothing"), shownError);
        await ask("RETURN 1 AS one");
        assert.equal(await page.$eval("#tab-error", (tab) => tab.hidden), true);
        await ask(`CREATE (n:${label}Gone) DELETE n`);
        assert.match(await text("#empty"), /nodes created: 1/);
        assert.deepEqual(faults, []);
      });

      test("asks for the right password", async () => {
        await open();
        await page.goto(`${relay.page}/`);
        await state("idle");
        await page.click("#connection");
        const fill = (name, value) => page.$eval(`#settings [name=${name}]`, (field, text) => (field.value = text), value);
        await fill("uri", server.uri);
        await fill("user", server.user);
        await fill("password", "wrong");
        await page.click("#settings [type=submit]");
        await page.waitForFunction(() => /[Uu]nauthorized/.test(document.getElementById("settings-message").innerText), patience);
        await fill("password", server.password);
        await page.click("#settings [type=submit]");
        await page.waitForFunction(() => document.getElementById("connection").dataset.state === "on", patience);
        const stored = await page.evaluate(() => JSON.stringify(localStorage));
        assert.ok(stored.includes(server.uri) && !stored.includes(server.password), stored);
        await ask("RETURN 1");
        assert.deepEqual(faults, []);
      });

      test("works without the relay", async () => {
        await open({ relay: "off" });
        await ask("RETURN 1 AS one");
        assert.equal((await shown()).rows, "1");
        assert.ok(!(await text("#connection")).includes("relay"));
      });

      test("says why there is no server", async () => {
        await open({ uri: "bolt://127.0.0.1:9", relay: "off" });
        await ask("RETURN 1", "failed");
        assert.match(await text("#view-error"), /No connection.*127\.0\.0\.1:9/s);
      });

      test("stops a query", async () => {
        await open();
        await page.evaluate(() => (document.getElementById("query").value = "UNWIND range(1, 1000000000) AS n WITH n WHERE n < 0 RETURN n"));
        await page.click("#run");
        await visible("#stop");
        await page.click("#stop");
        await state("done");
        await ask("RETURN 2 AS two");
        assert.equal((await shown()).rows, "1");
      });

      test("keeps a history", async () => {
        await open();
        await ask("RETURN 'first'");
        await ask("RETURN 'second'");
        await page.focus("#query");
        for (let i = 0; i < 2; i++) {
          await page.keyboard.down("Alt");
          await page.keyboard.press("ArrowUp");
          await page.keyboard.up("Alt");
        }
        assert.equal(await page.$eval("#query", (box) => box.value), "RETURN 'first'");
        await page.click("#history-button");
        assert.match(await text("#history"), /RETURN 'second'/);
      });

      test("changes between light and dark", async () => {
        await open();
        const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const before = await ground();
        await page.click("#theme-button");
        assert.notEqual(await ground(), before);
      });

      test("a link that names a relay waits, says where the password would go, and is not kept", async () => {
        await open();
        await page.evaluate(() => localStorage.clear());
        const evil = "wss://evil.example/bolt";
        const link = new URLSearchParams({ relay: evil, query: `CREATE (:${label}Evil)`, auto: "1", password: "in the link" });
        await page.goto(`${relay.page}/?${link}`);
        await visible("#link-request");
        assert.ok(!page.url().includes("password"), page.url());
        const size = await page.$eval("#link-request dd", (element) => parseFloat(getComputedStyle(element).fontSize));
        assert.ok(size >= 18, `${size} px are large letters`);
        const asked = await text("#link-request");
        assert.ok(asked.includes(evil) && asked.includes(`${label}Evil`), asked);
        assert.equal((await shown()).state, "idle");
        await page.click("#link-ignore");
        await page.click("#run");
        await visible("#settings");
        assert.equal(await page.$eval("#settings [name=relay]", (field) => field.value), "", "the relay of a link that was ignored");
        await page.goto(`${relay.page}/?${link}#again`);
        await visible("#link-request");
        await page.click("#link-accept");
        await page.goto(`${relay.page}/`);
        await state("idle");
        assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage))).includes("evil"), "a link's relay is kept");
        assert.deepEqual(faults, []);
      });

      test("a link's query waits for a click", async () => {
        await open();
        await page.goto(`${relay.page}/?${new URLSearchParams({ query: `CREATE (:${label}Evil)`, auto: "1" })}`);
        await state("idle");
        assert.equal(await page.$eval("#query", (box) => box.value), `CREATE (:${label}Evil)`);
        assert.match(await text("#status"), /comes from the link/);
        await open();
        await ask(`MATCH (n:${label}Evil) RETURN n`);
        assert.equal((await shown()).rows, "0");
        assert.deepEqual(faults, []);
      });

      test("asks for the password before the first try", async (t) => {
        const scripted = await startScripted(() => ({ rows: [[7]] }));
        t.after(() => scripted.close());
        await open({ uri: scripted.uri, relay: "off", password: "" });
        await page.click("#run");
        await visible("#settings");
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.deepEqual(scripted.logins, [], "logged in without a password");
        await page.type("#settings [name=password]", "sesame");
        await page.click("#settings [type=submit]");
        await state("done");
        assert.equal((await shown()).rows, "1");
        assert.ok(scripted.logins.length > 0 && scripted.logins.every((login) => login.includes("sesame")));
      });

      test("bounds what a server sends", async (t) => {
        const at = (column) => ({ failure: { message: "wrong", diagnostic_record: { _position: { line: 1, column, offset: 0 } } } });
        const answers = { huge: at(500_000_000), largest: at(2 ** 53 - 1), negative: at(-5), good: at(3), long: { failure: { message: "x".repeat(60_000) } } };
        const scripted = await startScripted((query) => Object.entries(answers).find(([name]) => query.includes(name))?.[1]);
        t.after(() => scripted.close());
        await open({ uri: scripted.uri, relay: "off" });
        for (const name of Object.keys(answers)) {
          await ask(`RETURN ${name}`, "failed");
          const { length } = await text("#view-error");
          assert.ok(length > 0 && length < 12_000, `${name}: the error has ${length} characters`);
          assert.ok(!/Running|receiving/.test(await text("#status")), await text("#status"));
        }
        assert.equal(await page.$(".place"), null);
        await ask("RETURN good", "failed");
        assert.equal(await text(".place"), "RETURN good\n  ^");
        assert.deepEqual(faults, []);
      });

      test("never mixes the rows of two queries, and says when one failed", async (t) => {
        const rows = Array.from({ length: 50 }, (_, i) => [i]);
        const scripted = await startScripted((query) => {
          if (query.includes("second")) return { rows: [[1], [2]] };
          return query.includes("fails") ? { rows, end: { message: "half way" } } : { rows, stays: true };
        });
        t.after(() => scripted.close());
        await open({ uri: scripted.uri, relay: "off" });
        for (let i = 0; i < 3; i++) {
          await page.evaluate(() => (document.getElementById("query").value = "RETURN first"));
          await page.click("#run");
          await page.waitForFunction(() => document.body.dataset.state === "running", patience);
          await ask("RETURN second");
          assert.equal((await shown()).rows, "2");
          assert.match(await text("#status"), /^2 rows/);
        }
        await ask("RETURN fails", "failed");
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        assert.match(await text("#status"), /^Failed after 50 rows/);
        assert.deepEqual(faults, []);
      });

      test("tidies up", async () => {
        await open();
        await ask(`MATCH (n:${label}) DETACH DELETE n`);
        await page.close();
        page = undefined;
      });
    });
  }
});
