import { brand } from "./brand.js";
import { refuse } from "./parts.js";

/**
 * A FLOAT that keeps its type: it is sent as a FLOAT even if its value is a whole number. In arithmetic and comparisons
 * it acts as its number.
 */
export class Float {
  readonly value: number;

  constructor(value: number) {
    if (typeof value !== "number") refuse("Float", "value", value, "number", "a number");
    this.value = value;
  }

  valueOf(): number {
    return this.value;
  }

  toString(): string {
    return String(this.value);
  }

  toJSON(): number {
    return this.value;
  }
}

brand(Float, "Float");

/** Makes a parameter a FLOAT: a plain 1 would be sent as an INTEGER. */
export function float(value: number): Float {
  return new Float(value);
}
