import * as core from "neo4j-driver-core";
import type { Packed } from "../engine/shape.js";
import { packVector } from "../packstream/structure.js";
import { Writer, sizes } from "../packstream/writer.js";
import { arrayKind } from "../values/builtin.js";
import { daysFromEpoch, joinSeconds } from "../values/calendar.js";
import type { Integer } from "../values/entities.js";
import { offsetAtLocal } from "../values/zones.js";
import type { VectorElements } from "../values/vector.js";

/**
 * Packs parameters as neo4j-driver means them: a number is a FLOAT, an Integer or bigint an INTEGER, an Int8Array
 * bytes, any other iterable a list.
 *
 * @throws Neo4jError for what cannot be sent.
 */
export function packCoreParameters(parameters: object): Packed {
  const packer = new CorePacker(true);
  packer.map(parameters as Record<string, unknown>);
  const utc = packer.writer.finish();
  if (!packer.zoned) return utc;
  const early = new CorePacker(false);
  early.map(parameters as Record<string, unknown>);
  return [utc, early.writer.finish()];
}

/** How deep values may be nested: as deep as the engine accepts. */
const maxDepth = 200;

class CorePacker {
  readonly writer = new Writer();
  /** Whether a date and time with a zone was among the values. */
  zoned = false;
  readonly #utc: boolean;
  #depth = 0;

  /** utc is false for the form of dates and times that Bolt had before 4.3, which counts by the zone's own clock. */
  constructor(utc: boolean) {
    this.#utc = utc;
  }

  value(value: unknown): void {
    const { writer } = this;
    switch (typeof value) {
      case "number":
        return writer.float(value);
      case "string":
        return writer.string(value);
      case "boolean":
        return writer.byte(value ? 0xc3 : 0xc2);
      case "bigint":
        return this.#integer(value);
      case "object":
        if (value === null) return writer.byte(0xc0);
        if (++this.#depth > maxDepth)
          throw core.newError(`Unable to pack the given value: it is nested more than ${maxDepth} deep`);
        this.#object(value);
        this.#depth--;
        return;
      default:
        throw core.newError(`Unable to pack the given value: ${String(value)}`);
    }
  }

  map(map: Record<string, unknown>): void {
    const keys = Object.keys(map).filter(key => map[key] !== undefined);
    this.writer.size(sizes.map, keys.length);
    for (const key of keys) {
      this.writer.string(key);
      this.value(map[key]);
    }
  }

  #list(values: ArrayLike<unknown>): void {
    this.writer.size(sizes.list, values.length);
    for (let i = 0; i < values.length; i++) this.value(values[i] === undefined ? null : values[i]);
  }

