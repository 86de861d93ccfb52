// Opens the demo's page in Chromium, waits for the graph, compares what is drawn with what Cypher counts, and takes a
// picture.
//
//   DEMO_URL            the page, with its settings
//   EXPECT_NODES        how many nodes there are
//   EXPECT_RELATIONSHIPS
//   SCREENSHOT          where the picture goes
import { launch } from "./browsers.mjs";

/** How long the page may take, in milliseconds, on a slow machine. */
const patience = 60_000;

const wholeGraph = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN n, r, m";

const { DEMO_URL, EXPECT_NODES, EXPECT_RELATIONSHIPS, SCREENSHOT } = process.env;
if (!DEMO_URL) fail("DEMO_URL is not set");
let browser;
process.on("SIGTERM", () => void end(143));

function fail(message) {
  console.error(`demo-check: ${message}`);
  void end(1);
}

async function end(code) {
  await browser?.close().catch(() => {});
  process.exit(code);
}

/** The page's address, which asks for the whole graph if it does not ask for something else. */
function address() {
  const url = new URL(DEMO_URL);
  const asked = new URLSearchParams([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))]);
  if (!asked.has("query")) url.searchParams.set("query", wholeGraph);
  if (!asked.has("auto")) url.searchParams.set("auto", "1");
  return url.href;
}

async function check() {
  browser = await launch("chrome");
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", error => faults.push(String(error)));
  page.on("console", message => message.type() === "error" && faults.push(message.text()));
  await page.setViewport({ width: 1440, height: 900, deviceScaleFactor: 1 });
  await page.goto(address());
  const tour = new Tour(page);
  await tour.click("#link-accept");
  await tour.state("done", "failed");
  await page.waitForFunction(() => document.body.dataset.layout !== "moving", { timeout: patience });
  const { state, nodes, relationships } = await page.evaluate(() => ({ ...document.body.dataset }));
  if (state === "failed") faults.push(await page.$eval("#messages", view => view.innerText));
  const picture = await (await page.$("#view")).screenshot({ encoding: "base64" });
  const drawn = await page.evaluate(colouredPixels, picture);
  if (SCREENSHOT) await page.screenshot({ path: SCREENSHOT });
  const wrong = [
    ...faults,
    ...(nodes === EXPECT_NODES ? [] : [`the page draws ${nodes} nodes, the database has ${EXPECT_NODES}`]),
    ...(relationships === EXPECT_RELATIONSHIPS
      ? []
      : [`the page draws ${relationships} relationships, the database has ${EXPECT_RELATIONSHIPS}`]),
    ...(drawn > 20 * Number(EXPECT_NODES) ? [] : [`there are only ${drawn} coloured pixels: is WebGL at work?`]),
  ];
  if (wrong.length > 0) return fail(wrong.join("\n"));
  await tour.rooms();
  if (faults.length > 0) fail(faults.join("\n"));
  else await end(0);
}

/** Clicks through the page as a visitor does; what is not there in time fails the check. */
class Tour {
  constructor(page) {
    this.page = page;
  }

  async click(selector) {
    await this.page.waitForFunction(
      wanted => document.querySelector(wanted)?.checkVisibility(),
      { timeout: patience },
      selector,
    );
    await this.page.$eval(selector, element => element.click());
  }

  state(...wanted) {
    return this.page.waitForFunction(
      states => states.includes(document.body.dataset.state),
      { timeout: patience },
      wanted,
    );
  }

  reads(selector, pattern) {
    return this.page.waitForFunction(
      (wanted, source) => new RegExp(source).test(document.querySelector(wanted)?.innerText ?? ""),
      { timeout: patience },
      selector,
      pattern.source,
    );
  }

  async ask(query) {
    await this.page.evaluate(text => webboltPage.write(text), query);
    await this.click("#run");
    await this.state("done");
  }

  async rooms() {
    await this.click("#tab-table");
    await this.reads("#table", /1\n/);
    await this.ask("PROFILE MATCH (n)-->(m) RETURN count(*) AS pairs");
    await this.click("#tab-plan");
    await this.reads("#plan", /ProduceResults[\s\S]*db hits/);
    await this.transaction();
    await this.click("#room-admin");
    await this.reads("#admin-view", /Version[\s\S]*Databases/);
    await this.click("#admin-transactions");
    await this.reads("#admin-view", /SHOW TRANSACTIONS/);
    await this.click("#room-query");
  }

  /** What is written in a transaction by hand is there within it, and gone after the roll-back. */
  async transaction() {
    await this.click("#begin-button");
    await this.click("#begin [type=submit]");
    await this.reads("#transaction", /Write transaction/);
    await this.ask("CREATE (n:DemoCheck) WITH n MATCH (m:DemoCheck) RETURN count(m) AS within");
    await this.click("#tab-table");
    await this.reads("#table", /within[\s\S]*1/);
    await this.click("#rollback");
    await this.reads(".transaction-end", /Rolled back/);
    await this.ask("MATCH (m:DemoCheck) RETURN count(m) AS left");
    await this.reads("#table", /left[\s\S]*1\n0/);
  }
}

/** Counts, in the page, the pixels of a picture that are neither black, white nor grey. */
async function colouredPixels(base64) {
  const image = new Image();
  image.src = "data:image/png;base64," + base64;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 60) coloured++;
  }
  return coloured;
}

check().catch(error => fail(error.stack ?? String(error)));
