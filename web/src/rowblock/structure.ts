import {
  nodeWords,
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
  structUnknown,
  structUnsupported,
  structVector,
  structZoned,
  structZonedLocal,
} from "./layout.js";
import type { Block } from "./block.js";
import { Duration } from "../values/duration.js";
import type { Integer } from "../values/entities.js";
import { UnboundRelationship } from "../values/entities.js";
import { Point } from "../values/point.js";
import {
  DateTime,
  LocalDate,
  LocalDateTime,
  LocalTime,
  temporalAs,
  Time,
  type TemporalMode,
} from "../values/temporal.js";
import { UnknownStructure, Unsupported, UUID, vectorOf } from "../values/vector.js";

/** Makes the structure at a place of the block's tape. */
export function readStructure(block: Block, at: number, mode: TemporalMode): unknown {
  const { tape } = block;
  const first = tape[at]!;
  switch (first & 255) {
    case structPoint2D:
    case structPoint3D:
      return point(block, at, first === structPoint3D);
    case structVector:
      return vectorOf(
        tape[at + 1]!,
        block.bytes.slice(tape[at + 2]!, tape[at + 2]! + tape[at + 3]!).buffer as ArrayBuffer,
      );
    case structUUID:
      return new UUID(
        Array.from(tape.subarray(at + 1, at + 5), word => (word >>> 0).toString(16).padStart(8, "0")).join(""),
      );
    case structUnsupported:
      return unsupported(block, at);
    case structUnknown:
      return new UnknownStructure(
        tape[at + 1]!,
        Array.from(tape.subarray(at + 2, at + 2 + (first >>> 8)), cell => block.cell(cell)),
      );
    case structUnbound: {
      const shape = block.dictionary.shapes[tape[at + 1]!]!;
      const identity = tape[at + 2]!;
      const properties = block.properties(shape, at + 1 + nodeWords);
      return new UnboundRelationship(
        block.cell(identity) as Integer,
        shape.type,
        properties,
        block.elementID(tape[at + 3]!, identity),
      );
    }
    default:
      return temporalAs(mode, temporal(block, at));
  }
}

function temporal(block: Block, at: number): { toString(): string } {
  const { tape } = block;
  switch (tape[at]! & 255) {
    case structDate:
      return LocalDate.fromEpochDays(number(block, at + 1));
    case structTime:
      return Time.fromNanoseconds(number(block, at + 1), number(block, at + 2));
    case structLocalTime:
      return LocalTime.fromNanoseconds(number(block, at + 1));
    case structLocalDateTime:
      return LocalDateTime.fromEpoch(integer(block, at + 1), number(block, at + 2));
    case structDateTime:
      return DateTime.fromEpoch(integer(block, at + 1), number(block, at + 2), number(block, at + 3));
    case structZoned:
      return DateTime.inZone(integer(block, at + 1), number(block, at + 2), block.cell(tape[at + 3]!) as string);
    case structZonedLocal:
      return DateTime.inZoneLocal(integer(block, at + 1), number(block, at + 2), block.cell(tape[at + 3]!) as string);
    case structDuration:
      return new Duration(
        integer(block, at + 1),
        integer(block, at + 2),
        integer(block, at + 3),
        number(block, at + 4),
      );
    default:
      throw new Error(`the block has a structure of the unknown kind ${tape[at]! & 255}`);
  }
}

/** The integer in a word of the tape. */
export function integer(block: Block, at: number): Integer {
  return block.integerOf(block.tape[at]!);
}

/** The same as a number. */
export function number(block: Block, at: number): number {
  return Number(block.integerOf(block.tape[at]!));
}

function point(block: Block, at: number, three: boolean): Point {
  const { floats, tape } = block;
  const first = tape[at + 2]!;
  return new Point(number(block, at + 1), floats[first]!, floats[first + 1]!, three ? floats[first + 2]! : null);
}

function unsupported(block: Block, at: number): Unsupported {
  const { tape } = block;
  const more = block.cell(tape[at + 4]!) as { message?: unknown } | null;
  const message = typeof more?.message === "string" ? more.message : null;
  return new Unsupported(
    String(block.cell(tape[at + 1]!)),
    `${number(block, at + 2)}.${number(block, at + 3)}`,
    message,
  );
}
