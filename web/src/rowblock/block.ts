import {
  cellFalse,
  cellNull,
  cellTrue,
  columnCells,
  columnFloat,
  columnInt32,
  columnInt64,
  columnSafeInt,
  head,
  listFloats,
  listInt32,
  nodeWords,
  relationshipWords,
  tagBytes,
  tagConstant,
  tagElementID,
  tagFloat,
  tagInt,
  tagInt64,
  tagList,
  tagMap,
  tagNode,
  tagPath,
  tagRelationship,
  tagSafeInt,
  tagString,
  tagStructure,
  tagWord,
} from "./layout.js";
import type { Dictionary } from "./dictionary.js";
import { Shape } from "./dictionary.js";
import { OwnValues, type ValueMaker } from "./maker.js";
import type { Integer, Properties } from "../values/entities.js";
import type { TemporalMode } from "../values/temporal.js";

/** How values are represented. */
export interface ValueOptions {
  /**
   * Integers: "auto" (the default) gives a number if it is exact, and a bigint beyond 2^53; "bigint" always gives a
   * bigint, "number" always a number, which may be inexact.
   */
  integers?: IntegerMode;
  /**
   * Dates and times: "object" (the default), "iso" strings, or "native", which gives a JavaScript Date for DATE and
   * both kinds of DATETIME.
   */
  temporal?: TemporalMode;
  /**
   * FLOATs: "number" (the default), or "object", which makes each a `Float`. A whole number is sent as an INTEGER, so a
   * FLOAT of 10.0 that came as a number is sent back as the INTEGER 10; a `Float` is sent back as a FLOAT. Columns that
   * are typed arrays have numbers in both modes.
   */
  floats?: FloatMode;
}

export type FloatMode = "number" | "object";

export type IntegerMode = "auto" | "bigint" | "number";

/** The values of a row, one for each field. */
export type Row = unknown[];

/**
 * Rows in the form in which they came. Values are made on demand, new ones each time. Strings of 13 characters or more
 * may keep the block's text in memory as long as they exist.
 */
export class Block {
  /** Number of rows. */
  readonly rows: number;
  /** Number of values in a row. */
  readonly fields: number;
  /** @internal */ readonly buffer: ArrayBuffer;
  /** @internal */ readonly dictionary: Dictionary;
  /** @internal */ readonly integers: IntegerMode;
  /** @internal */ readonly floats: Float64Array;
  /** @internal */ readonly ints: BigInt64Array;
  /** @internal Kind and place of each column. */ readonly directory: Int32Array;
  /** @internal */ readonly tape: Int32Array;
  /** @internal */ readonly ends: Int32Array;
  /** @internal */ readonly bytes: Uint8Array;
  private readonly sections: Sections;
  private readonly heap: Uint8Array;
  private readonly heapUnits: number;
  private decoded: string | undefined;
  private readonly shapes: readonly Shape[];
  private readonly make: ValueMaker;

  /** @internal The header of the block must be checked, and the dictionary must have its additions. */
  constructor(
    buffer: ArrayBuffer,
    sections: Sections,
    dictionary: Dictionary,
    options: ValueOptions,
    make: ValueMaker,
  ) {
    const words = new Int32Array(buffer, 0, head.words);
    this.rows = words[head.rows]!;
    this.fields = words[head.fields]!;
    this.heapUnits = words[head.heapUnits]!;
    this.buffer = buffer;
    this.dictionary = dictionary;
    this.shapes = dictionary.shapes;
    this.integers = options.integers ?? "auto";
    this.make = make;
    this.sections = sections;
    this.floats = sections.floats;
    this.ints = sections.ints;
    this.directory = sections.directory;
    this.tape = sections.tape;
    this.ends = sections.ends;
    this.heap = sections.heap;
    this.bytes = sections.bytes;
  }

  /** @internal The same block without options: integers exact, dates and times as objects. */
  plain(): Block {
    return new Block(this.buffer, this.sections, this.dictionary, {}, new OwnValues({}));
  }

  /** The size of the block in memory, in bytes. */
  get byteLength(): number {
    return this.buffer.byteLength;
  }

  /** The value of a field in a row; both count from 0. */
  value(row: number, field: number): unknown {
    const at = this.directory[2 * field + 1]! + row;
    switch (this.directory[2 * field]) {
      case columnCells:
        return this.cell(this.tape[at]!);
      case columnInt32:
        return this.make.integer(this.tape[at]!);
      case columnSafeInt:
        return this.make.integer(this.floats[at]!);
      case columnInt64:
        return this.integer64(this.ints[at]!);
      case columnFloat:
        return this.make.float(this.floats[at]!);
      default:
        throw new RangeError(`the result has no field ${field}`);
    }
  }

  /** The values of a row. */
  row(row: number): Row {
    const fields = this.fields;
    const values = new Array<unknown>(fields);
    for (let field = 0; field < fields; field++) values[field] = this.value(row, field);
    return values;
  }

  /** A row as a plain object, whose keys are the shape's. */
  object(row: number, shape: Shape): Properties {
    const object = shape.empty();
    const { keys } = shape;
    for (let field = 0; field < keys.length; field++) {
      if (shape.delicate) Shape.define(object, keys[field]!, this.value(row, field));
      else object[keys[field]!] = this.value(row, field);
    }
    return object;
  }

  /** @internal All strings of the block, one after the other. */
  get text(): string {
    return this.decoded ?? this.decode();
  }

  /** @internal Frees the decoded text; it is decoded again when a value needs it. */
  forget(): void {
    this.decoded = undefined;
  }

