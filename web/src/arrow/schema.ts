import { FlatBuffer, type Slot } from "./flatbuffer.js";
import type { Kind } from "./kind.js";

/** Arrow's metadata version 5. */
const version: Slot = { kind: "i16", value: 4 };

/** Codes of Arrow's types in the union Type of Schema.fbs. */
const types = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  text: 5,
  bool: 6,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  json: 5,
};

const nanosecond = 3;
const microsecond = 2;

/** The fields of the type's own table. */
function typeSlots(kind: Kind): Slot[] {
  switch (kind.name) {
    case "int":
      return [
        { kind: "i32", value: 64 },
        { kind: "u8", value: 1 },
      ];
    case "float":
      return [{ kind: "i16", value: 2 }]; // double
    case "date":
      return [{ kind: "i16", value: 0 }]; // days
    case "time":
      return [
        { kind: "i16", value: nanosecond },
        { kind: "i32", value: 64 },
      ];
    case "timestamp":
      return [{ kind: "i16", value: kind.micro ? microsecond : nanosecond }, kind.utc ? text("UTC") : undefined];
    case "interval":
      return [{ kind: "i16", value: 2 }]; // months, days and nanoseconds
    default:
      return [];
  }
}

const text = (value: string): Slot => ({ kind: "ref", write: buffer => buffer.string(value) });
const table = (slots: Slot[]): Slot => ({ kind: "ref", write: buffer => buffer.table(slots) });
const tables = (all: Slot[][]): Slot => ({ kind: "ref", write: buffer => buffer.tables(all) });

/** The slots of Field: name, nullable, type, its table, dictionary, children, metadata. */
function fieldSlots(name: string, kind: Kind): Slot[] {
  const children = kind.name === "list" ? [fieldSlots("item", kind.of)] : [];
  const slots: Slot[] = [
    text(name),
    { kind: "u8", value: 1 },
    { kind: "u8", value: types[kind.name] },
    table(typeSlots(kind)),
    undefined,
    tables(children),
  ];
  if (kind.name === "json") {
    const extension = [
      ["ARROW:extension:name", "arrow.json"],
      ["ARROW:extension:metadata", ""],
    ];
    slots.push(tables(extension.map(([key, value]) => [text(key!), text(value!)])));
  }
  return slots;
}

/** The metadata of a schema message. */
export function schemaMessage(fields: readonly string[], kinds: readonly Kind[]): Uint8Array<ArrayBuffer> {
  const all = fields.map((name, i) => fieldSlots(name, kinds[i]!));
  return FlatBuffer.of([version, { kind: "u8", value: 1 }, table([undefined, tables(all)]), { kind: "i64", value: 0 }]);
}

/**
 * The metadata of a record batch message: each array's length and number of nulls, and each buffer's place and length
 * in the body.
 */
export function batchMessage(
  rows: number,
  nodes: readonly (readonly [number, number])[],
  buffers: readonly (readonly [number, number])[],
  bodyLength: number,
): Uint8Array<ArrayBuffer> {
  const batch: Slot[] = [
    { kind: "i64", value: rows },
    { kind: "ref", write: buffer => buffer.pairs(nodes) },
    { kind: "ref", write: buffer => buffer.pairs(buffers) },
  ];
  return FlatBuffer.of([version, { kind: "u8", value: 3 }, table(batch), { kind: "i64", value: bodyLength }]);
}
