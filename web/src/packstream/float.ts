/** A number that is sent as a FLOAT even if it is an integer. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Makes a parameter a FLOAT: a plain 1 would be sent as an INTEGER. */
export function float(value: number): Float {
  return new Float(value);
}
