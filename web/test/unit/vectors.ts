import { readFileSync } from "node:fs";
import { BlockReader, type Block, type ValueOptions } from "../../src/rowblock.js";
import {
  DateTime,
  Duration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Path,
  Time,
  UnboundRelationship,
  UnknownStructure,
  Unsupported,
  UUID,
  Vector,
  Node,
  Point,
  Relationship,
} from "../../src/values.js";

declare const VECTORS: string;

/**
 * What test/vectors/rowblock.json has: records in PackStream, the blocks that Go made of them, and the rows they hold.
 */
export interface Vectors {
  name: string;
  fields: number;
  records: string[];
  rows: unknown[][];
  blocks: string[];
}

export const vectors = JSON.parse(readFileSync(`${VECTORS}rowblock.json`, "utf8")) as Vectors[];

export function buffer(hex: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(hex, "hex")).buffer;
}

/** The blocks of a vector. */
export function blocksOf(name: string, options?: ValueOptions): Block[] {
  const found = vectors.find(vector => vector.name === name);
  if (found === undefined) throw new Error(`there is no vector called ${name}`);
  const reader = new BlockReader(options);
  return found.blocks.map(block => reader.read(buffer(block)));
}

/** The values of a vector with one field. */
export function valuesOf(name: string, options?: ValueOptions): unknown[] {
  return blocksOf(name, options).flatMap(block => Array.from({ length: block.rows }, (_, row) => block.value(row, 0)));
}

const texts = { DateTime, Duration, LocalDate, LocalDateTime, LocalTime, Time };
const records = { Node, Path, Point, Relationship, UnboundRelationship, UnknownStructure, Unsupported, UUID };

/** A value in the notation of the vectors' rows. */
export function notation(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $float: Object.is(value, -0) ? "-0" : String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("hex") };
  if (value instanceof Vector)
    return {
      $: "Vector",
      of: value.elements.constructor.name,
      elements: Array.from(value.elements as Int8Array, notation),
    };
  for (const [name, type] of Object.entries(texts)) if (value instanceof type) return { $: name, text: String(value) };
  if (Array.isArray(value)) return value.map(notation);
  const entries = Object.entries(value).map(([key, inner]) => [key, notation(inner)] as [string, unknown]);
  for (const [name, type] of Object.entries(records))
    if (value instanceof type) return { $: name, ...Object.fromEntries(entries) };
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error(`an unexpected ${value.constructor.name}`);
  return entries.some(([key]) => key === "__proto__") ? { $entries: entries } : Object.fromEntries(entries);
}
