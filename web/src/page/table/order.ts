import { Float } from "../../index.js";
import type { KeptRows } from "../core/rows.js";
import { textOf } from "../core/text.js";

export interface Order {
  field: number;
  descending: boolean;
}

/** How long to work before the page has a turn, in milliseconds. */
const slice = 12;

/**
 * The numbers of the rows that are here, in the order of one field: numbers before texts before what else there is,
 * nulls last. Values are read in slices, so that the page
 * stays responsive; undefined if the abort came first.
 */
export async function sortedRows(
  rows: KeptRows,
  { field, descending }: Order,
  abort: AbortSignal,
): Promise<Uint32Array | undefined> {
  const { count } = rows;
  const keys = new Array<number | string | null>(count);
  let until = performance.now() + slice;
  for (let row = 0; row < count; row++) {
    keys[row] = keyOf(rows.value(row, field));
    if ((row & 255) === 0 && performance.now() > until) {
      await new Promise(resolve => setTimeout(resolve, 0));
      if (abort.aborted) return undefined;
      until = performance.now() + slice;
    }
  }
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => compared(keys[a]!, keys[b]!, sign) || a - b);
}

function keyOf(value: unknown): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Float) return Number(value);
  return typeof value === "string" ? value : typeof value === "boolean" ? Number(value) : textOf(value, 200);
}

function compared(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  if (Number.isNaN(b)) return -1;
  return a < b ? -sign : sign;
}
