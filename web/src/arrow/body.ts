import { jsonValue } from "../values/json.js";
import type { Duration } from "../values/duration.js";
import type { Integer } from "../values/entities.js";
import type { DateTime, LocalDate, LocalDateTime, LocalTime } from "../values/temporal.js";
import type { Kind } from "./kind.js";

/** The body of a record batch: buffers one after the other, and what the metadata says about them. */
export class Body {
  readonly nodes: [number, number][] = [];
  readonly buffers: [number, number][] = [];
  readonly parts: Uint8Array<ArrayBuffer>[] = [];
  length = 0;

  /** Adds an array of one kind. */
  add(kind: Kind, values: ArrayLike<unknown>): void {
    let nulls = 0;
    for (let i = 0; i < values.length; i++) if (values[i] === null) nulls++;
    this.nodes.push([values.length, nulls]);
    if (kind.name === "null") return; // has no buffers
    this.buffer(nulls === 0 ? new Uint8Array(0) : bits(values, value => value !== null));
    this.data(kind, values);
  }

  private data(kind: Kind, values: ArrayLike<unknown>): void {
    switch (kind.name) {
      case "bool":
        return this.buffer(bits(values, value => value === true));
      case "int":
        return this.buffer(longs(values as ArrayLike<Integer | null>));
      case "float":
        return this.buffer(
          values instanceof Float64Array
            ? values
            : Float64Array.from(values as ArrayLike<Integer | null>, value => Number(value ?? 0)),
        );
      case "date":
        return this.buffer(Int32Array.from(values as ArrayLike<LocalDate | null>, date => date?.epochDays ?? 0));
      case "time":
        return this.buffer(longs(Array.from(values as ArrayLike<LocalTime | null>, time => time?.nanoseconds ?? null)));
      case "timestamp":
        return this.buffer(
          BigInt64Array.from(values as ArrayLike<DateTime | LocalDateTime | null>, time => timestamp(time, kind.micro)),
        );
      case "interval":
        return this.buffer(intervals(values as ArrayLike<Duration | null>));
      case "text":
        return this.pieces(values, value => encoder.encode(value as string));
      case "json":
        return this.pieces(values, value => encoder.encode(JSON.stringify(jsonValue(value))));
      case "binary":
        return this.pieces(values, value => value as Uint8Array);
      case "list": {
        const elements: unknown[] = [];
        this.buffer(
          offsets(values, value => {
            for (const element of value as unknown[]) elements.push(element);
            return (value as unknown[]).length;
          }),
        );
        return this.add(kind.of, elements);
      }
    }
  }

  /** Adds where the pieces of each value lie, and the pieces. */
  private pieces(values: ArrayLike<unknown>, encode: (value: unknown) => Uint8Array): void {
    const pieces: Uint8Array[] = [];
    const places = offsets(values, value => pieces[pieces.push(encode(value)) - 1]!.length);
    const whole = new Uint8Array(places[values.length]!);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.buffer(places);
    this.buffer(whole);
  }

  private buffer(data: ArrayBufferView): void {
    this.buffers.push([this.length, data.byteLength]);
    this.parts.push(
      new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength), // this memory is not shared
      new Uint8Array(padding(data.byteLength)),
    );
    this.length += data.byteLength + padding(data.byteLength);
  }
}

const encoder = new TextEncoder();

/** How many bytes are missing to the next multiple of eight. */
export function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}

function bits(values: ArrayLike<unknown>, set: (value: unknown) => boolean): Uint8Array {
  const map = new Uint8Array((values.length + 7) >>> 3);
  for (let i = 0; i < values.length; i++) if (set(values[i])) map[i >>> 3]! |= 1 << (i & 7);
  return map;
}

/** Integers as 64-bit ones, without making a bigint of each. */
function longs(values: ArrayLike<Integer | null>): ArrayBufferView {
  if (values instanceof BigInt64Array) return values;
  const words = new Int32Array(2 * values.length);
  const big = new BigInt64Array(words.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (typeof value === "bigint") {
      big[i] = value;
    } else {
      words[2 * i] = value; // its low 32 bits
      words[2 * i + 1] = Math.floor(value / 0x1_0000_0000);
    }
  }
  return words;
}

function offsets(values: ArrayLike<unknown>, lengthOf: (value: unknown) => number): Int32Array {
  const places = new Int32Array(values.length + 1);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== null) at += lengthOf(values[i]);
    if (at > 0x7fff_ffff)
      throw new RangeError("a column has more than 2 GiB in one block, which Arrow's offsets cannot count");
    places[i + 1] = at;
  }
  return places;
}

function timestamp(time: DateTime | LocalDateTime | null, micro: boolean): bigint {
  if (time === null) return 0n;
  const seconds = BigInt(time.epochSeconds);
  return micro
    ? seconds * 1_000_000n + BigInt(Math.floor(time.nanosecond / 1000))
    : seconds * 1_000_000_000n + BigInt(time.nanosecond);
}

/** Months and days in 32 bits each, nanoseconds in 64. */
function intervals(values: ArrayLike<Duration | null>): ArrayBufferView {
  const view = new DataView(new ArrayBuffer(16 * values.length));
  for (let i = 0; i < values.length; i++) {
    const duration = values[i];
    if (duration === null || duration === undefined) continue;
    view.setInt32(16 * i, Number(duration.months), true);
    view.setInt32(16 * i + 4, Number(duration.days), true);
    view.setBigInt64(16 * i + 8, BigInt(duration.seconds) * 1_000_000_000n + BigInt(duration.nanoseconds), true);
  }
  return view;
}