  #integer(value: number | bigint): void {
    if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value)
      throw core.newError(`Unable to pack the given value: ${value} does not fit into 64 bits`);
    this.writer.integer(value);
  }

  #integers(signature: string, ...fields: Integer[]): void {
    this.writer.structure(signature, fields.length);
    for (const field of fields) this.#integer(field);
  }

  #object(value: object): void {
    if (core.isInt(value)) return this.#integer(exact(value));
    if (arrayKind(value) === "Int8Array")
      return this.writer.byteArray(
        new Uint8Array((value as Int8Array).buffer, (value as Int8Array).byteOffset, (value as Int8Array).length),
      );
    if (Array.isArray(value)) return this.#list(value);
    if (this.#structure(value)) return;
    refuseEntity(value);
    if (Symbol.iterator in value) return this.#iterable(value as Iterable<unknown>);
    this.map(value as Record<string, unknown>);
  }

  #iterable(value: Iterable<unknown>): void {
    let values: unknown[];
    try {
      values = Array.from(value);
    } catch (thrown) {
      // the user's own code
      throw core.newError(`Cannot pack given iterable, ${(thrown as Error).message}: ${String(value)}`);
    }
    this.#list(values);
  }

  /** Packs a value that has a structure of its own; false if it has none. */
  #structure(value: object): boolean {
    if (core.isPoint(value)) this.#point(value);
    else if (core.isDate(value)) this.#integers("D", day(value));
    else if (core.isLocalTime(value)) this.#integers("t", nanoseconds(value));
    else if (core.isTime(value)) this.#integers("T", nanoseconds(value), exact(value.timeZoneOffsetSeconds));
    else if (core.isLocalDateTime(value)) this.#integers("d", localSeconds(value), exact(value.nanosecond));
    else if (core.isDateTime(value)) this.#dateTime(value);
    else if (core.isDuration(value))
      this.#integers("E", exact(value.months), exact(value.days), exact(value.seconds), exact(value.nanoseconds));
    else if (core.isVector?.(value)) packVector(this.writer, value.asTypedArray() as VectorElements);
    else if (core.isUUID?.(value)) {
      this.writer.byte(0xe0);
      this.writer.raw(value.getTypedArray());
    } else return false;
    return true;
  }

  #point({ srid, x, y, z }: core.Point<core.NumberOrInteger>): void {
    const three = z !== null && z !== undefined;
    this.writer.structure(three ? "Y" : "X", three ? 4 : 3);
    this.#integer(exact(srid));
    for (const coordinate of three ? [x, y, z] : [x, y]) this.writer.float(coordinate);
  }

  #dateTime(value: core.DateTime<core.NumberOrInteger>): void {
    const local = localSeconds(value);
    const zone = value.timeZoneId;
    const offset =
      value.timeZoneOffsetSeconds == null ? offsetOf(zone!, local) : Number(exact(value.timeZoneOffsetSeconds));
    const seconds = !this.#utc ? local : typeof local === "number" ? local - offset : local - BigInt(offset);
    this.zoned = true;
    if (zone == null) return this.#integers(this.#utc ? "I" : "F", seconds, exact(value.nanosecond), offset);
    this.writer.structure(this.#utc ? "i" : "f", 3);
    this.#integer(seconds);
    this.#integer(exact(value.nanosecond));
    this.writer.string(zone);
  }
}

/** An integer of core's in webbolt's form: a number if that is exact. */
function exact(value: core.NumberOrInteger | bigint): Integer {
  if (typeof value === "number") return Math.trunc(value);
  const small = typeof value === "bigint" ? Number(value) : value.high * 2 ** 32 + (value.low >>> 0);
  if (Number.isSafeInteger(small)) return small;
  return typeof value === "bigint" ? value : value.toBigInt();
}

interface Clock {
  hour: core.NumberOrInteger;
  minute: core.NumberOrInteger;
  second: core.NumberOrInteger;
  nanosecond: core.NumberOrInteger;
}

interface Day {
  year: core.NumberOrInteger;
  month: core.NumberOrInteger;
  day: core.NumberOrInteger;
}

function day(value: Day): number {
  return daysFromEpoch(Number(exact(value.year)), Number(exact(value.month)), Number(exact(value.day)));
}

function secondOfDay({ hour, minute, second }: Clock): number {
  return Number(exact(hour)) * 3600 + Number(exact(minute)) * 60 + Number(exact(second));
}

function nanoseconds(value: Clock): number {
  return secondOfDay(value) * 1e9 + Number(exact(value.nanosecond));
}

function localSeconds(value: Day & Clock): Integer {
  return joinSeconds(day(value), secondOfDay(value));
}

function offsetOf(zone: string, localSeconds: Integer): number {
  const offset = offsetAtLocal(zone, Number(localSeconds));
  if (offset === undefined)
    throw core.newError(`Unable to pack the given value: the time zone ${zone} is not known here`);
  return offset;
}

/** Refuses nodes, relationships and paths: they cannot be parameters. */
function refuseEntity(value: object): void {
  const what = core.isNode(value)
    ? "nodes"
    : core.isRelationship(value)
      ? "relationships"
      : core.isPath(value)
        ? "paths"
        : core.isUnboundRelationship(value)
          ? "unbound relationships"
          : core.isUnsupportedType?.(value)
            ? "values of unsupported types"
            : undefined;
  if (what)
    throw core.newError(
      `It is not allowed to pass ${what} in query parameters, given: ${String(value)}`,
      core.error.PROTOCOL_ERROR,
    );
}
