// Opens the demo's page in Chromium, waits for the graph, compares what is drawn with what Cypher counts, and takes a picture.
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
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.setViewport({ width: 1440, height: 900, deviceScaleFactor: 1 });
  await page.goto(address());
  await page.waitForFunction(() => ["done", "failed"].includes(document.body.dataset.state), { timeout: patience });
  await page.waitForFunction(() => document.body.dataset.layout !== "moving", { timeout: patience });
  const { state, nodes, relationships } = await page.evaluate(() => ({ ...document.body.dataset }));
  if (state === "failed") faults.push(await page.$eval("#view-error", (view) => view.innerText));
  const drawn = await page.evaluate(() => drawnPixels(), await page.evaluate(defineDrawnPixels));
  if (SCREENSHOT) await page.screenshot({ path: SCREENSHOT });
  const wrong = [
    ...faults,
    ...(nodes === EXPECT_NODES ? [] : [`the page draws ${nodes} nodes, the database has ${EXPECT_NODES}`]),
    ...(relationships === EXPECT_RELATIONSHIPS ? [] : [`the page draws ${relationships} relationships, the database has ${EXPECT_RELATIONSHIPS}`]),
    ...(drawn > 0 || Number(EXPECT_NODES) === 0 ? [] : ["nothing is to be seen: WebGL has drawn no pixel"]),
  ];
  if (wrong.length > 0) fail(wrong.join("\n"));
  else await end(0);
}

check().catch((error) => fail(error.stack ?? String(error)));
