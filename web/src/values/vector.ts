import { brand } from "./brand.js";
import { arrayKind } from "./builtin.js";
import { jsonInteger } from "./json.js";
import { refuse } from "./parts.js";

/** The elements of a vector, in an array of their own type. */
export type VectorElements = Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** A vector value (Bolt 6.0 or later). */
export class Vector {
  readonly elements: VectorElements;

  constructor(elements: VectorElements) {
    vectorMarker(elements);
    this.elements = elements;
  }

  get length(): number {
    return this.elements.length;
  }

  toJSON(): unknown {
    return Array.from(this.elements as ArrayLike<number | bigint>, element =>
      typeof element === "bigint" ? jsonInteger(element) : element,
    );
  }
}

const vectorArrays = {
  0xc8: Int8Array,
  0xc9: Int16Array,
  0xca: Int32Array,
  0xcb: BigInt64Array,
  0xc6: Float32Array,
  0xc1: Float64Array,
} as const;

/** Makes a vector from its elements' PackStream marker and their little-endian bytes, which it keeps. */
export function vectorOf(marker: number, bytes: ArrayBuffer): Vector {
  const array = vectorArrays[marker as keyof typeof vectorArrays];
  if (array === undefined) throw new RangeError(`0x${marker.toString(16)} is no type of a vector's elements`);
  return new Vector(new array(bytes));
}

/** The PackStream marker of a vector's elements. */
export function vectorMarker(elements: VectorElements): number {
  const kind = arrayKind(Object(elements) as object);
  const entry = Object.entries(vectorArrays).find(([, array]) => array.name === kind);
  if (!entry)
    throw new TypeError(
      "Vector: elements are an Int8Array, Int16Array, Int32Array, BigInt64Array, Float32Array or Float64Array",
    );
  return Number(entry[0]);
}

/** A UUID value (Bolt 6.1 or later). */
export class UUID {
  /** 32 hexadecimal digits in lower case, in groups of 8, 4, 4, 4 and 12. */
  readonly value: string;

  /** Takes the digits with or without the hyphens between the groups, in upper or lower case. */
  constructor(value: string) {
    const groups = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i.exec(value);
    if (groups === null) refuse("UUID", "value", value, "string", "32 hexadecimal digits");
    this.value = groups.slice(1).join("-").toLowerCase();
  }

  /** The 16 bytes. */
  get bytes(): Uint8Array {
    const digits = this.value.replaceAll("-", "");
    return Uint8Array.from({ length: 16 }, (_, i) => parseInt(digits.substring(2 * i, 2 * i + 2), 16));
  }

  toString(): string {
    return this.value;
  }

  toJSON(): string {
    return this.value;
  }
}

/** What a server sends instead of a value that needs a later version of Bolt. */
export class Unsupported {
  /** Name of the value's type. */
  readonly name: string;
  /** The minimum version of Bolt for the type, such as "6.1". */
  readonly minimumBolt: string;
  /** The server's hint, or null. */
  readonly message: string | null;

  constructor(name: string, minimumBolt: string, message: string | null) {
    this.name = name;
    this.minimumBolt = minimumBolt;
    this.message = message;
  }
}

/** A structure that this version of webbolt does not know. */
export class UnknownStructure {
  /** The structure's tag byte. */
  readonly signature: number;
  readonly fields: readonly unknown[];

  constructor(signature: number, fields: readonly unknown[]) {
    this.signature = signature;
    this.fields = fields;
  }
}

for (const [name, type] of Object.entries({ Vector, UUID, Unsupported, UnknownStructure })) brand(type, name);
