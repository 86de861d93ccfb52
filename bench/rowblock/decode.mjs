// Measures how fast blocks become JavaScript values, beside neo4j-driver's own decoder on the same records.
//   go run ./bench/rowblock FOLDER && node bench/rowblock/decode.mjs FOLDER [LOAD]
// The driver is found through NODE_PATH or among web's modules, if it is there at all.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { driverDecoder, loadWebbolt, pieces } from "./parts.mjs";

const rounds = 7;
const [folder, only = ""] = process.argv.slice(2);
const loads = ["integers", "scalars", "nodes", "relationships", "paths", "maps", "temporal", "embeddings", "strings"];

const webbolt = await loadWebbolt();

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
  decodeDriver = await driverDecoder();
} catch (error) {
  console.log("without neo4j-driver:", error.message.split("\n")[0]);
}

for (const load of loads) {
  if (!load.startsWith(only) || !existsSync(join(folder, `${load}.blocks`))) continue;
  const blocks = pieces(folder, `${load}.blocks`);
  const records = pieces(folder, `${load}.records`);
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
