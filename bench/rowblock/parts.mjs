// What the measurements have in common: the package's readers, the driver's decoder, and files of records and blocks.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(new URL("../../web/package.json", import.meta.url));

/** The package's own modules, bundled. */
export async function loadWebbolt() {
  const outfile = join(tmpdir(), `rowblock-${process.pid}.mjs`);
  await require("esbuild").build({
    stdin: { contents: 'export * from "./rowblock.js"; export * from "./graph.js";', resolveDir: fileURLToPath(new URL("../../web/src", import.meta.url)) },
    bundle: true, format: "esm", target: "es2022", outfile, logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}

/** The pieces of a file, each of which has its length before it. */
export function pieces(folder, file) {
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
export async function driverDecoder() {
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
