import { DateTime, Duration, float, LocalDate, LocalDateTime, LocalTime, Point, Time } from "../../index.js";

/** A parameter's text is no literal. at is where, in characters from 0. */
export class LiteralError extends Error {
  override readonly name = "LiteralError";
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const deepest = 100;
const number = /[-+]?(?:0x[0-9a-f]+|0o[0-7]+|(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?)/iy;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const constants: { [name: string]: unknown } = {
  null: null,
  true: true,
  false: false,
  inf: Infinity,
  infinity: Infinity,
  nan: NaN,
};
const escapes: { [letter: string]: string } = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/**
 * Reads a Cypher literal: numbers (10.0 stays a FLOAT), texts, booleans, null, lists, maps, and calls of date, time,
 * localtime, datetime, localdatetime,
 * duration (of a text) and point (of a map). Throws a LiteralError.
 */
export function parseLiteral(text: string): unknown {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class Parser {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    this.#space();
    if (depth > deepest) throw this.#wrong("this is nested too deeply");
    const next = this.#text[this.#at];
    if (next === undefined) throw this.#wrong("a value is missing");
    if (next === "'" || next === '"') return this.#string(next);
    if (next === "[") return this.#list(depth);
    if (next === "{") return this.#map(depth);
    if (/[-+.\d]/.test(next)) return this.#number();
    return this.#word(depth);
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#wrong(`"${this.#text.slice(this.#at, this.#at + 20)}" is too much`);
  }

  #number(): unknown {
    const from = this.#at;
    const sign = /[-+]?(inf(?:inity)?)\b/iy;
    sign.lastIndex = from;
    const infinite = sign.exec(this.#text);
    if (infinite) {
      this.#at = sign.lastIndex;
      return float(this.#text[from] === "-" ? -Infinity : Infinity);
    }
    const found = this.#take(number);
    if (found === undefined) throw this.#wrong("this is not a number");
    if (/^[-+]?0[xo]/i.test(found))
      return found.startsWith("-")
        ? this.#integer(-BigInt(found.slice(1)))
        : this.#integer(BigInt(found.replace("+", "")));
    return /[.e]/i.test(found) ? float(Number(found)) : this.#integer(BigInt(found.replace("+", "")));
  }

  #integer(value: bigint): number | bigint {
    if (value !== BigInt.asIntN(64, value)) throw this.#wrong("an INTEGER has at most 64 bits");
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }

  #string(quote: string): string {
    let text = "";
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const letter = this.#text[i]!;
      if (letter === quote) {
        this.#at = i + 1;
        return text;
      }
      if (letter !== "\\") {
        text += letter;
        continue;
      }
      const code = /^u([0-9a-f]{4})|^U([0-9a-f]{8})/i.exec(this.#text.slice(i + 1, i + 10));
      if (code) {
        const point = parseInt(code[1] ?? code[2]!, 16);
        if (point > 0x10ffff) throw this.#wrong("there is no such character");
        text += String.fromCodePoint(point);
        i += code[0].length;
      } else {
        i++;
        text += escapes[this.#text[i] ?? ""] ?? this.#text[i] ?? "";
      }
    }
    throw this.#wrong(`the closing ${quote} is missing`);
  }

  #list(depth: number): unknown[] {
    this.#at++;
    const list: unknown[] = [];
    if (this.#skip("]")) return list;
    do list.push(this.value(depth + 1));
    while (this.#skip(","));
    this.#expect("]");
    return list;
  }

  #map(depth: number): Record<string, unknown> {
    this.#at++;
    const map = new Map<string, unknown>();
    if (this.#skip("}")) return {};
    do {
      const key = this.#key();
      this.#expect(":");
      map.set(key, this.value(depth + 1));
    } while (this.#skip(","));
    this.#expect("}");
    return Object.fromEntries(map);
  }

  #key(): string {
    this.#space();
    const quote = this.#text[this.#at];
    if (quote === "'" || quote === '"') return this.#string(quote);
    if (quote === "`") {
      const end = this.#text.indexOf("`", this.#at + 1);
      if (end < 0) throw this.#wrong("the closing ` is missing");
      const key = this.#text.slice(this.#at + 1, end);
      this.#at = end + 1;
      return key;
    }
    const key = this.#take(name);
    if (key === undefined) throw this.#wrong("a key is missing");
    return key;
  }

  #word(depth: number): unknown {
    const from = this.#at;
    const word = this.#take(name);
    if (word === undefined) throw this.#wrong("this is not a value");
    const lower = word.toLowerCase();
    if (!this.#skip("(")) {
      if (!Object.hasOwn(constants, lower))
        throw new LiteralError(`"${word}" is not a value; write a text as '${word}'`, from);
      const value = constants[lower];
      return typeof value === "number" ? float(value) : value;
    }
    const make = Object.hasOwn(makers, lower) ? makers[lower] : undefined;
    if (!make)
      throw new LiteralError(`${word}(…) is not known here; known are ${Object.keys(makers).join(", ")}`, from);
    const argument = this.value(depth + 1);
    this.#expect(")");
    try {
      return make(argument);
    } catch (thrown) {
      throw new LiteralError(`${word}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, from);
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(letter: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }

  #expect(letter: string): void {
    if (!this.#skip(letter)) throw this.#wrong(`a ${letter} is missing`);
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #wrong(message: string): LiteralError {
    return new LiteralError(message, this.#at);
  }
}

const day = String.raw`([-+]?\d{4,9})-(\d\d)-(\d\d)`;
const clock = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?`;
const offset = String.raw`(Z|[-+]\d\d(?::?\d\d)?)`;
const unit = (letter: string): string => String.raw`(?:([-+]?\d+)${letter})?`;
const forms = {
  date: new RegExp(`^${day}$`),
  time: new RegExp(`^${clock}${offset}$`),
  localTime: new RegExp(`^${clock}$`),
  localDateTime: new RegExp(`^${day}T${clock}$`),
  dateTime: new RegExp(String.raw`^${day}T${clock}${offset}?(?:\[([\w/+-]+)\])?$`),
  duration: new RegExp(
    String.raw`^([-+]?)P${["Y", "M", "W", "D"].map(unit).join("")}` +
      String.raw`(?:T${["H", "M"].map(unit).join("")}(?:([-+]?\d+)(?:\.(\d{1,9}))?S)?)?$`,
  ),
};

const makers: { [name: string]: (argument: unknown) => unknown } = {
  date: argument => new LocalDate(...dayOf(parts(argument, forms.date, "2024-12-31"))),
  localtime: argument => new LocalTime(...clockOf(parts(argument, forms.localTime, "12:30:00"))),
  time: argument => {
    const found = parts(argument, forms.time, "12:30:00+01:00");
    return new Time(...clockOf(found), offsetOf(found[4]!));
  },
  localdatetime: argument => {
    const found = parts(argument, forms.localDateTime, "2024-12-31T12:30:00");
    return new LocalDateTime(...dayOf(found), ...clockOf(found.slice(3)));
  },
  datetime: argument => zoned(parts(argument, forms.dateTime, "2024-12-31T12:30:00+01:00[Europe/Stockholm]")),
  duration: argument => durationOf(parts(argument, forms.duration, "P1Y2M3DT4H5M6.7S")),
  point: pointOf,
};

function parts(argument: unknown, form: RegExp, example: string): (string | undefined)[] {
  const found = typeof argument === "string" ? form.exec(argument) : null;
  if (!found) throw new RangeError(`a text such as '${example}' is expected`);
  return found.slice(1);
}

function dayOf(found: (string | undefined)[]): [number, number, number] {
  return [Number(found[0]), Number(found[1]), Number(found[2])];
}

function clockOf(found: (string | undefined)[]): [number, number, number, number] {
  return [Number(found[0]), Number(found[1]), Number(found[2] ?? 0), Number((found[3] ?? "").padEnd(9, "0"))];
}

function offsetOf(text: string): number {
  if (text === "Z") return 0;
  const size = Number(text.slice(1, 3)) * 3600 + Number(text.slice(3).replace(":", "") || 0) * 60;
  return text.startsWith("-") ? -size : size;
}

function zoned(found: (string | undefined)[]): DateTime {
  const [told, zone] = found.slice(7);
  const numbers = [...dayOf(found), ...clockOf(found.slice(3))] as const;
  if (told === undefined && zone !== undefined) {
    const local = new DateTime(...numbers, 0);
    return DateTime.inZoneLocal(local.epochSeconds, local.nanosecond, zone);
  }
  return new DateTime(...numbers, offsetOf(told ?? "Z"), zone ?? null);
}

function durationOf(found: (string | undefined)[]): Duration {
  const sign = found[0] === "-" ? -1 : 1;
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(1, 8)
    .map(text => sign * Number(text ?? 0)) as [number, number, number, number, number, number, number];
  const fraction = Number((found[8] ?? "").padEnd(9, "0"));
  const back = fraction > 0 && (sign < 0 || found[7]!.startsWith("-"));
  return new Duration(
    12 * years + months + 0,
    7 * weeks + days + 0,
    3600 * hours + 60 * minutes + seconds - (back ? 1 : 0) + 0,
    back ? 1e9 - fraction : fraction,
  );
}

function pointOf(argument: unknown): Point {
  const given = (argument ?? {}) as Record<string, unknown>;
  const coordinate = (...names: string[]): number | null => {
    const found = names.map(known => given[known]).find(value => value !== undefined);
    return found === undefined ? null : Number(found);
  };
  const x = coordinate("x", "longitude");
  const y = coordinate("y", "latitude");
  const z = coordinate("z", "height");
  if (x === null || y === null)
    throw new RangeError("a map such as {x: 1, y: 2} or {longitude: 13, latitude: 55} is expected");
  const geographic =
    given["longitude"] !== undefined ||
    String(given["crs"] ?? "")
      .toLowerCase()
      .startsWith("wgs");
  const srid =
    given["srid"] === undefined
      ? geographic
        ? z === null
          ? 4326
          : 4979
        : z === null
          ? 7203
          : 9157
      : Number(given["srid"]);
  return new Point(srid, x, y, z);
}
