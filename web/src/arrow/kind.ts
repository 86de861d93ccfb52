import type { Block } from "../rowblock/block.js";
import {
  cellNull,
  columnCells,
  columnFloat,
  listFloats,
  listInt32,
  structDate,
  structDateTime,
  structDuration,
  structLocalDateTime,
  structLocalTime,
  structZoned,
  structZonedLocal,
  tagBytes,
  tagConstant,
  tagFloat,
  tagInt,
  tagInt64,
  tagList,
  tagSafeInt,
  tagString,
  tagStructure,
} from "../rowblock/layout.js";

/** The Arrow type of a column. */
export type Kind =
  | { name: "null" | "bool" | "int" | "float" | "text" | "binary" | "date" | "time" | "interval" | "json" }
  /** utc: it is a point in time. micro: a value is too large for nanoseconds in 64 bits. */
  | { name: "timestamp"; utc: boolean; micro: boolean }
  | { name: "list"; of: Kind };

const json: Kind = { name: "json" };

/** The kind that holds the values of both. */
export function merged(a: Kind, b: Kind): Kind {
  if (a.name === "null") return b;
  if (b.name === "null") return a;
  if (a.name === "list" && b.name === "list") return { name: "list", of: merged(a.of, b.of) };
  if (a.name === "timestamp" && b.name === "timestamp" && a.utc === b.utc)
    return { name: "timestamp", utc: a.utc, micro: a.micro || b.micro };
  if (a.name === b.name && a.name !== "timestamp") return a;
  const numbers = (kind: Kind): boolean => kind.name === "int" || kind.name === "float";
  return numbers(a) && numbers(b) ? { name: "float" } : json;
}

/** The kind of a field's values in a block. */
export function kindOfColumn(block: Block, field: number): Kind {
  if (block.rows === 0) return { name: "null" };
  const kind = block.directory[2 * field]!;
  if (kind !== columnCells) return { name: kind === columnFloat ? "float" : "int" };
  const at = block.directory[2 * field + 1]!;
  return kindOfCells(block, block.tape.subarray(at, at + block.rows));
}

function kindOfCells(block: Block, cells: Int32Array): Kind {
  let kind: Kind = { name: "null" };
  for (const cell of cells) {
    kind = merged(kind, kindOfCell(block, cell));
    if (kind.name === "json") break;
  }
  return kind;
}

const simple: { [tag: number]: Kind } = {
  [tagConstant]: { name: "bool" },
  [tagInt]: { name: "int" },
  [tagSafeInt]: { name: "int" },
  [tagInt64]: { name: "int" },
  [tagFloat]: { name: "float" },
  [tagString]: { name: "text" },
  [tagBytes]: { name: "binary" },
};

function kindOfCell(block: Block, cell: number): Kind {
  if (cell === cellNull) return { name: "null" };
  const at = cell >>> 4;
  const tag = cell & 15;
  if (tag === tagList) return { name: "list", of: kindOfElements(block, at) };
  return tag === tagStructure ? kindOfStructure(block, at) : (simple[tag] ?? json);
}

function kindOfElements(block: Block, at: number): Kind {
  const first = block.tape[at]!;
  if ((first & 3) === listInt32) return { name: "int" };
  if ((first & 3) === listFloats) return { name: "float" };
  return kindOfCells(block, block.tape.subarray(at + 1, at + 1 + (first >>> 2)));
}

/** The largest number of seconds that 64 bits hold as nanoseconds, and as microseconds. */
const nanoSeconds = 9_223_372_036;
const microSeconds = 9_223_372_036_854;

function kindOfStructure(block: Block, at: number): Kind {
  const kind = block.tape[at]! & 255;
  const field = (i: number): number => Math.abs(Number(block.integerOf(block.tape[at + i]!)));
  switch (kind) {
    case structDate:
      return field(1) < 2 ** 31 ? { name: "date" } : json;
    case structLocalTime:
      return { name: "time" };
    case structLocalDateTime:
    case structDateTime:
    case structZoned:
    case structZonedLocal: {
      const seconds = field(1) + 100_000; // a zone moves it by a day at most
      if (seconds > microSeconds) return json;
      return { name: "timestamp", utc: kind !== structLocalDateTime, micro: seconds > nanoSeconds };
    }
    case structDuration:
      return field(1) < 2 ** 31 && field(2) < 2 ** 31 && field(3) < nanoSeconds ? { name: "interval" } : json;
    default:
      return json;
  }
}
