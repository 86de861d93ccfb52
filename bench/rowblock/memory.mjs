// Measures how much memory rows take when all of them are kept, beside what neo4j-driver's values take.
//   go run ./bench/rowblock FOLDER && node --expose-gc bench/rowblock/memory.mjs FOLDER
import { driverDecoder, loadWebbolt, pieces } from "./parts.mjs";

const [folder] = process.argv.slice(2);
const webbolt = await loadWebbolt();
const decodeDriver = await driverDecoder().catch(() => undefined);

/** Bytes in use once what is not needed is gone. */
async function inUse() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes a row of what keep makes; it has to make the bytes it reads from, too, if it holds on to them. */
async function perRow(rows, keep) {
  const before = await inUse();
  const kept = keep();
  const after = await inUse();
  return kept.length >= 0 ? Math.round((after - before) / rows) : 0;
}

for (const load of ["integers", "scalars", "nodes", "relationships", "paths"]) {
  const records = pieces(folder, `${load}.records`);
  const rows = records.length;
  const read = () => {
    const reader = new webbolt.BlockReader();
    return pieces(folder, `${load}.blocks`).map((buffer) => reader.read(buffer));
  };
  const blocks = await perRow(rows, read);
  const values = await perRow(rows, () => read().flatMap((block) => Array.from({ length: block.rows }, (_, row) => block.row(row))));
  const driver = decodeDriver === undefined ? NaN : await perRow(rows, () => records.map((record) => decodeDriver(record)));
  console.log(load.padEnd(14), `blocks ${blocks} B/row, values ${values} B/row, neo4j-driver ${driver} B/row`);
}
