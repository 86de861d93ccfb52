import { Float } from "../../index.js";
import type { KeptRows } from "../core/rows.js";
import { textOf } from "../core/text.js";

export interface Order {
  field: number;
  descending: boolean;
}

/** How long to work before the page has a turn, in milliseconds. */
const slice = 12;

/** How many rows are sorted at once; such runs are merged. */
const run = 8192;

/**
 * The numbers of the rows that are here, in the order of one field: numbers before texts before what else there is,
 * nulls last. All is done in slices, so that the page stays responsive; undefined if the abort came first.
 */
export async function sortedRows(
  rows: KeptRows,
  { field, descending }: Order,
  abort: AbortSignal,
): Promise<Uint32Array | undefined> {
  const { count } = rows;
  const keys = new Array<number | string | null>(count);
  const turns = new Turns(abort);
  for (let row = 0; row < count; row++) {
    keys[row] = keyOf(rows.value(row, field));
    if ((row & 255) === 0 && !(await turns.next())) return undefined;
  }
  const sign = descending ? -1 : 1;
  return mergeSorted(count, (a, b) => compared(keys[a]!, keys[b]!, sign) || a - b, turns);
}

/** Gives the page a turn whenever a slice of time is over. */
class Turns {
  readonly #abort: AbortSignal;
  #until = performance.now() + slice;

  constructor(abort: AbortSignal) {
    this.#abort = abort;
  }

  /** False if the work is no longer wanted. Without an await of its own where there is time left. */
  next(): boolean | Promise<boolean> {
    return performance.now() < this.#until || this.#turn();
  }

  async #turn(): Promise<boolean> {
    await new Promise(resolve => setTimeout(resolve, 0));
    this.#until = performance.now() + slice;
    return !this.#abort.aborted;
  }
}

/** The numbers from 0 to count in an order: short runs are sorted, then merged by two. */
async function mergeSorted(
  count: number,
  compare: (a: number, b: number) => number,
  turns: Turns,
): Promise<Uint32Array | undefined> {
  let from = Uint32Array.from({ length: count }, (_, row) => row);
  let to = new Uint32Array(count);
  for (let at = 0; at < count; at += run) {
    from.subarray(at, at + run).sort(compare);
    if (!(await turns.next())) return undefined;
  }
  for (let width = run; width < count; width *= 2) {
    for (let at = 0; at < count; at += 2 * width) {
      const middle = Math.min(at + width, count);
      const end = Math.min(at + 2 * width, count);
      let [left, right] = [at, middle];
      for (let next = at; next < end; next++) {
        const takeLeft = left < middle && (right === end || compare(from[left]!, from[right]!) <= 0);
        to[next] = from[takeLeft ? left++ : right++]!;
        if ((next & 1023) === 0 && !(await turns.next())) return undefined;
      }
    }
    [from, to] = [to, from];
  }
  return from;
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
