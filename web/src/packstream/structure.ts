import type { Duration } from "../values/duration.js";
import type { Integer } from "../values/entities.js";
import type { Float } from "../values/float.js";
import type { Point } from "../values/point.js";
import { DateTime, type LocalDate, type LocalDateTime, type LocalTime, type Time } from "../values/temporal.js";
import { vectorMarker, type UUID, type Vector, type VectorElements } from "../values/vector.js";
import type { Packer } from "./packer.js";
import type { Writer } from "./writer.js";

/** Packs an object of one of this package's classes; false if its class cannot be sent. */
export function packStructure(packer: Packer, name: string, value: object): boolean {
  const pack = structures[name];
  pack?.(packer, value as never);
  return pack !== undefined;
}

/** Packs a JavaScript Date, as a ZONED DATETIME in UTC. */
export function packDate(packer: Packer, value: Date): void {
  packDateTime(packer, DateTime.fromDate(value));
}

const structures: { readonly [name: string]: ((packer: Packer, value: never) => void) | undefined } = {
  Float: ({ writer }, { value }: Float) => writer.float(value),
  LocalDate: (packer, { epochDays }: LocalDate) => packIntegers(packer, "D", epochDays),
  LocalTime: (packer, { nanoseconds }: LocalTime) => packIntegers(packer, "t", nanoseconds),
  Time: (packer, { nanoseconds, offset }: Time) => packIntegers(packer, "T", nanoseconds, offset),
  LocalDateTime: (packer, { epochSeconds, nanosecond }: LocalDateTime) =>
    packIntegers(packer, "d", epochSeconds, nanosecond),
  DateTime: packDateTime,
  Duration: (packer, { months, days, seconds, nanoseconds }: Duration) =>
    packIntegers(packer, "E", months, days, seconds, nanoseconds),
  Point: packPoint,
  Vector: ({ writer }, { elements }: Vector) => packVector(writer, elements),
  UUID: ({ writer }, { bytes }: UUID) => {
    writer.byte(0xe0);
    writer.raw(bytes);
  },
};

function packIntegers(packer: Packer, signature: string, ...fields: Integer[]): void {
  packer.writer.structure(signature, fields.length);
  for (const field of fields) {
    if (typeof field === "number" && !Number.isSafeInteger(field))
      throw new RangeError("a part was changed to what is no whole number");
    packer.writer.integer(field);
  }
}

function packDateTime(packer: Packer, value: DateTime): void {
  const { writer, utc } = packer;
  packer.zoned = true;
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
export function packVector(writer: Writer, elements: VectorElements): void {
  const width = elements.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength).slice();
  for (let at = 0; at < bytes.length && width > 1; at += width) bytes.subarray(at, at + width).reverse();
  writer.structure("V", 2);
  writer.byteArray(Uint8Array.of(vectorMarker(elements)));
  writer.byteArray(bytes);
}
