import * as core from "neo4j-driver-core";
import type { Block } from "../rowblock/block.js";
import {
  structDate,
  structDateTime,
  structDuration,
  structLocalDateTime,
  structLocalTime,
  structPoint2D,
  structPoint3D,
  structTime,
  structUUID,
  structUnbound,
  structUnsupported,
  structVector,
  structZoned,
  structZonedLocal,
  nodeWords,
} from "../rowblock/layout.js";
import type { ValueMaker } from "../rowblock/maker.js";
import { integer, number, readStructure } from "../rowblock/structure.js";
import { dayFromEpoch, splitSeconds } from "../values/calendar.js";
import type { Integer, Properties } from "../values/entities.js";
import { offsetAt } from "../values/zones.js";
import type { Unsupported, UUID, Vector } from "../values/vector.js";

/** The options of a driver's configuration for integers. */
export interface IntegerConfig {
  disableLosslessIntegers?: boolean;
  useBigInt?: boolean;
}

/** Returns what makes neo4j-driver-core's values from blocks, as a driver's configuration asks. */
export function coreValues({ disableLosslessIntegers, useBigInt }: IntegerConfig): CoreValues {
  if (useBigInt) return new BigIntValues();
  return disableLosslessIntegers ? new NumberValues() : new CoreValues();
}

const twoTo32 = 2 ** 32;

// read from core once: bundlers make imports from CommonJS getters, which cost as much as a value
const { Integer: CoreInteger, Node, Relationship, PathSegment, Path } = core;

/** Frequent integers, such as ages, counts and years, are made once: they are never changed. */
const minimum = -128;
const shared: core.Integer[] = [];
const maximum = 2047;
for (let value = minimum; value <= maximum; value++) shared.push(new CoreInteger(value, value >> 31));

/** Makes neo4j-driver-core's values, with its Integers. */
export class CoreValues implements ValueMaker {
  integer(value: number): unknown {
    const low = value | 0;
    if (low !== value) return new CoreInteger(low, Math.floor(value / twoTo32));
    return low >= minimum && low <= maximum ? shared[low - minimum]! : new CoreInteger(low, low >> 31);
  }

