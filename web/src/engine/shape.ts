import { sizes, type Writer } from "../packstream/writer.js";

/**
 * A map in PackStream. If it contains dates and times in named zones, it has two forms: with UTC, and as before Bolt
 * 4.3.
 */
export type Packed = Uint8Array | readonly [utc: Uint8Array, local: Uint8Array];

/** What the engine sends of a T: it leaves out what is zero or unknown. */
export type Sparse<T> = {
  [K in keyof T]?: T[K] extends unknown[] | string | null ? T[K] : T[K] extends object ? Partial<T[K]> : T[K];
};

/** The values that a field accepts. */
export interface Field {
  readonly kind: keyof typeof takes;
  /** The fields of an object, or of the objects in a list. */
  readonly of?: Shape;
  readonly required?: boolean;
  /** The minimum of a number. */
  readonly min?: number;
  /** The only accepted texts. */
  readonly one?: readonly string[];
}

/** The fields of an object by their names. */
export interface Shape {
  readonly [name: string]: Field;
}

/** What each kind of field accepts, for messages. */
const takes = {
  flag: "true or false",
  text: "a string",
  integer: "a whole number",
  number: "a number",
  time: "a number of milliseconds",
  texts: "an array of strings",
  textMap: "an object of strings",
  packed: "an object",
  object: "an object",
  objects: "an array of objects",
  function: "a function",
  signal: "an AbortSignal",
  url: "a URL or a string",
  auth: "a token or a function",
  bookmarks: "an array of strings, or false",
};

/** The longest time that the engine knows, in milliseconds: 292 years. Longer times are cut to it. */
const longest = 9e12;

/** A RangeError for an argument or an option. It does not show the value, which may be a secret. */
export function wrong(name: string, message: string): RangeError {
  return new RangeError(`invalid argument ${name}: ${message}`);
}

/** Says what a value is without showing it. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return name === "Object" ? "an object" : `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

function describe({ kind, one, min }: Field): string {
  if (one) return one.map(text => JSON.stringify(text)).join(", ");
  return takes[kind] + (min === undefined ? "" : `, at least ${min}`);
}

function fits(value: unknown, { kind, one, min }: Field): boolean {
  switch (kind) {
    case "flag":
      return typeof value === "boolean";
    case "text":
      return typeof value === "string" && (!one || one.includes(value));
    case "integer":
      return Number.isSafeInteger(value) && (min === undefined || (value as number) >= min);
    case "number":
    case "time":
      return typeof value === "number" && !Number.isNaN(value);
    case "texts":
      return Array.isArray(value) && value.every(text => typeof text === "string");
    case "objects":
      return Array.isArray(value) && value.every(isPlain);
    case "textMap":
      return isPlain(value) && Object.values(value as object).every(text => typeof text === "string");
    case "packed":
      return ArrayBuffer.isView(value) || Array.isArray(value) || isPlain(value);
    case "object":
      return isPlain(value);
    case "function":
      return typeof value === "function";
    case "signal":
      return typeof (value as AbortSignal | null)?.addEventListener === "function";
    case "url":
      return typeof value === "string" || Object.prototype.toString.call(value) === "[object URL]";
    case "bookmarks":
      return value === false || (Array.isArray(value) && value.every(text => typeof text === "string"));
    case "auth":
      return typeof value === "function" || isPlain(value);
  }
  return false;
}

/** Whether a value is an object with names, and not a list, a map, a date or the like. */
export function isPlain(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Throws a RangeError unless the field accepts the value. undefined and null count as left out. */
export function check(name: string, value: unknown, field: Field): void {
  if (value === undefined || value === null) return;
  if (!fits(value, field)) throw wrong(name, `it takes ${describe(field)}, and was given ${shown(value)}`);
  if (field.kind === "object" && field.of) checkAll(value, field.of, name);
}

/** Throws a RangeError for names that the shape does not have, and for values that its fields do not accept. */
export function checkAll(given: object, shape: Shape, path = ""): void {
  for (const name of Object.keys(given)) {
    const full = path ? `${path}.${name}` : name;
    if (!Object.hasOwn(shape, name)) throw unknown(full, name, shape);
    check(full, (given as { [name: string]: unknown })[name], shape[name]!);
  }
}

function unknown(full: string, name: string, shape: Shape): RangeError {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const known = Object.keys(shape);
  const like = known.find(other => plain(other) === plain(name));
  return wrong(full, `there is no such option; ${like ? `did you mean ${like}?` : `there are ${known.join(", ")}`}`);
}

/** Checks an object against the shape, and packs it. */
export function packShape(writer: Writer, given: object, shape: Shape): void {
  const values = given as { readonly [name: string]: unknown };
  let size = 0;
  for (const name in values) if (values[name] !== undefined && values[name] !== null) size++;
  for (const name in shape)
    if (shape[name]!.required && (values[name] === undefined || values[name] === null))
      throw wrong(name, `it takes ${describe(shape[name]!)}, and was given ${shown(values[name])}`);
  writer.size(sizes.map, size);
  for (const name in values) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    if (!Object.hasOwn(shape, name)) throw unknown(name, name, shape);
    writer.string(name);
    packField(writer, name, value, shape[name]!);
  }
}

function packField(writer: Writer, name: string, value: unknown, field: Field): void {
  if (!fits(value, field)) check(name, value, field);
  switch (field.kind) {
    case "flag":
      return writer.byte(value ? 0xc3 : 0xc2);
    case "text":
      return writer.string(value as string);
    case "integer":
      return writer.integer(value as number);
    case "number":
      return writer.float(value as number);
    case "time":
      return writer.float(Math.max(-longest, Math.min(longest, value as number)));
    case "texts":
      writer.size(sizes.list, (value as string[]).length);
      for (const text of value as string[]) writer.string(text);
      return;
    case "textMap":
      return packTexts(writer, value as { [name: string]: string });
    case "packed":
      return packPacked(writer, value as Packed);
    case "object":
      return packShape(writer, value as object, field.of!);
    case "objects":
      writer.size(sizes.list, (value as object[]).length);
      for (const one of value as object[]) packShape(writer, one, field.of!);
      return;
  }
  throw wrong(name, "it cannot be sent to the engine");
}

function packTexts(writer: Writer, texts: { [name: string]: string }): void {
  const names = Object.keys(texts);
  writer.size(sizes.map, names.length);
  for (const name of names) {
    writer.string(name);
    writer.string(texts[name]!);
  }
}

function packPacked(writer: Writer, packed: Packed): void {
  if (packed instanceof Uint8Array) return writer.byteArray(packed);
  writer.size(sizes.list, packed.length);
  for (const form of packed) writer.byteArray(form);
}
