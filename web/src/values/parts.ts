// Checks of the parts that values are made of. Each names the class and the part.

/** A whole number within limits. */
export function checkWhole(of: string, part: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  refuse(of, part, value, "number", `a whole number from ${least} to ${most}`);
}

/** A number that is neither infinite nor NaN. */
export function checkFinite(of: string, part: string, value: unknown): void {
  if (!Number.isFinite(value)) refuse(of, part, value, "number", "a finite number");
}

const maxInteger = 2n ** 63n - 1n;

/** An INTEGER: a number that is exact, or a bigint of 64 bits. */
export function checkInteger(of: string, part: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  if (typeof value !== "bigint") refuse(of, part, value, "number", "a whole number that is exact, or a bigint");
  if (value > maxInteger || value < -maxInteger - 1n) refuse(of, part, value, "bigint", "a bigint of 64 bits");
}

/** Refuses a part: TypeError where it has another type than it should, else RangeError. */
export function refuse(of: string, part: string, value: unknown, type: string, need: string): never {
  const message = `${of}: ${part} is ${shown(value)}; it has to be ${need}`;
  throw typeof value === type ? new RangeError(message) : new TypeError(message);
}

function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : "an object";
  }
  return String(value);
}
