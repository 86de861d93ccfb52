import { batchMessage, schemaMessage } from "./arrow/schema.js";
import { Body, padding } from "./arrow/body.js";
import { kindOfColumn, merged, type Kind } from "./arrow/kind.js";
import type { Block } from "./rowblock.js";
import { columnOf } from "./rowblock.js";

/**
 * Writes blocks as an Apache Arrow IPC stream: a schema, and a record batch for each block that has rows. All fields
 * are nullable.
 *
 * | values of the field | Arrow type |
 * |---|---|
 * | integers | Int64 |
 * | floats, also mixed with integers | Float64 |
 * | booleans, strings, bytes | Bool, Utf8, Binary |
 * | DATE | Date32 |
 * | LOCAL TIME | Time64 in nanoseconds |
 * | LOCAL DATETIME, ZONED DATETIME | Timestamp without a zone, or with "UTC"; in nanoseconds, or in microseconds if a year is beyond 1678 to 2261 |
 * | DURATION | Interval of months, days and nanoseconds |
 * | lists | List of what the elements have in common |
 * | only nulls | Null |
 * | all else, and mixtures | Utf8 that holds JSON, with the extension type arrow.json |
 *
 * @param fields The field names.
 * @param blocks Blocks of one result, in order.
 * @param from How many rows of the first block to leave out.
 */
export function toArrow(fields: readonly string[], blocks: readonly Block[], from = 0): Uint8Array<ArrayBuffer> {
  const writer = new ArrowWriter(fields);
  for (const block of blocks) writer.learn(block);
  return joined([
    ...writer.head(),
    ...blocks.flatMap((block, index) => writer.batch(block, index === 0 ? from : 0)),
    ...writer.end(),
  ]);
}

/**
 * Writes the same stream part by part, so that it can go to a file without being whole in memory. Call learn for all
 * blocks, then write, in this order, the head, a batch for each block, and the end.
 */
export class ArrowWriter {
  readonly #fields: readonly string[];
  #kinds: readonly Kind[];

  /** @param fields The field names. */
  constructor(fields: readonly string[]) {
    this.#fields = fields;
    this.#kinds = fields.map(() => ({ name: "null" }));
  }

  /** Learns the types in a block. */
  learn(block: Block): void {
    const plain = block.plain();
    this.#kinds = this.#kinds.map((kind, field) => merged(kind, kindOfColumn(plain, field)));
  }

  /** The schema. */
  head(): Uint8Array<ArrayBuffer>[] {
    return message(schemaMessage(this.#fields, this.#kinds));
  }

  /** A record batch of a block's rows, from one row on; empty if there are none. The block must have been learnt. */
  batch(block: Block, from = 0): Uint8Array<ArrayBuffer>[] {
    if (block.rows <= from) return [];
    const plain = block.plain();
    const body = new Body();
    for (const [field, kind] of this.#kinds.entries()) body.add(kind, valuesOf(plain, field, kind).slice(from));
    return [...message(batchMessage(block.rows - from, body.nodes, body.buffers, body.length)), ...body.parts];
  }

  /** The end marker. */
  end(): Uint8Array<ArrayBuffer>[] {
    return [new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])];
  }
}

/** The values of a field: a column of numbers, or, for other kinds and for JSON, the values one by one. */
function valuesOf(block: Block, field: number, kind: Kind): Float64Array | Int32Array | BigInt64Array | unknown[] {
  if (kind.name === "int" || kind.name === "float") return columnOf(block, field);
  return Array.from({ length: block.rows }, (_, row) => block.value(row, field));
}

/** The beginning of a message: a mark, the length of the metadata, the metadata. */
function message(metadata: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const pad = padding(metadata.length);
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setUint32(0, 0xffff_ffff, true);
  prefix.setUint32(4, metadata.length + pad, true);
  return [new Uint8Array(prefix.buffer), metadata, new Uint8Array(pad)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
