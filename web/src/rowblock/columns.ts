import type { Block } from "./block.js";
import {
  columnCells,
  columnFloat,
  columnInt32,
  columnInt64,
  columnSafeInt,
  tagFloat,
  tagInt,
  tagSafeInt,
} from "./layout.js";

/**
 * A column's values. Typed arrays of one block are views into it: they are only valid until the block is transferred.
 */
export type Column = Int32Array | Float64Array | BigInt64Array | unknown[];

/**
 * All values of one field in a block. Numbers without nulls among them come as a typed array: integers as Int32Array or
 * Float64Array, or BigInt64Array if one of them is beyond 2^53 or the mode is "bigint"; floats, also mixed with
 * integers, as Float64Array.
 */
export function columnOf(block: Block, field: number): Column {
  const { rows } = block;
  const at = block.directory[2 * field + 1]!;
  switch (block.directory[2 * field]) {
    case columnInt32: {
      const ints = block.tape.subarray(at, at + rows);
      return block.integers === "bigint" ? BigInt64Array.from(ints, BigInt) : ints;
    }
    case columnSafeInt: {
      const floats = block.floats.subarray(at, at + rows);
      return block.integers === "bigint" ? BigInt64Array.from(floats, BigInt) : floats;
    }
    case columnInt64: {
      const ints = block.ints.subarray(at, at + rows);
      return block.integers === "number" ? Float64Array.from(ints, Number) : ints;
    }
    case columnFloat:
      return block.floats.subarray(at, at + rows);
    case columnCells:
      return mixedNumbers(block, at) ?? Array.from({ length: rows }, (_, row) => block.value(row, field));
    default:
      throw new RangeError(`the result has no field ${field}`);
  }
}

/** Cells that are all integers or floats, as floats. */
function mixedNumbers(block: Block, at: number): Float64Array | undefined {
  if (block.integers === "bigint" || block.rows === 0) return undefined;
  const numbers = new Float64Array(block.rows);
  for (let row = 0; row < numbers.length; row++) {
    const cell = block.tape[at + row]!;
    switch (cell & 15) {
      case tagInt:
        numbers[row] = cell >> 4;
        break;
      case tagSafeInt:
      case tagFloat:
        numbers[row] = block.floats[cell >>> 4]!;
        break;
      default:
        return undefined;
    }
  }
  return numbers;
}

/**
 * All values of one field in several blocks of a result, in order, with the same choice of array. The array belongs to
 * the caller.
 */
export function joinColumns(blocks: readonly Block[], field: number): Column {
  const filled = blocks.filter(block => block.rows > 0);
  const parts = filled.map(block => columnOf(block, field));
  const rows = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = room(filled, parts, field, rows);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (joined instanceof BigInt64Array && !(part instanceof BigInt64Array))
      joined.set(BigInt64Array.from(part as Int32Array, BigInt), at);
    else if (Array.isArray(joined)) fill(joined, at, filled[index]!, field, part);
    else (joined as Float64Array).set(part as Float64Array, at);
    at += part.length;
  }
  return joined;
}

/** Copies a block's values into an untyped array; big integers are checked one by one, because some may be numbers. */
function fill(joined: unknown[], at: number, block: Block, field: number, part: Column): void {
  const big = part instanceof BigInt64Array;
  for (let row = 0; row < part.length; row++) joined[at + row] = big ? block.value(row, field) : part[row];
}

/** An array for the values of all parts. */
function room(blocks: readonly Block[], parts: readonly Column[], field: number, rows: number): Column {
  const integral = blocks.every(block => {
    const kind = block.directory[2 * field]!;
    return kind === columnInt32 || kind === columnSafeInt || kind === columnInt64;
  });
  const some = (array: new (length: number) => Column): boolean => parts.some(part => part instanceof array);
  if (rows === 0 || parts.some(part => Array.isArray(part)) || (some(BigInt64Array) && !integral))
    return new Array<unknown>(rows);
  if (some(BigInt64Array)) return new BigInt64Array(rows);
  return some(Float64Array) ? new Float64Array(rows) : new Int32Array(rows);
}
