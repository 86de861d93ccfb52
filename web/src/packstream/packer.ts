import { brandOf } from "../values/brand.js";
import { arrayKind, isArrayBuffer, isDate, isMap } from "../values/builtin.js";
import { packDate, packStructure } from "./structure.js";
import { sizes, Writer } from "./writer.js";

export interface PackOptions {
  /**
   * Whether dates and times with a zone are sent as UTC, as Bolt 5 does and Bolt 4.3 and 4.4 with the "utc" patch; true
   * by default. Older versions need false.
   */
  utc?: boolean;
}

/** How deep values may be nested: as deep as the other side accepts. */
const maxDepth = 200;

/** Encodes values, and knows where in the parameters it is. */
export class Packer {
  /** @internal */ readonly writer = new Writer();
  /** @internal */ readonly utc: boolean;
  /** Whether what was packed depends on utc. @internal */ zoned = false;
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
  parameters(parameters: { readonly [name: string]: any }): void {
    if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters))
      throw new TypeError("parameters are an object of names and values");
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
        if (BigInt.asIntN(64, value) !== value)
          throw new RangeError(`${this.name()}: ${value} does not fit into 64 bits`);
        return this.writer.integer(value);
      case "object":
        return value === null ? this.writer.byte(0xc0) : this.object(value);
      default:
        throw this.refused(
          typeof value === "undefined" ? "undefined cannot be sent; use null" : `a ${typeof value} cannot be sent`,
        );
    }
  }

  private object(value: object): void {
    if (Array.isArray(value)) return this.inside(value, () => this.list(value));
    const name = brandOf(value);
    if (name !== undefined) return this.branded(name, value);
    if (ArrayBuffer.isView(value)) return this.view(value);
    const tag = Object.prototype.toString.call(value);
    if (tag !== "[object Object]" && this.builtin(value)) return;
    if (Symbol.iterator in value) return this.inside(value, () => this.list([...(value as Iterable<unknown>)]));
    if (tag !== "[object Object]")
      throw this.refused(`a ${value.constructor?.name ?? tag.slice(8, -1)} cannot be sent`);
    this.inside(value, () => this.entries(Object.entries(value)));
  }

  /** Packs an object of one of this package's classes, perhaps of another copy of it. */
  private branded(name: string, value: object): void {
    const refusal = refusals[name];
    if (refusal !== undefined) throw this.refused(refusal);
    if (!this.placed(() => packStructure(this, name, value))) throw this.refused(`a ${name} cannot be sent`);
  }

  /** Packs an object of a built-in class of JavaScript; false if its class cannot be sent. */
  private builtin(value: object): boolean {
    if (isMap(value)) this.inside(value, () => this.map(value));
    else if (isDate(value)) this.placed(() => packDate(this, value));
    else if (isArrayBuffer(value)) this.writer.byteArray(new Uint8Array(value));
    else return false;
    return true;
  }

  /** Adds the place of the value to what pack throws. */
  private placed<T>(pack: () => T): T {
    try {
      return pack();
    } catch (thrown) {
      const { message } = thrown as Error;
      throw thrown instanceof RangeError
        ? new RangeError(`${this.name()}: ${message}`, { cause: thrown })
        : new TypeError(`${this.name()}: ${message}`, { cause: thrown });
    }
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
      if (typeof key !== "string")
        throw this.refused(`the keys of a map have to be strings, and one is a ${typeof key}`);
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

  private view(value: ArrayBufferView): void {
    switch (arrayKind(value)) {
      case undefined: // a DataView
      case "Uint8Array":
      case "Int8Array":
      case "Uint8ClampedArray":
        return this.writer.byteArray(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      case "Float16Array":
      case "Float32Array":
      case "Float64Array": {
        const floats = value as Float64Array;
        this.size(sizes.list, floats.length);
        for (const element of floats) this.writer.float(element);
        return;
      }
    }
    this.list(value as unknown as unknown[]);
  }

  private size(marker: { tiny: number; wide: number }, size: number): void {
    if (size > 0xffff_ffff) throw new RangeError(`${this.name()}: ${size} elements are too many for a message`);
    this.writer.size(marker, size);
  }

  /** Packs the contents of a value, after checking that the value does not contain itself. */
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
    const keys = rest.map(key =>
      typeof key === "number" ? `[${key}]` : plainKey.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    );
    return first === undefined ? "parameters" : `$${first}${keys.join("")}`;
  }
}

const plainKey = /^[\p{ID_Start}_][\p{ID_Continue}_]*$/u;

/** Why objects of some classes cannot be sent. */
const refusals: { readonly [name: string]: string | undefined } = {
  Node: "a Node cannot be sent; send its elementId or its properties",
  Relationship: "a Relationship cannot be sent; send its elementId or its properties",
  UnboundRelationship: "a Relationship cannot be sent; send its elementId or its properties",
  Path: "a Path cannot be sent",
  Unsupported: "a value that this version does not know cannot be sent",
  UnknownStructure: "a value that this version does not know cannot be sent",
};
