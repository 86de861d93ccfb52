// <webbolt-graph> in a page that is not the workbench: its attributes, properties, methods and events, as docs/page.md
// lists them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { launch, programOf } from "../browsers.mjs";
import { missing, neo4j, serve, startRelay, web } from "../environment.mjs";
import { patience } from "./workbench.mjs";

const server = neo4j();
const documented = readFileSync(`${web}../docs/page.md`, "utf8");

describe("<webbolt-graph>", { skip: server.skip ?? false }, () => {
  let files;
  let relay;
  before(async () => {
    files = await serve({ "/dist/": `${web}dist/`, "/": `${web}test/page/html/` });
    relay = await startRelay(server.uri, "-origin", files.origin);
  });
  after(async () => {
    await relay?.close();
    await files?.close();
  });

  for (const name of ["chrome", "firefox"]) {
    describe(name, { skip: programOf(name) ? false : missing(`${name} is not installed`) }, () => {
      let browser;
      let page;
      before(async () => {
        browser = await launch(name);
        page = await browser.newPage();
        await page.setViewport({ width: 700, height: 500 });
        await page.goto(`${files.origin}/element.html`);
        await page.waitForFunction(() => customElements.get("webbolt-graph"), patience);
      });
      after(() => browser?.close());

      /** Puts an element into the page, with attributes, and with a password; its events go to `told`. */
      const put = (attributes, password = server.password) =>
        page.evaluate(
          (given, secret) => {
            document.body.replaceChildren();
            globalThis.told = [];
            globalThis.view = document.createElement("webbolt-graph");
            for (const event of ["drawn", "settled", "select", "expand", "menu", "error"])
              view.addEventListener(`webbolt-${event}`, ({ detail }) =>
                told.push({
                  event,
                  ...detail,
                  graph: detail.graph?.nodeCount,
                  error: detail.error && String(detail.error),
                }),
              );
            view.password = secret;
            for (const [key, value] of Object.entries(given)) view.setAttribute(key, value);
            document.body.append(view);
          },
          attributes,
          password,
        );
      const heard = event =>
        page
          .waitForFunction(wanted => told.find(({ event: was }) => was === wanted), patience, event)
          .then(found => found.jsonValue());
      const connection = () => ({ uri: server.uri, user: server.user, relay: relay.url, database: "neo4j" });
      const two = "UNWIND [1, 2] AS i RETURN {}"; // nothing to draw
      const pair = `CREATE (a:ElementTest {name: $name})-[r:KNOWS]->(b:ElementTest {name: 'b'}) RETURN a, r, b`;

      test("draws its query, and tells what the user does", async () => {
        await page.evaluate(
          async ({ uri, relay: way, user }, password, cypher) => {
            const { connect, auth } = await import("/dist/index.js");
            globalThis.db = await connect(uri, { auth: auth.basic(user, password), relay: way });
            await (await db.run(cypher, { name: "Ada" })).consume();
          },
          connection(),
          server.password,
          pair,
        );
        await put({
          ...connection(),
          query: "MATCH (a:ElementTest)-[r]->(b) RETURN a, r, b ORDER BY a.name",
          theme: "dark",
          "node-limit": "100",
        });
        assert.equal((await heard("drawn")).graph, 2);
        await heard("settled");
        const { x, y } = await page.evaluate(() => view.placeOf(0));
        await page.mouse.click(x, y);
        assert.deepEqual((await heard("select")).nodes, [0]);
        await page.mouse.click(x, y, { count: 2 });
        assert.equal((await heard("expand")).node, 0);
        await page.mouse.click(x, y, { button: "right" });
        assert.equal((await heard("menu")).node, 0);
        await page.evaluate(() => view.fit());
      });

      test("takes parameters, a limit, a connector and a graph of the page's own", async () => {
        await put({ query: "MATCH (n:ElementTest {name: $name}) RETURN n" });
        await page.evaluate(() => {
          view.parameters = { name: "Ada" };
          view.connector = db;
        });
        assert.equal((await heard("drawn")).graph, 1);
        await put({ ...connection(), query: "MATCH (n:ElementTest) RETURN n", "node-limit": "1" });
        assert.equal((await heard("drawn")).graph, 1);
        await put({});
        const nodes = await page.evaluate(async () => {
          view.graph = await (await db.run("MATCH (n:ElementTest) RETURN n")).graph();
          return view.graph.nodeCount;
        });
        assert.equal(nodes, 2);
        await heard("settled");
      });

      test("tells errors, and writes nothing", async () => {
        await put({ ...connection(), query: "RETURN nothing" });
        assert.match((await heard("error")).error, /nothing/);
        await put({ ...connection(), query: "CREATE (n:ElementTestNever) RETURN n" });
        assert.match((await heard("error")).error, /[Ww]rit|access mode/);
        await put({ ...connection(), query: two });
        assert.equal((await heard("drawn")).graph, 0);
        await page.evaluate(async () => {
          await (await db.run("MATCH (n:ElementTest) DETACH DELETE n")).consume();
          await db.close();
        });
      });

      test("has what is documented", async () => {
        const has = await page.evaluate(() => ({
          attributes: customElements.get("webbolt-graph").observedAttributes,
          members: ["connector", "password", "parameters", "graph", "fit", "placeOf"].filter(key => key in view),
        }));
        for (const attribute of has.attributes) assert.ok(documented.includes(`\`${attribute}\``), attribute);
        assert.equal(has.members.length, 6);
        for (const event of ["drawn", "settled", "select", "menu", "expand", "error"])
          assert.ok(documented.includes(`\`webbolt-${event}\``), event);
      });
    });
  }
});
