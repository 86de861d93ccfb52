// Takes the pictures of docs/page.md: every view of the page on the demo's graph, and the examples. `make pictures`
// runs it.
//
//   DEMO_URL   the page, with its settings
//   PICTURES   the folder where the pictures go
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browsers.mjs";
import { connectExample, examples, prepareExamples } from "./examples.mjs";
import { smallPNG } from "./png.mjs";

const { DEMO_URL, PICTURES } = process.env;
const patience = { timeout: 60_000 };
const size = { width: 1080, height: 675 };
const wholeGraph = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m";
mkdirSync(PICTURES, { recursive: true });

async function picture(page, name) {
  const taken = await page.screenshot({ encoding: "base64" });
  writeFileSync(join(PICTURES, `${name}.png`), await smallPNG(page, taken));
}

class Photographer {
  constructor(page) {
    this.page = page;
  }

  async click(selector) {
    await this.page.waitForFunction(wanted => document.querySelector(wanted)?.checkVisibility(), patience, selector);
    await this.page.$eval(selector, element => element.click());
  }

  async ask(query, ...outcomes) {
    await this.page.waitForSelector("#run", patience);
    await this.page.evaluate(text => webboltPage.write(text), query);
    await this.click("#run");
    await this.page.waitForFunction(
      wanted => wanted.includes(document.body.dataset.state),
      patience,
      outcomes.length > 0 ? outcomes : ["done"],
    );
    await this.page.waitForFunction(() => document.body.dataset.layout === "still", patience);
  }

  async shoot(name) {
    await this.page.evaluate(() => document.activeElement?.blur());
    await new Promise(resolve => setTimeout(resolve, 1500));
    await picture(this.page, name);
  }

  async clickNode(node) {
    const { x, y } = await this.page.evaluate(wanted => webboltPage.placeOf(wanted), node);
    await this.page.mouse.click(x, y);
    await this.page.mouse.move(2, 2); // what is under the pointer stands out
  }
}

async function workbench(browser) {
  const page = await browser.newPage();
  const camera = new Photographer(page);
  await page.setViewport(size);
  await page.goto(DEMO_URL);
  await camera.click("#link-accept");
  await camera.ask(wholeGraph);
  await camera.clickNode(0);
  await camera.shoot("graph");
  await camera.click("#theme-button");
  await camera.shoot("graph-dark");
  await camera.click("#theme-button");
  await camera.click("#tab-table");
  await camera.shoot("table");
  await camera.ask(
    "PROFILE MATCH (n)-[r]->(m) WHERE n.name STARTS WITH $letter\nRETURN labels(m) AS kind, count(DISTINCT n) AS many ORDER BY many DESC",
    "failed",
  );
  await camera.click("#parameters-button");
  await camera.click("#parameter-add");
  await page.waitForSelector(".parameter input");
  await page.type(".parameter input", "letter");
  await page.type(".parameter textarea", "'A'");
  await camera.shoot("parameters");
  await camera.click("#parameters-button");
  await camera.click("#run");
  await page.waitForFunction(() => document.body.dataset.state === "done", patience);
  await camera.click("#tab-plan");
  await camera.shoot("plan");
  await camera.click("#begin-button");
  await camera.click("#begin [type=submit]");
  await page.waitForSelector("#transaction");
  await camera.ask("MATCH (n), (m:Absent)\nRETURN n.nothing, m");
  await camera.click("#tab-messages");
  await camera.shoot("transaction");
  await camera.click("#rollback");
  await camera.click("#room-admin");
  await page.waitForFunction(() => /Databases/.test(document.getElementById("admin-view").innerText), patience);
  await camera.shoot("server");
  await camera.click("#admin-schema");
  await page.waitForSelector("#schema-graph", patience);
  await camera.shoot("schema");
  await camera.click("#room-connections");
  await camera.click("#check button");
  await camera.shoot("connection");
  await page.close();
}

async function phone(browser) {
  const page = await browser.newPage();
  const camera = new Photographer(page);
  await page.setViewport({ width: 390, height: 780 });
  await page.goto(DEMO_URL);
  await camera.click("#link-accept");
  await camera.ask(wholeGraph);
  await camera.shoot("phone");
  await page.close();
}

/** The demo's relay and server, as the examples connect to them: straight to the server. */
async function exampleApps(browser) {
  const settings = new URLSearchParams(new URL(DEMO_URL).hash.slice(1));
  const server = {
    uri: settings.get("uri"),
    user: settings.get("user") ?? "",
    password: settings.get("password") ?? "",
  };
  const prepared = prepareExamples();
  try {
    for (const name of examples) {
      const files = await prepared.serve(name);
      const page = await browser.newPage();
      await page.setViewport({ width: 720, height: 450 });
      await page.goto(files.origin + "/");
      await connectExample(page, server);
      await page.waitForFunction(() => /[1-9]/.test(document.getElementById("told")?.textContent), patience);
      await new Promise(resolve => setTimeout(resolve, 6000)); // the layouts settle
      await picture(page, `example-${name}`);
      await page.close();
      await files.close();
    }
  } finally {
    prepared.close();
  }
}

const browser = await launch("chrome");
try {
  await workbench(browser);
  await phone(browser);
  await exampleApps(browser);
} finally {
  await browser.close();
}
