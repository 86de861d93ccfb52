import { arrayKind } from "./builtin.js";

/**
 * A value in a form for JSON: integers beyond 2^53 as decimal strings, bytes as an array of numbers. JSON.stringify
 * alone would throw on the former and make an object of the latter.
 */
export function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return jsonInteger(value);
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value))
    return arrayKind(value) === undefined
      ? value
      : Array.from(value as unknown as ArrayLike<number | bigint>, jsonValue);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return (value as { toJSON(): unknown }).toJSON();
  if (Array.isArray(value)) return value.map(jsonValue);
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) define(out, key, jsonValue(inner));
  return out;
}

/** An integer in a form for JSON: a number, or a decimal string beyond 2^53. */
export function jsonInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/**
 * Sets a property of a plain object, whatever its name: assigning to `__proto__` would change the prototype instead.
 */
export function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
