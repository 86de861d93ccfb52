/** Throws unless it holds. */
export function ok(holds, message = "it does not hold") {
  if (!holds) throw new Error(message);
}

/** Throws unless both have the same content. */
export function equal(got, wanted, message = "") {
  const [a, b] = [print(got), print(wanted)];
  if (a !== b) throw new Error(`${message} got ${a}, wanted ${b}`);
}

/** Throws unless the promise rejects; gives what it rejects with. */
export async function rejects(promise, kind, message = "") {
  let value;
  try {
    value = await promise;
  } catch (thrown) {
    if (kind && !(thrown instanceof kind))
      throw new Error(`${message} rejected with ${thrown?.name}: ${thrown?.message}, wanted ${kind.name}`);
    return thrown;
  }
  throw new Error(`${message} resolved with ${print(value)}, was to reject`);
}

function print(value) {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === "bigint") return `${inner}n`;
    if (typeof inner === "number" && !Number.isFinite(inner)) return String(inner);
    if (ArrayBuffer.isView(inner)) return { [inner.constructor.name]: [...inner].map(String) };
    return inner === undefined ? "undefined" : inner;
  });
}

/** A name that no other test uses. */
export function unique(prefix) {
  return prefix + Math.random().toString(36).slice(2);
}

/** Ends a test that has nothing to show on this way to the server. */
export function skip(reason) {
  throw new Skipped(reason);
}

/** Thrown by skip. */
export class Skipped extends Error {}

/** What `await using` calls; Firefox before 141 has no symbol for it. */
export const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
