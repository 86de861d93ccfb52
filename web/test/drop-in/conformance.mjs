// Runs neo4j-driver's own tests over its own connections and over webbolt's, and compares: `make conformance-js
// DRIVER=folder`.
//
//   node conformance.mjs FOLDER [--in node,chrome,firefox] [--over official,webbolt] [--only REGEXP] [--out FOLDER]
//
// FOLDER is a checkout of neo4j/neo4j-javascript-driver, of which nothing is kept. The tests delete all that the server
// holds, so it has to be one of their own: the environment names it (WEBBOLT_NEO4J_5_26), and WEBBOLT_MAY_WIPE=yes says
// that it may be wiped.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { bundleTests } from "./conformance/bundle.mjs";
import { compare, internals } from "./conformance/compare.mjs";
import { inBrowser } from "./conformance/in-browser.mjs";
import { inNode } from "./conformance/in-node.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    in: { type: "string", default: "node" },
    over: { type: "string", default: "official,webbolt" },
    only: { type: "string", default: "" },
    out: { type: "string" },
  },
});
const driver = positionals[0] && resolve(positionals[0]);
if (!driver) throw new Error("name the folder with the driver's sources: make conformance-js DRIVER=folder");
if (process.env.WEBBOLT_MAY_WIPE !== "yes")
  throw new Error(
    "the driver's tests delete everything in their database: set WEBBOLT_MAY_WIPE=yes if this server may be wiped",
  );
const server = JSON.parse(process.env.WEBBOLT_NEO4J_5_26);
const out = resolve(values.out ?? fileURLToPath(new URL("../../../build/conformance-js/", import.meta.url)));
mkdirSync(out, { recursive: true });

const [host, boltPort] = server.bolt.split(":");
const settings = {
  TEST_NEO4J_HOST: host,
  TEST_NEO4J_BOLT_PORT: boltPort,
  TEST_NEO4J_HTTP_PORT: server.http.split(":")[1],
  TEST_NEO4J_USER: server.user,
  TEST_NEO4J_PASS: server.password,
  TEST_NEO4J_VERSION: server.version,
  TEST_NEO4J_EDITION: "community",
  TEST_CONTAINERS_DISABLED: "TRUE",
  TEST_NEO4J_IPV6_ENABLED: "FALSE",
};

const tests = join(driver, "packages/neo4j-driver/test");
const named = folder =>
  readdirSync(join(tests, folder))
    .filter(name => name.endsWith(".test.js"))
    .map(name => join(tests, folder, name));
const files = [...named("."), ...named("rx")];

let worst = 0;
for (const place of values.in.split(",")) {
  const results = {};
  for (const over of values.over.split(",")) {
    const bundle = join(out, `${place}-${over}.${place === "node" ? "mjs" : "js"}`);
    await bundleTests({ files, tests, over, place, outfile: bundle, settings });
    const name = join(out, `${place}-${over}.json`);
    const skip = over === "webbolt" ? internals.source : "";
    await (place === "node" ? inNode : inBrowser)({
      bundle,
      name,
      filter: { only: values.only, skip },
      settings,
      browser: place,
    });
    results[over] = JSON.parse(readFileSync(name, "utf8"));
  }
  const { text, missing } = compare(place, results);
  console.log(text);
  writeFileSync(join(out, `${place}.txt`), text);
  worst = Math.max(worst, missing);
}
process.exit(worst > 0 ? 1 : 0);
