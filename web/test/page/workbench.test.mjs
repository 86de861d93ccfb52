// The workbench's rooms against a real server: editor, parameters, transactions, graph, table, plan, server,
// connection. In Chromium and in Firefox.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { Connection } from "../../dist/index.js";
import { programOf } from "../browsers.mjs";
import { missing, neo4j, startRelay } from "../environment.mjs";
import { patience, Workbench } from "./workbench.mjs";

const server = neo4j();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("the workbench", { skip: server.skip ?? false }, () => {
  let relay;
  before(async () => {
    relay = await startRelay(server.uri);
  });
  after(() => relay?.close());

  for (const browser of ["chrome", "firefox"]) {
    describe(browser, { skip: programOf(browser) ? false : missing(`${browser} is not installed`) }, () => {
      const label = `BenchTest${process.pid}${browser}`; // a browser's data is not in the way of the next
      let bench;
      before(async () => {
        bench = await Workbench.launch(browser, relay, server);
        await bench.open();
        await bench.ask(
          `CREATE (a:${label}:Person {name: 'Ada', born: 1815}), (b:${label}:Person {name: 'Grace', born: 1906}), (c:${label}:City {name: 'Lund'}), (d:${label}:City {name: 'Oslo'}), (a)-[:KNOWS {since: 1999}]->(b), (a)-[:IN]->(c), (b)-[:IN]->(c), (b)-[:IN]->(d)`,
        );
      });
      after(async () => {
        await bench?.close();
        const { user: principal, password: credentials } = server;
        const cx = await Connection.open(server.uri, { auth: { scheme: "basic", principal, credentials } });
        await (await cx.runProg("", `MATCH (n:${label}) DETACH DELETE n`)).consume();
        await cx.close();
      });
      const counts = async () => {
        const { nodes, relationships } = await bench.shown();
        return [Number(nodes), Number(relationships)];
      };
      const table = pattern => bench.reads("#table", pattern);

      describe("editor", () => {
        test("colours, completes from the server's schema, and underlines what is wrong", async () => {
          await bench.open();
          await bench.ask("RETURN 1");
          await bench.write("");
          await bench.page.waitForFunction(
            () => document.getElementById("editor").shadowRoot?.querySelector(".cm-content"),
            patience,
          );
          await bench.page.evaluate(() =>
            document.getElementById("editor").shadowRoot.querySelector(".cm-content").focus(),
          );
          await bench.page.keyboard.type(`MATCH (n:${label.slice(0, -1)}`, { delay: 5 });
          const inEditor = (selector, pattern) =>
            bench.page.waitForFunction(
              (wanted, text) =>
                [...document.getElementById("editor").shadowRoot.querySelectorAll(wanted)].some(element =>
                  element.textContent.includes(text),
                ),
              patience,
              selector,
              pattern,
            );
          await inEditor(".cy-keyword", "MATCH");
          await inEditor(".cm-tooltip-autocomplete li", label);
          await bench.page.keyboard.press("Escape");
          for (const [text, proposal] of [
            ["RETURN toUpp", "toUpper"],
            ["MATCH ()-[:KNO", "KNOWS"],
          ]) {
            await bench.write("");
            await bench.page.keyboard.type(text, { delay: 5 });
            await inEditor(".cm-tooltip-autocomplete li", proposal);
            await bench.page.keyboard.press("Escape");
          }
          await bench.write("MATCH (n:Person RETURN n");
          await inEditor(".cm-lintRange-error", "RETURN");
          await bench.ask("RETURN nothing", "failed");
          await inEditor(".cm-lintRange-error", "nothing");
          await bench.ask(`MATCH (a:${label}), (b:${label}) RETURN count(*) AS pairs`);
          await inEditor(".cm-lintRange-info", "MATCH");
          assert.deepEqual(bench.faults, []);
        });

        test("formats a query", async () => {
          await bench.write("match (n) return n");
          await bench.click("#format");
          await bench.page.waitForFunction(
            () =>
              document
                .getElementById("editor")
                .shadowRoot.querySelector(".cm-content")
                .textContent.includes("MATCH (n)"),
            patience,
          );
        });

        test("runs statements one after the other, and none after one that fails", async () => {
          await bench.ask("RETURN 1 AS first; RETURN 2 AS second; // a comment; only\nRETURN 3 AS third");
          assert.equal(await bench.page.$$eval(".statements button", buttons => buttons.length), 3);
          await table(/third/);
          await bench.page.$$eval(".statements button", ([first]) => first.click());
          await table(/first/);
          await bench.ask("RETURN 1 AS fine; RETURN broken; RETURN 3", "failed");
          assert.deepEqual(
            await bench.page.$$eval(".statements button", buttons => buttons.map(({ dataset }) => dataset.state)),
            ["done", "failed", "skipped"],
          );
        });

        test("keeps history and favourites, but no passwords", async () => {
          await bench.ask("RETURN 'in the history'");
          await bench.ask("ALTER USER nobody_at_all SET PASSWORD 'not in the history'", "failed");
          await bench.click("#history-button");
          assert.match(await bench.text("#history"), /in the history/);
          assert.ok(!(await bench.text("#history")).includes("PASSWORD"));
          await bench.write("RETURN 'kept'");
          await bench.click("#favourites-button");
          await bench.fill("[aria-label='Name of the favourite']", "my query");
          await bench.page.$eval("[aria-label='Name of the favourite']", field => field.form.requestSubmit());
          await bench.reads("#favourites", /my query/);
          await bench.page.reload();
          await bench.state("idle");
          await bench.page.evaluate(() => document.getElementById("link-ignore")?.click());
          await bench.click("#favourites-button");
          await bench.reads("#favourites", /my query/);
        });
      });

      test("parameters are typed as Cypher literals", async () => {
        await bench.open();
        await bench.click("#parameters-button");
        const parameter = async (name, literal) => {
          await bench.click("#parameter-add");
          await bench.page.waitForFunction(
            () => [...document.querySelectorAll(".parameter [aria-label=Name]")].at(-1)?.value === "",
            patience,
          );
          const last = (await bench.page.$$(".parameter")).length;
          await bench.fill(`.parameter:nth-child(${last}) input`, name);
          await bench.fill(`.parameter:nth-child(${last}) textarea`, literal);
        };
        await parameter("float", "10.0");
        await parameter("day", "date('2024-12-31')");
        await parameter("map", "{list: [1, null, 'x']}");
        await bench.ask("RETURN 7 / $float AS share, $day.month AS month, $map.list[2] AS last");
        await table(/0\.7[\s\S]*12[\s\S]*x/);
        await bench.fill(".parameter:nth-child(1) textarea", "10.0.0");
        await bench.reads(".parameter:nth-child(1)", /At character 5/);
        await bench.write("RETURN $float");
        await bench.click("#run");
        await bench.reads(".notice.bad", /\$float/);
        assert.equal(
          await bench.page.evaluate(() => JSON.stringify({ ...localStorage }).includes("2024-12-31")),
          false,
          "parameters are kept without being asked to",
        );
        assert.deepEqual(bench.faults, []);
      });

      test("a transaction by hand: begin, run, roll back, commit", async () => {
        await bench.open();
        await bench.click("#begin-button");
        await bench.fill("#begin [name=metadata]", `{app: '${label}'}`);
        await bench.fill("#begin [name=timeout]", "60");
        await bench.click("#begin [type=submit]");
        await bench.reads("#transaction", /Write transaction.*open for/s);
        await bench.ask(`CREATE (n:${label}Tx) RETURN count(n) AS made`);
        await bench.ask(`MATCH (n:${label}Tx) RETURN count(n) AS within`);
        await table(/within[\s\S]*1/);
        await bench.click("#room-admin");
        await bench.click("#admin-transactions");
        await bench.reads("#admin-view", /neo4j-transaction/);
        await bench.click("#room-query");
        const warned = await bench.page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
        assert.ok(warned, "leaving the page is not warned of");
        await bench.click("#rollback");
        await bench.reads(".transaction-end", /Rolled back/);
        await bench.ask(`MATCH (n:${label}Tx) RETURN count(n) AS left`);
        await table(/left\s*1\s*0/);
        await bench.click("#begin-button");
        await bench.click("#begin [type=submit]");
        await bench.ask(`CREATE (:${label}:Committed)`);
        await bench.click("#commit");
        await bench.reads(".transaction-end", /Committed/);
        await bench.ask(`MATCH (n:${label}:Committed) DELETE n RETURN count(*) AS there`);
        await table(/there\s*1\s*1/);
        await bench.click("#begin-button");
        await bench.click("#begin [value=read]");
        await bench.click("#begin [type=submit]");
        await bench.reads("#transaction", /Read transaction/);
        await bench.ask(`CREATE (:${label})`, "failed");
        await bench.reads(".transaction-end", /ended/);
        assert.deepEqual(bench.faults, []);
      });

      describe("graph", () => {
        const graph = async (query = `MATCH (a:${label} {name: 'Ada'}) RETURN a`) => {
          await bench.open();
          await bench.ask(query);
          await bench.still();
        };

        test("shows details, expands, collapses, hides and reveals", async () => {
          await graph();
          await bench.clickNode(0);
          await bench.reads("#details", /Ada[\s\S]*Person[\s\S]*born[\s\S]*1815/);
          await bench.click("#expand");
          await bench.page.waitForFunction(() => document.body.dataset.nodes === "3", patience);
          await bench.still();
          await bench.click("#collapse");
          await bench.reads(".graph-told", /hidden/);
          await bench.click("#reveal");
          await bench.click("#hide");
          await bench.page.waitForFunction(() => document.getElementById("details") === null, patience);
          assert.deepEqual(bench.faults, []);
        });

        test("finds a shortest path, and relationships between what is shown", async () => {
          await graph(`MATCH (n:${label}) WHERE n.name IN ['Ada', 'Oslo'] RETURN n ORDER BY n.name`);
          await bench.clickNode(0);
          await bench.clickNode(1, { modifier: "Shift" });
          await bench.reads("#details", /2 nodes/);
          await bench.click("#path");
          await bench.reads(".graph-told", /path of [23] relationships/);
          assert.deepEqual(
            (await counts()).map(n => n >= 2),
            [true, true],
          );
          await graph(`MATCH (n:${label}) RETURN n`);
          assert.deepEqual(await counts(), [4, 0]);
          await bench.click("#between");
          await bench.page.waitForFunction(() => document.body.dataset.relationships === "4", patience);
        });

        test("several are chosen by a box, and details name relationships, too", async () => {
          await graph(`MATCH (n:${label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m`);
          const places = await bench.page.evaluate(() => [0, 1, 2, 3].map(node => webboltPage.placeOf(node)));
          const edge = (pick, key) => pick(...places.map(place => place[key]));
          await bench.page.keyboard.down("Shift");
          await bench.page.mouse.move(edge(Math.min, "x") - 25, edge(Math.min, "y") - 25);
          await bench.page.mouse.down();
          await bench.page.mouse.move(edge(Math.max, "x"), edge(Math.max, "y"));
          await bench.page.mouse.move(edge(Math.max, "x") + 25, edge(Math.max, "y") + 25);
          await bench.page.mouse.up();
          await bench.page.keyboard.up("Shift");
          await bench.reads("#details", /4 nodes/);
          await graph(`MATCH (a:${label} {name: 'Ada'})-[r:KNOWS]->(b) RETURN a, r, b`);
          const [from, to] = await bench.page.evaluate(() => [0, 1].map(node => webboltPage.placeOf(node)));
          await bench.page.mouse.click((from.x + to.x) / 2, (from.y + to.y) / 2);
          await bench.reads("#details", /KNOWS[\s\S]*since[\s\S]*1999/);
        });

        test("searches, picks out, pins, and keeps how labels look", async () => {
          await graph(`MATCH (n:${label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m`);
          assert.deepEqual(await counts(), [4, 4]);
          await bench.fill("#search", "grac");
          await bench.reads("#details", /Grace/);
          await bench.click("#pin");
          await bench.click(".legend-name");
          await bench.click("[aria-label^='Look of']");
          await bench.click(".swatch[aria-label='#e0567a']");
          const kept = await bench.page.evaluate(() => localStorage["webbolt.styles"]);
          assert.match(kept, /#e0567a/);
        });

        test("keys move, expand and hide", async () => {
          await graph();
          await bench.page.focus("#graph");
          await bench.page.keyboard.press("ArrowRight");
          await bench.reads("#details", /Ada/);
          await bench.page.keyboard.press("Enter");
          await bench.page.waitForFunction(() => document.body.dataset.nodes === "3", patience);
          await bench.page.keyboard.press("+");
          await bench.page.keyboard.press("f");
          await bench.page.keyboard.press("Delete");
          await bench.page.waitForFunction(() => document.getElementById("details") === null, patience);
        });

        test("says that not all is drawn, and offers more", async () => {
          await graph(`UNWIND range(1, 5100) AS i CALL { WITH i CREATE (n:${label}Many {i: i}) RETURN n } RETURN n`);
          assert.deepEqual(await counts(), [5000, 0]);
          await bench.reads(".graph-told", /first 5.000 nodes/);
          await bench.click("#draw-more");
          await bench.page.waitForFunction(() => document.body.dataset.nodes === "5100", patience);
          await bench.ask(`MATCH (n:${label}Many) DETACH DELETE n`);
        });

        test("exports PNG, SVG and JSON", async () => {
          await graph(`MATCH (n:${label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m`);
          const file = async format => {
            await bench.click("#export-graph");
            return bench.download(() => bench.click(`#export-${format}`));
          };
          const { nodes, relationships } = JSON.parse((await file("json")).text);
          assert.deepEqual([nodes.length, relationships.length], [4, 4]);
          assert.ok(nodes.some(({ properties }) => properties.name === "Ada"));
          const svg = await file("svg");
          assert.ok(svg.text.startsWith("<svg") && svg.text.includes("Grace") && svg.text.trimEnd().endsWith("</svg>"));
          const png = await file("png");
          assert.deepEqual([...png.bytes.slice(1, 4)].map(code => String.fromCharCode(code)).join(""), "PNG");
        });
      });

      describe("table", () => {
        test("scrolls through many rows of which few exist, and sorts them", async () => {
          await bench.open();
          await bench.ask(
            "UNWIND range(1, 300000) AS n RETURN n, 300000 - n AS back, 'row ' + n AS text, null AS nothing",
          );
          assert.equal((await bench.shown()).rows, "300000");
          await table(/row 1\b/);
          const made = await bench.page.$$eval("#table .row", rows => rows.length);
          assert.ok(made > 10 && made < 100, `${made} rows are made`);
          await bench.page.waitForFunction(() => {
            const element = document.getElementById("table");
            element.scrollTop = element.scrollHeight; // again and again, as the height follows the rows a frame later
            return /row 300000/.test(element.innerText);
          }, patience);
          await bench.page.$$eval(".table-head button", buttons => buttons[1].click());
          await bench.page.$eval("#table", element => (element.scrollTop = 0));
          await table(/back ↑[\s\S]*?300000\s+300000\s+0\s/);
          await bench.page.$$eval(".table-head button", buttons => buttons[1].click());
          await table(/back ↓[\s\S]*?1\s+1\s+299999\s/);
          assert.deepEqual(bench.faults, []);
        });

        test("opens nested values, by pointer and by keys", async () => {
          await bench.ask("RETURN {a: [1, {b: 'deep'}]} AS map, 1 AS one");
          await bench.page.focus("#table");
          await bench.page.keyboard.press("ArrowRight");
          await bench.page.keyboard.press("ArrowLeft");
          await bench.reads("#cell", /map[\s\S]*"b": "deep"/);
          await bench.click("#cell .icon");
          await bench.click("[aria-label='Wrap long values']");
          await bench.page.waitForSelector("#table.wrapped", patience);
        });

        test("columns are dragged wider, and cells are copied", async () => {
          await bench.ask("RETURN {a: [1, 2]} AS map, 'some text' AS text");
          const width = () =>
            bench.page.$eval(".table-head > :nth-child(2)", head => head.getBoundingClientRect().width);
          const before = await width();
          const { right, top } = await bench.page.$eval(".table-head > :nth-child(2)", head =>
            head.getBoundingClientRect().toJSON(),
          );
          await bench.page.mouse.move(right, top + 15);
          await bench.page.mouse.down();
          await bench.page.mouse.move(right + 40, top + 15);
          await bench.page.mouse.move(right + 80, top + 15);
          await bench.page.mouse.up();
          assert.ok(Math.abs((await width()) - before - 80) < 3, `${before} and then ${await width()} pixels wide`);
          const copied = () =>
            bench.page.evaluate(() => {
              const clipboardData = new DataTransfer();
              const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
              document.getElementById("table").dispatchEvent(event);
              return event.clipboardData.getData("text/plain");
            });
          await bench.page.focus("#table");
          await bench.page.keyboard.press("Home");
          await bench.visible("#cell");
          assert.equal(await copied(), "{a: [1, 2]}");
          await bench.page.keyboard.press("ArrowRight");
          await bench.page.waitForFunction(() => !document.getElementById("cell"), patience);
          assert.equal(await copied(), "some text");
        });

        test("exports CSV, JSON and Arrow", async () => {
          await bench.ask("UNWIND range(1, 5000) AS n RETURN n, n * 0.5 AS half, 'a,\"' + n AS text");
          const file = async format => {
            await bench.click("#export-rows");
            return bench.download(() => bench.click(`#export-${format}`));
          };
          const csv = (await file("csv")).text.trimEnd().split("\r\n");
          assert.deepEqual([csv.length, csv[0], csv[5000]], [5001, "n,half,text", '5000,2500,"a,""5000"']);
          const json = JSON.parse((await file("json")).text);
          assert.deepEqual([json.length, json[4999]], [5000, { n: 5000, half: 2500, text: 'a,"5000' }]);
          const arrow = tableFromIPC((await file("arrow")).bytes);
          assert.deepEqual([arrow.numRows, arrow.get(2).toJSON().half], [5000, 1.5]);
        });
      });

      test("draws plans, and shows messages and what came", async () => {
        await bench.open();
        await bench.ask(`PROFILE MATCH (n:${label})-[:IN]->(m) RETURN m.name, count(*) AS n`);
        await bench.reads("#plan", /Profile[\s\S]*ProduceResults[\s\S]*db hits/);
        assert.ok((await bench.page.$$("[data-costly=true]")).length > 0, "no operator is marked as costly");
        await bench.click(".operator");
        await bench.reads(".plan .float-panel", /Rows/);
        await bench.ask(`EXPLAIN MATCH (n:${label}) RETURN n`);
        await bench.reads("#plan", /estimated/);
        await bench.ask(`MATCH (n:${label}) SET n.touched = true`);
        await bench.click("#tab-messages");
        await bench.reads("#messages", /properties set[\s\S]*4/);
        await bench.ask(`MATCH (n:${label}) RETURN n.${label}Absent`);
        await bench.reads("#messages", /Notifications[\s\S]*Absent/);
        await bench.reads("#messages", /GQL statuses[\s\S]*01N\d\d/);
        assert.ok(await bench.page.$("#messages dd mark"), "a status does not show the text that it speaks of");
        await bench.click("#tab-raw");
        await bench.reads("#raw", /Bolt \d\.\d[\s\S]*rows? in 1 block/);
        await bench.page.evaluate(() => document.getElementById("tab-table").click());
      });

      describe("server", () => {
        const view = async (name, pattern) => {
          await bench.click(`#admin-${name}`);
          await bench.reads("#admin-view", pattern);
        };

        test("tells version, databases, settings, beans, schema and connections", async () => {
          await bench.open();
          await bench.ask("RETURN 1");
          await bench.click("#room-admin");
          await bench.reads(
            "#admin-view",
            new RegExp(
              `Version\\s*${server.version.replaceAll(".", "\\.")}[\\s\\S]*Databases[\\s\\S]*neo4j[\\s\\S]*page's connections`,
            ),
          );
          await view("schema", /Indexes[\s\S]*LOOKUP/);
          await view("connections", /webbolt-page/);
          await view("cluster", /Cluster/);
          await view("queries", /Queries/);
          await view("configuration", /server\.bolt/);
          await bench.fill("#config-search", "memory.heap.max");
          await bench.page.waitForFunction(
            () => document.querySelectorAll("#admin-view tbody tr").length === 1,
            patience,
          );
          await view("management", /java\.lang/);
          await bench.fill("#bean-search", "OperatingSystem");
          await bench.reads("#admin-view", /OperatingSystem/);
          assert.deepEqual(bench.faults, []);
        });

        test("a view refreshes itself until it is stopped", async () => {
          await bench.click("#admin-transactions");
          const at = () => bench.text("#admin-view [role=status]");
          await bench.reads("#admin-view [role=status]", /\d:\d/);
          const before = await at();
          await bench.page.waitForFunction(
            then => document.querySelector("#admin-view [role=status]").innerText !== then,
            patience,
            before,
          );
          await bench.click("#live-toggle");
          await bench.reads("#admin-view [role=status]", /stopped/);
        });
      });

      test("connections are saved without secrets; a read-only one writes nothing", async () => {
        await bench.open();
        await bench.click("#connection");
        await bench.fill("#connection-form [name=password]", server.password);
        await bench.click("#connection-form [name=readonly]");
        await bench.fill("[aria-label='Name to save under']", "for reading");
        await bench.click("#save-connection");
        await bench.reads(".side-list", /for reading/);
        await bench.click("#connect");
        await bench.visible("#readonly");
        await bench.ask(`CREATE (:${label}Never)`, "failed");
        assert.match(await bench.text("#messages"), /[Ww]rit|access mode/);
        const stored = await bench.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
        assert.ok(stored.includes("for reading") && !stored.includes(server.password));
        await bench.click("#connection");
        await bench.click("#speed button");
        await bench.page.waitForFunction(() => document.querySelectorAll("#speed tbody tr").length === 3, {
          timeout: 90_000,
        });
        assert.match(await bench.text("#speed"), /direct[\s\S]*[\d,.]{4,}[\s\S]*relay[\s\S]*[\d,.]{4,}/);
      });

      describe("for everybody", () => {
        /** Serious faults of what is shown, as axe-core finds them. */
        const faults = async () => {
          await bench.page.evaluate(axe);
          const { violations } = await bench.page.evaluate(() =>
            globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }),
          );
          return violations
            .filter(({ impact }) => ["serious", "critical"].includes(impact))
            .map(
              ({ id, nodes }) =>
                `${id}: ${nodes
                  .slice(0, 3)
                  .map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`)
                  .join(" | ")}`,
            );
        };

        for (const theme of ["light", "dark"]) {
          test(`no serious finding, ${theme}`, { timeout: 240_000 }, async () => {
            await bench.open({}, { accept: false });
            const looks = async where => assert.deepEqual(await faults(), [], where);
            if (theme === "dark") await bench.click("#theme-button");
            assert.equal(await bench.page.evaluate(() => document.documentElement.dataset.theme ?? "light"), theme);
            await looks("the link");
            await bench.click("#link-accept");
            await looks("the first screen");
            await bench.ask(`MATCH (n:${label}) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m`);
            await bench.still();
            await bench.clickNode(0);
            await looks("the graph");
            await bench.click("#tab-table");
            await looks("the table");
            await bench.click("#parameters-button");
            await bench.click("#parameter-add");
            await looks("the parameters");
            await bench.ask(`PROFILE MATCH (n:${label}) RETURN n.absent`);
            await bench.click("#tab-plan");
            await looks("the plan");
            await bench.click("#tab-messages");
            await looks("the messages");
            await bench.ask("RETURN broken", "failed");
            await looks("a failure");
            for (const room of ["overview", "schema", "transactions", "configuration", "management"]) {
              await bench.click("#room-admin");
              await bench.click(`#admin-${room}`);
              await bench.page.waitForFunction(
                () => !/Asking the server/.test(document.getElementById("admin-view").innerText),
                patience,
              );
              if (room === "configuration") await bench.fill("#config-search", "heap");
              await looks(room);
            }
            await bench.click("#room-connections");
            await looks("the connection");
          });
        }

        test("fits a phone", async () => {
          await bench.open({}, { width: 390, height: 780 });
          await bench.ask(`MATCH (n:${label}) RETURN n`);
          const wide = await bench.page.evaluate(() =>
            [...document.querySelectorAll("body *")]
              .filter(
                element =>
                  element.checkVisibility() &&
                  !element.closest("#table, .graph-tools, .tabs, .scroll, .sr, svg") &&
                  element.getBoundingClientRect().right > innerWidth + 1,
              )
              .map(({ tagName, className, id }) => `${tagName}.${className}#${id}`),
          );
          assert.deepEqual(wide, []);
        });
      });
    });
  }
});
