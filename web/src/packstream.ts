import type { Packed } from "./engine/shape.js";
import { Packer, type PackOptions } from "./packstream/packer.js";

export type { PackOptions } from "./packstream/packer.js";

/**
 * Encodes parameters as a PackStream map.
 *
 * - A number becomes an INTEGER if it is a safe integer, so that `LIMIT $n` works and what a query gave can be sent back. Other numbers
 *   become a FLOAT. `float(1)` sends 1.0. A bigint becomes an INTEGER.
 * - null is null. A key whose value is undefined is left out; undefined elsewhere is an error.
 * - Uint8Array, Uint8ClampedArray, Int8Array, ArrayBuffer and DataView become bytes. Other typed arrays, arrays and further iterables become lists; of
 *   a Float16Array, Float32Array or Float64Array all elements become FLOATs. `Vector` sends a vector.
 * - What another realm made (a frame, a worker, Node's vm), or another copy of this package, is sent as this one's.
 * - Plain objects and Maps become maps. A Date becomes a ZONED DATETIME in UTC.
 * - LocalDate, LocalTime, Time, LocalDateTime, DateTime, Duration, Point, Vector and UUID become what they are.
 * - Lone surrogates in strings become U+FFFD, as UTF-8 has no form for them.
 *
 * @throws TypeError for anything else - nodes, relationships, paths, functions, symbols, what contains itself -
 *   naming its place, such as `$people[3].friend`.
 * @throws RangeError for a bigint beyond 64 bits, and for what is too large for a message.
 */
export function packParameters(
  parameters: { readonly [name: string]: any },
  options?: PackOptions,
): Uint8Array<ArrayBuffer> {
  const packer = new Packer(options);
  packer.parameters(parameters);
  return packer.finish();
}

/**
 * Encodes parameters as packParameters does. If they contain dates with a zone, it encodes them a second time for older
 * servers, because only the engine knows the server.
 */
export function packForEngine(parameters: { readonly [name: string]: any }): Packed {
  const packer = new Packer();
  packer.parameters(parameters);
  return packer.zoned ? [packer.finish(), packParameters(parameters, { utc: false })] : packer.finish();
}
