// Measures how fast blocks become JavaScript values, beside neo4j-driver's own decoder on the same records.
//   go run ./bench/rowblock FOLDER && node bench/rowblock/decode.mjs FOLDER [LOAD]
// The driver is found through NODE_PATH or among web's modules, if it is there at all.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const rounds = 7;
const [folder, only = ""] = process.argv.slice(2);
const loads = ["integers", "scalars", "nodes", "relationships", "paths", "maps", "temporal", "embeddings", "strings"];

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { build } = require("esbuild");
const bundle = join(tmpdir(), `rowblock-${process.pid}.mjs`);
await build({
  stdin: { contents: 'export * from "./rowblock.js"; export * from "./graph.js";', resolveDir: new URL("../../web/src", import.meta.url).pathname },
  bundle: true, format: "esm", target: "es2022", outfile: bundle, logLevel: "error",
});
const webbolt = await import(pathToFileURL(bundle).href);

/** The pieces of a file, each with its length before it. */
function pieces(file) {
  const data = readFileSync(join(folder, file));
  const out = [];
  for (let at = 0; at < data.length; ) {
    const length = data.readUInt32LE(at);
    out.push(data.buffer.slice(data.byteOffset + at + 4, data.byteOffset + at + 4 + length));
    at += 4 + length;
  }
  return out;
}

/** The driver's decoder: from a record's bytes to its fields. */
function driverDecoder() {
  const home = (name) => join(require.resolve(`${name}/package.json`), "..");
  const inside = (name) => require(join(home("neo4j-driver-bolt-connection"), "lib", name));
  const packstream = inside("packstream").default;
  const Transformer = inside("bolt/transformer").default;
  const transformers = inside("bolt/bolt-protocol-v5x8.transformer").default;
  const ChannelBuffer = inside("channel/channel-buf").default;
  const unpacker = new packstream.Unpacker(false, false);
  const config = { disableLosslessIntegers: false };
  const transformer = new Transformer(Object.values(transformers).map((create) => create(config, { isDebugEnabled: () => false })));
  const hydrate = (structure) => transformer.fromStructure(structure);
  return (record) => unpacker.unpack(new ChannelBuffer(record), hydrate);
}

/** Visits everything in a value. */
function touch(value) {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  if (ArrayBuffer.isView(value)) return value.length;
  let sum = 1;
  if (Array.isArray(value)) for (const inner of value) sum += touch(inner);
  else for (const key in value) sum += touch(value[key]);
  return sum;
}

function report(load, metric, subject, rows, run) {
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    rates.push(rows / (performance.now() - start) * 1000);
  }
  rates.sort((a, b) => a - b);
  console.log(load.padEnd(14), metric.padEnd(16), subject.padEnd(13), `${Math.round(rates[rounds >> 1])}`.padStart(10), "rows/s");
  return rates[rounds >> 1];
}

let decodeDriver;
try {
  decodeDriver = driverDecoder();
} catch (error) {
  console.log("without neo4j-driver:", error.message.split("\n")[0]);
}

for (const load of loads) {
  if (!load.startsWith(only) || !existsSync(join(folder, `${load}.blocks`))) continue;
  const blocks = pieces(`${load}.blocks`);
  const records = pieces(`${load}.records`);
  const each = (visit) => {
    const reader = new webbolt.BlockReader();
    for (const buffer of blocks) visit(reader.read(buffer));
  };
  let sum = 0;
  const rows = report(load, "rows", "webbolt", records.length, () => each((block) => {
    for (let i = 0; i < block.rows; i++) sum += block.row(i).length;
  }));
  report(load, "rows touched", "webbolt", records.length, () => each((block) => {
    for (let i = 0; i < block.rows; i++) sum += touch(block.row(i));
  }));
  if (["integers", "scalars", "embeddings"].includes(load)) {
    report(load, "columns", "webbolt", records.length, () => each((block) => {
      for (let j = 0; j < block.fields; j++) sum += webbolt.columnOf(block, j).length;
    }));
  }
  if (webbolt.GraphBuilder && ["nodes", "relationships", "paths"].includes(load)) {
    report(load, "graph", "webbolt", records.length, () => {
      const graph = new webbolt.GraphBuilder();
      each((block) => graph.add(block));
      sum += graph.nodeCount;
    });
  }
  if (decodeDriver) {
    const driver = report(load, "rows", "neo4j-driver", records.length, () => {
      for (const record of records) sum += decodeDriver(record).length;
    });
    report(load, "rows touched", "neo4j-driver", records.length, () => {
      for (const record of records) sum += touch(decodeDriver(record));
    });
    console.log(load.padEnd(14), "ratio".padEnd(16), (rows / driver).toFixed(1));
  }
  if (sum < 0) throw new Error("nothing was read");
}
