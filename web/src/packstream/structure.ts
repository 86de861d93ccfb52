import type { Integer } from "../values/entities.js";
import { Duration } from "../values/duration.js";
import { Point } from "../values/point.js";
import { DateTime, LocalDate, LocalDateTime, LocalTime, Time } from "../values/temporal.js";
import { UUID, Vector, vectorMarker, type VectorElements } from "../values/vector.js";
import type { Packer } from "./packer.js";

/** Packs a value that has a structure of its own, or tells that it has none. */
export function packStructure(packer: Packer, value: object): boolean {
  const { writer } = packer;
  if (value instanceof Date) packDateTime(packer, DateTime.fromDate(value));
  else if (value instanceof DateTime) packDateTime(packer, value);
  else if (value instanceof LocalDate) packIntegers(packer, "D", value.epochDays);
  else if (value instanceof LocalTime) packIntegers(packer, "t", value.nanoseconds);
  else if (value instanceof Time) packIntegers(packer, "T", value.nanoseconds, value.offset);
  else if (value instanceof LocalDateTime) packIntegers(packer, "d", value.epochSeconds, value.nanosecond);
  else if (value instanceof Duration) packIntegers(packer, "E", value.months, value.days, value.seconds, value.nanoseconds);
  else if (value instanceof Point) packPoint(packer, value);
  else if (value instanceof Vector) packVector(packer, value.elements);
  else if (value instanceof UUID) {
    writer.byte(0xe0);
    writer.raw(value.bytes);
  } else return false;
  return true;
}

function packIntegers(packer: Packer, signature: string, ...fields: Integer[]): void {
  packer.writer.structure(signature, fields.length);
  for (const field of fields) packer.writer.integer(field);
}

function packDateTime(packer: Packer, value: DateTime): void {
  const { writer, utc } = packer;
  const seconds = value.epochSeconds;
  const sent = utc ? seconds : typeof seconds === "number" ? seconds + value.offset : seconds + BigInt(value.offset);
  if (value.zone === null) return packIntegers(packer, utc ? "I" : "F", sent, value.nanosecond, value.offset);
  writer.structure(utc ? "i" : "f", 3);
  writer.integer(sent);
  writer.integer(value.nanosecond);
  writer.string(value.zone);
}

function packPoint(packer: Packer, point: Point): void {
  const { writer } = packer;
  writer.structure(point.z === null ? "X" : "Y", point.z === null ? 3 : 4);
  writer.integer(point.srid);
  writer.float(point.x);
  writer.float(point.y);
  if (point.z !== null) writer.float(point.z);
}

/** Packs a vector: the marker of its elements' type, and their big-endian bytes. */
function packVector(packer: Packer, elements: VectorElements): void {
  const { writer } = packer;
  const width = elements.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength).slice();
  for (let at = 0; at < bytes.length && width > 1; at += width) bytes.subarray(at, at + width).reverse();
  writer.structure("V", 2);
  writer.byteArray(Uint8Array.of(vectorMarker(elements)));
  writer.byteArray(bytes);
}
