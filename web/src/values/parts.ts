// Checks of the parts of values. Each error names the class and the part.

/** Requires a whole number within limits. */
export function checkWhole(of: string, part: string, value: unknown, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) return;
  refuse(of, part, value, "number", `a whole number from ${minimum} to ${maximum}`);
}

/** Requires a finite number. */
export function checkFinite(of: string, part: string, value: unknown): void {
  if (!Number.isFinite(value)) refuse(of, part, value, "number", "a finite number");
}

const maxInteger = 2n ** 63n - 1n;

/** Requires an INTEGER: an exact number, or a bigint of 64 bits. */
export function checkInteger(of: string, part: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  if (typeof value !== "bigint") refuse(of, part, value, "number", "a whole number that is exact, or a bigint");
  if (value > maxInteger || value < -maxInteger - 1n) refuse(of, part, value, "bigint", "a bigint of 64 bits");
}

/** Refuses a part: TypeError if it has the wrong type, else RangeError. */
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
