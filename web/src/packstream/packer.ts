import { Node, Path, Relationship, UnboundRelationship } from "../values/entities.js";
import { UnknownStructure, Unsupported } from "../values/vector.js";
import { Float } from "./float.js";
import { packStructure } from "./structure.js";
import { sizes, Writer } from "./writer.js";

export interface PackOptions {
  /**
   * Whether dates and times with a zone are sent as UTC, as Bolt 5 does and Bolt 4.3 and 4.4 with the "utc" patch; true by default.
   * Older versions need false.
   */
  utc?: boolean;
}

/** How deep values may be nested: as deep as the other side takes them. */
const maxDepth = 200;

/** Encodes values, and knows where in the parameters it is. */
export class Packer {
  /** @internal */ readonly writer = new Writer();
  /** @internal */ readonly utc: boolean;
  private readonly place: (string | number)[] = [];
  private readonly around: object[] = [];

  constructor(options: PackOptions = {}) {
    this.utc = options.utc ?? true;
  }

  /** The bytes of all that was packed. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.writer.finish();
  }

  /** Packs a map of parameters. */
  parameters(parameters: Readonly<Record<string, unknown>>): void {
    if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) throw new TypeError("parameters are an object of names and values");
    this.inside(parameters, () => this.entries(Object.entries(parameters)));
  }

  value(value: unknown): void {
    switch (typeof value) {
      case "number":
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.writer.integer(value);
        else this.writer.float(value);
        return;
      case "string":
        return this.writer.string(value);
      case "boolean":
        return this.writer.byte(value ? 0xc3 : 0xc2);
      case "bigint":
        if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${this.name()}: ${value} does not fit into 64 bits`);
        return this.writer.integer(value);
      case "object":
        return value === null ? this.writer.byte(0xc0) : this.object(value);
      default:
        throw this.refused(typeof value === "undefined" ? "undefined cannot be sent; use null" : `a ${typeof value} cannot be sent`);
    }
  }

  private object(value: object): void {
    if (value instanceof Float) return this.writer.float(value.value);
    if (Array.isArray(value)) return this.inside(value, () => this.list(value));
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.binary(value);
    if (value instanceof Map) return this.inside(value, () => this.map(value));
    if (packStructure(this, value)) return;
    const refusal = refusalOf(value);
    if (refusal !== undefined) throw this.refused(refusal);
    if (Symbol.iterator in value) return this.inside(value, () => this.list([...(value as Iterable<unknown>)]));
    if (Object.prototype.toString.call(value) !== "[object Object]") throw this.refused(`a ${value.constructor.name} cannot be sent`);
    this.inside(value, () => this.entries(Object.entries(value)));
  }

  private list(values: readonly unknown[]): void {
    this.size(sizes.list, values.length);
    for (let i = 0; i < values.length; i++) {
      this.place.push(i);
      this.value(values[i]);
      this.place.pop();
    }
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    for (const key of map.keys()) {
      if (typeof key !== "string") throw this.refused(`the keys of a map have to be strings, and one is a ${typeof key}`);
    }
    this.entries([...(map as ReadonlyMap<string, unknown>)]);
  }

  private entries(entries: [string, unknown][]): void {
    const present = entries.filter(([, value]) => value !== undefined);
    this.size(sizes.map, present.length);
    for (const [key, value] of present) {
      this.place.push(key);
      this.writer.string(key);
      this.value(value);
      this.place.pop();
    }
  }

  private binary(value: ArrayBufferView | ArrayBuffer): void {
    if (value instanceof ArrayBuffer) return this.writer.byteArray(new Uint8Array(value));
    if (value instanceof Uint8Array) return this.writer.byteArray(value);
    if (value instanceof Int8Array || value instanceof Uint8ClampedArray || value instanceof DataView) {
      return this.writer.byteArray(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    if (value instanceof Float32Array || value instanceof Float64Array) {
      this.size(sizes.list, value.length);
      for (const element of value) this.writer.float(element);
      return;
    }
    this.list(value as unknown as unknown[]);
  }

  private size(marker: { tiny: number; wide: number }, size: number): void {
    if (size > 0xffff_ffff) throw new RangeError(`${this.name()}: ${size} elements are too many for a message`);
    this.writer.size(marker, size);
  }

  /** Packs what is inside of a value, having made sure that the value is not inside of itself. */
  private inside(value: object, pack: () => void): void {
    if (this.around.includes(value)) throw this.refused("the value contains itself");
    if (this.around.length >= maxDepth) throw this.refused(`values are nested more than ${maxDepth} deep`);
    this.around.push(value);
    pack();
    this.around.pop();
  }

  private refused(reason: string): TypeError {
    return new TypeError(`${this.name()}: ${reason}`);
  }

  /** Where the packer is, such as $people[3].name. */
  private name(): string {
    const [first, ...rest] = this.place;
    const keys = rest.map((key) => (typeof key === "number" ? `[${key}]` : plainKey.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`));
    return first === undefined ? "parameters" : `$${first}${keys.join("")}`;
  }
}

const plainKey = /^[\p{ID_Start}_][\p{ID_Continue}_]*$/u;

function refusalOf(value: object): string | undefined {
  if (value instanceof Node) return "a Node cannot be sent; send its elementId or its properties";
  if (value instanceof Relationship || value instanceof UnboundRelationship) {
    return "a Relationship cannot be sent; send its elementId or its properties";
  }
  if (value instanceof Path) return "a Path cannot be sent";
  if (value instanceof Unsupported || value instanceof UnknownStructure) return "a value that this version does not know cannot be sent";
  return undefined;
}