  long(value: bigint): unknown {
    return new CoreInteger(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** An integer in webbolt's form. */
  exact(value: Integer): unknown {
    return typeof value === "number" ? this.integer(value) : this.long(value);
  }

  float(value: number): number {
    return value;
  }

  bytes(value: Uint8Array): Int8Array {
    return new Int8Array(value.buffer as ArrayBuffer, value.byteOffset, value.length);
  }

  node(identity: unknown, labels: string[], properties: Properties, elementId: string): unknown {
    return new Node(identity as core.Integer, labels, properties, elementId);
  }

  relationship(
    identity: unknown,
    start: unknown,
    end: unknown,
    type: string,
    properties: Properties,
    elementId: string,
    startNodeElementId: string,
    endNodeElementId: string,
  ): unknown {
    return new Relationship(
      identity as core.Integer,
      start as core.Integer,
      end as core.Integer,
      type,
      properties,
      elementId,
      startNodeElementId,
      endNodeElementId,
    );
  }

  path(nodes: core.Node[], relationships: core.Relationship[]): unknown {
    const segments = relationships.map((relationship, i) => new PathSegment(nodes[i]!, relationship, nodes[i + 1]!));
    return new Path(nodes[0]!, nodes[nodes.length - 1]!, segments);
  }

  structure(block: Block, at: number): unknown {
    const { tape, floats } = block;
    switch (tape[at]! & 255) {
      case structPoint2D:
      case structPoint3D: {
        const first = tape[at + 2]!;
        const z = tape[at] === structPoint3D ? floats[first + 2] : undefined;
        return new core.Point(
          this.integer(number(block, at + 1)) as core.Integer,
          floats[first]!,
          floats[first + 1]!,
          z,
        );
      }
      case structDuration:
        return new core.Duration(
          this.#whole(block, at + 1),
          this.#whole(block, at + 2),
          this.#whole(block, at + 3),
          this.#whole(block, at + 4),
        );
      case structUnbound: {
        const shape = block.dictionary.shapes[tape[at + 1]!]!;
        const identity = tape[at + 2]!;
        const properties = block.properties(shape, at + 1 + nodeWords);
        return new core.UnboundRelationship(
          block.cell(identity) as core.Integer,
          shape.type,
          properties,
          block.elementID(tape[at + 3]!, identity),
        );
      }
      case structDate: {
        const { year, month, day } = dayFromEpoch(number(block, at + 1));
        return new core.Date(this.#part(year), this.#part(month), this.#part(day));
      }
      case structLocalTime:
        return new core.LocalTime(...this.#clock(number(block, at + 1)));
      case structTime:
        return new core.Time(...this.#clock(number(block, at + 1)), this.#whole(block, at + 2));
      case structLocalDateTime:
        return new core.LocalDateTime(...this.#dayAndClock(integer(block, at + 1), number(block, at + 2)));
      case structDateTime: {
        const offset = number(block, at + 3);
        return new core.DateTime(
          ...this.#dayAndClock(shifted(integer(block, at + 1), offset), number(block, at + 2)),
          this.#part(offset),
          undefined,
        );
      }
      case structZoned:
        return this.#inZone(integer(block, at + 1), number(block, at + 2), block.cell(tape[at + 3]!) as string);
      case structZonedLocal: {
        const zone = block.cell(tape[at + 3]!) as string;
        return new core.DateTime(...this.#dayAndClock(integer(block, at + 1), number(block, at + 2)), undefined, zone);
      }
      case structVector:
        return new core.Vector((readStructure(block, at, "object") as Vector).elements as Float64Array);
      case structUUID:
        return core.uuid((readStructure(block, at, "object") as UUID).bytes);
      case structUnsupported: {
        const { name, minimumBolt, message } = readStructure(block, at, "object") as Unsupported;
        const [major, minor] = minimumBolt.split(".").map(Number);
        return new core.UnsupportedType(name, major!, minor!, message ?? undefined);
      }
    }
    return readStructure(block, at, "object");
  }

  /** A part of a value, such as a year. */
  #part(value: number): core.Integer {
    return this.integer(value) as core.Integer;
  }

  #whole(block: Block, at: number): core.Integer {
    return this.exact(integer(block, at)) as core.Integer;
  }

  #clock(nanoseconds: number): [core.Integer, core.Integer, core.Integer, core.Integer] {
    const seconds = Math.floor(nanoseconds / 1e9);
    return [
      this.#part(Math.floor(seconds / 3600)),
      this.#part(Math.floor(seconds / 60) % 60),
      this.#part(seconds % 60),
      this.#part(nanoseconds - seconds * 1e9),
    ];
  }

  #dayAndClock(
    seconds: Integer,
    nanosecond: number,
  ): [core.Integer, core.Integer, core.Integer, core.Integer, core.Integer, core.Integer, core.Integer] {
    const { days, second } = splitSeconds(seconds);
    const { year, month, day } = dayFromEpoch(days);
    return [
      this.#part(year),
      this.#part(month),
      this.#part(day),
      this.#part(Math.floor(second / 3600)),
      this.#part(Math.floor(second / 60) % 60),
      this.#part(second % 60),
      this.#part(nanosecond),
    ];
  }

  #inZone(seconds: Integer, nanosecond: number, zone: string): unknown {
    const offset = offsetAt(zone, Number(seconds));
    if (offset === undefined) {
      const error = core.newError(
        `the time zone ${zone} is not known here, so the clock of a date and time in it cannot be told`,
      );
      return core.internal.objectUtil.createBrokenObject(error, {});
    }
    return new core.DateTime(...this.#dayAndClock(shifted(seconds, offset), nanosecond), this.#part(offset), zone);
  }
}

/** Integers as numbers; those beyond 2^53 become infinite. */
class NumberValues extends CoreValues {
  override integer(value: number): unknown {
    return value;
  }

  override long(value: bigint): unknown {
    return value > 0n ? Infinity : -Infinity;
  }
}

class BigIntValues extends CoreValues {
  override integer(value: number): unknown {
    return BigInt(value);
  }

  override long(value: bigint): unknown {
    return value;
  }
}

function shifted(seconds: Integer, offset: number): Integer {
  return typeof seconds === "number" ? seconds + offset : seconds + BigInt(offset);
}
