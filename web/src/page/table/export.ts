import { jsonValue } from "../../index.js";
import type { KeptRows } from "../core/rows.js";
import { save } from "../ui/download.js";

export type TableFormat = "csv" | "json" | "arrow";

/** How many rows go into one part of a file. */
const atOnce = 2000;

/**
 * Saves the rows that are here. CSV and JSON are written part by part; Arrow needs all blocks before it knows the
 * types of the columns.
 */
export async function exportRows(format: TableFormat, rows: KeptRows, fields: readonly string[]): Promise<void> {
  if (format === "csv") await save("result.csv", "text/csv", csv(rows, fields));
  else if (format === "json") await save("result.json", "application/json", json(rows, fields));
  else await save("result.arrow", "application/vnd.apache.arrow.stream", arrow(rows, fields));
}

/** One value in CSV: texts as they are, what has parts as JSON, null as nothing. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const plain = jsonValue(value);
  const text = typeof plain === "object" ? JSON.stringify(plain) : String(plain);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function* csv(rows: KeptRows, fields: readonly string[]): AsyncGenerator<string> {
  yield fields.map(csvCell).join(",") + "\r\n";
  for (let from = 0; from < rows.count; from += atOnce) {
    let part = "";
    for (let row = from; row < Math.min(from + atOnce, rows.count); row++)
      part += fields.map((_, j) => csvCell(rows.value(row, j))).join(",") + "\r\n";
    yield part;
    await turn();
  }
}

async function* json(rows: KeptRows, fields: readonly string[]): AsyncGenerator<string> {
  yield "[";
  for (let from = 0; from < rows.count; from += atOnce) {
    let part = "";
    for (let row = from; row < Math.min(from + atOnce, rows.count); row++) {
      const record = Object.fromEntries(fields.map((field, j) => [field, jsonValue(rows.value(row, j))]));
      part += (row === 0 ? "\n" : ",\n") + JSON.stringify(record);
    }
    yield part;
    await turn();
  }
  yield "\n]\n";
}

async function* arrow(rows: KeptRows, fields: readonly string[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { toArrow } = await import("../../presets/arrow.js");
  yield toArrow(fields, rows.blocks, rows.skipped);
}

/** Lets the page draw. */
function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}