  private decode(): string {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.heap);
    if (text.length !== this.heapUnits)
      throw new Error(`the block's text has ${text.length} units instead of ${this.heapUnits}`);
    this.decoded = text;
    return text;
  }

  /** @internal The value of a cell. */
  cell(cell: number): unknown {
    const payload = cell >>> 4;
    switch (cell & 15) {
      case tagConstant:
        return cell === cellTrue ? true : cell === cellFalse ? false : null;
      case tagInt:
        return this.make.integer(cell >> 4);
      case tagSafeInt:
        return this.make.integer(this.floats[payload]!);
      case tagInt64:
        return this.make.long(this.ints[payload]!);
      case tagFloat:
        return this.make.float(this.floats[payload]!);
      case tagString:
        return this.text.substring(this.ends[payload]!, this.ends[payload + 1]!);
      case tagBytes:
        return this.make.bytes(this.bytes.slice(this.tape[payload]!, this.tape[payload]! + this.tape[payload + 1]!));
      case tagList:
        return this.list(payload);
      case tagMap:
        return this.properties(this.shapes[this.tape[payload]!]!, payload + 1);
      case tagNode:
        return this.node(payload);
      case tagRelationship:
        return this.relationship(payload);
      case tagPath:
        return this.path(payload);
      case tagStructure:
        return this.make.structure(this, payload);
      case tagWord:
        return this.dictionary.strings[payload];
      default:
        throw new Error(`the block has a cell with the unknown tag ${cell & 15}`);
    }
  }

  /** An integer of a column that has greater ones. */
  private integer64(value: bigint): unknown {
    const number = Number(value);
    return Number.isSafeInteger(number) ? this.make.integer(number) : this.make.long(value);
  }

  /** @internal The integer in a cell as "auto" gives it, whatever the mode for values. */
  integerOf(cell: number): Integer {
    switch (cell & 15) {
      case tagInt:
        return cell >> 4;
      case tagSafeInt:
        return this.floats[cell >>> 4]!;
      case tagInt64:
        return this.ints[cell >>> 4]!;
      default:
        throw new Error("the block has another cell where an integer belongs");
    }
  }

  private list(at: number): unknown[] {
    const first = this.tape[at]!;
    const length = first >>> 2;
    const form = first & 3;
    const list = new Array<unknown>(length);
    if (form === listFloats) {
      const start = this.tape[at + 1]!;
      for (let i = 0; i < length; i++) list[i] = this.make.float(this.floats[start + i]!);
    } else if (form === listInt32) {
      for (let i = 0; i < length; i++) list[i] = this.make.integer(this.tape[at + 1 + i]!);
    } else {
      for (let i = 0; i < length; i++) list[i] = this.cell(this.tape[at + 1 + i]!);
    }
    return list;
  }

  /** @internal A plain object with the shape's keys, of the cells from a place of the tape on. */
  properties(shape: Shape, at: number): Properties {
    const object = shape.empty();
    const { keys } = shape;
    if (shape.delicate) {
      for (let i = 0; i < keys.length; i++) Shape.define(object, keys[i]!, this.cell(this.tape[at + i]!));
    } else {
      for (let i = 0; i < keys.length; i++) object[keys[i]!] = this.cell(this.tape[at + i]!);
    }
    return object;
  }

  /** @internal The element id in a cell, which may be made from the identity. */
  elementID(cell: number, identity: number): string {
    if ((cell & 15) === tagElementID) return this.dictionary.strings[cell >>> 4]! + this.digits(identity);
    return cell === cellNull ? this.digits(identity) : (this.cell(cell) as string);
  }

  private digits(identity: number): string {
    return (identity & 15) === tagInt ? `${identity >> 4}` : String(this.integerOf(identity));
  }

  /** @internal */
  node(at: number): unknown {
    const tape = this.tape;
    const shape = this.shapes[tape[at]!]!;
    const identity = tape[at + 1]!;
    return this.make.node(
      this.cell(identity),
      shape.labels.slice(),
      this.properties(shape, at + nodeWords),
      this.elementID(tape[at + 2]!, identity),
    );
  }

  /** @internal */
  relationship(at: number): unknown {
    const tape = this.tape;
    const shape = this.shapes[tape[at]!]!;
    const identity = tape[at + 1]!;
    const start = tape[at + 3]!;
    const end = tape[at + 5]!;
    return this.make.relationship(
      this.cell(identity),
      this.cell(start),
      this.cell(end),
      shape.type,
      this.properties(shape, at + relationshipWords),
      this.elementID(tape[at + 2]!, identity),
      this.elementID(tape[at + 4]!, start),
      this.elementID(tape[at + 6]!, end),
    );
  }

  private path(at: number): unknown {
    const length = this.tape[at]! >>> 1;
    const nodes = new Array<unknown>(length + 1);
    const relationships = new Array<unknown>(length);
    const seen = (this.tape[at]! & 1) === 1 ? new Map<number, unknown>() : undefined;
    for (let i = 0; i <= length; i++) nodes[i] = this.once(seen, this.tape[at + 1 + i]!);
    for (let i = 0; i < length; i++) relationships[i] = this.once(seen, this.tape[at + 2 + length + i]!);
    return this.make.path(nodes, relationships);
  }

  /** The value of a cell; the same object each time if seen is given. */
  private once(seen: Map<number, unknown> | undefined, cell: number): unknown {
    if (seen === undefined) return this.cell(cell);
    let value = seen.get(cell);
    if (value === undefined) {
      value = this.cell(cell);
      seen.set(cell, value);
    }
    return value;
  }
}

/** @internal The parts of a block's buffer. */
export interface Sections {
  floats: Float64Array;
  ints: BigInt64Array;
  directory: Int32Array;
  tape: Int32Array;
  ends: Int32Array;
  heap: Uint8Array;
  bytes: Uint8Array;
}
