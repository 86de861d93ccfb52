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
  await page.waitForSelector("#link-accept", { timeout: patience });
  await page.click("#link-accept");
  await page.waitForFunction(() => ["done", "failed"].includes(document.body.dataset.state), { timeout: patience });
  await page.waitForFunction(() => document.body.dataset.layout !== "moving", { timeout: patience });
  const { state, nodes, relationships } = await page.evaluate(() => ({ ...document.body.dataset }));
  if (state === "failed") faults.push(await page.$eval("#view-error", (view) => view.innerText));
  const picture = await (await page.$("#view-graph")).screenshot({ encoding: "base64" });
  const drawn = await page.evaluate(colouredPixels, picture);
  if (SCREENSHOT) await page.screenshot({ path: SCREENSHOT });
  const wrong = [
    ...faults,
    ...(nodes === EXPECT_NODES ? [] : [`the page draws ${nodes} nodes, the database has ${EXPECT_NODES}`]),
    ...(relationships === EXPECT_RELATIONSHIPS ? [] : [`the page draws ${relationships} relationships, the database has ${EXPECT_RELATIONSHIPS}`]),
    ...(drawn > 20 * Number(EXPECT_NODES) ? [] : [`there are only ${drawn} coloured pixels: is WebGL at work?`]),
  ];
  if (wrong.length > 0) fail(wrong.join("\n"));
  else await end(0);
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

check().catch((error) => fail(error.stack ?? String(error)));
