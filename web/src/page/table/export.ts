import { jsonValue } from "../../index.js";
import type { KeptRows } from "../core/rows.js";
import { save, type Part } from "../ui/download.js";

export type TableFormat = "csv" | "json" | "arrow";

/** How many rows go into one part of a file. */
const atOnce = 2000;

/**
 * Saves the rows that are here, part by part, so that no more than a part is in memory where the browser writes
 * files. Gives how many rows were saved; undefined if the user gave up.
 */
export async function exportRows(
  format: TableFormat,
  rows: KeptRows,
  fields: readonly string[],
  progress: (rows: number) => void,
): Promise<number | undefined> {
  const { count } = rows;
  const parts = { csv, json, arrow }[format](rows, fields, progress);
  return (await save(`result.${format}`, types[format], parts)) ? count : undefined;
}

const types: { [format in TableFormat]: string } = {
  csv: "text/csv",
  json: "application/json",
  arrow: "application/vnd.apache.arrow.stream",
};

/** One value in CSV: texts as they are, what has parts as JSON, null as nothing. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const plain = jsonValue(value);
  const text = typeof plain === "object" ? JSON.stringify(plain) : String(plain);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type Writer = (rows: KeptRows, fields: readonly string[], progress: (rows: number) => void) => AsyncGenerator<Part>;

const csv: Writer = async function* (rows, fields, progress) {
  const { count } = rows;
  yield fields.map(csvCell).join(",") + "\r\n";
  for (let from = 0; from < count; from += atOnce) {
    let part = "";
    for (let row = from; row < Math.min(from + atOnce, count); row++)
      part += fields.map((_, j) => csvCell(rows.value(row, j))).join(",") + "\r\n";
    yield part;
    progress(from);
    await turn();
  }
};

const json: Writer = async function* (rows, fields, progress) {
  const { count } = rows;
  yield "[";
  for (let from = 0; from < count; from += atOnce) {
    let part = "";
    for (let row = from; row < Math.min(from + atOnce, count); row++) {
      const record = Object.fromEntries(fields.map((field, j) => [field, jsonValue(rows.value(row, j))]));
      part += (row === 0 ? "\n" : ",\n") + JSON.stringify(record);
    }
    yield part;
    progress(from);
    await turn();
  }
  yield "\n]\n";
};

/** A record batch for each block. The schema comes first, so all blocks are looked at before the first is written. */
const arrow: Writer = async function* (rows, fields, progress) {
  const { ArrowWriter } = await import("../../presets/arrow.js");
  const blocks = rows.blocks.slice();
  const { skipped } = rows;
  const writer = new ArrowWriter(fields);
  for (const block of blocks) {
    writer.learn(block);
    await turn();
  }
  yield* writer.head();
  let written = 0;
  for (const [i, block] of blocks.entries()) {
    yield new Blob(writer.batch(block, i === 0 ? skipped : 0));
    progress((written += block.rows));
    await turn();
  }
  yield* writer.end();
};

/** Lets the page draw. */
function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}
