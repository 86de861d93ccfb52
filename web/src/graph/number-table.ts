/**
 * A map from integers of at most 53 bits to 32-bit integers, in typed arrays: a Map of numbers takes several times the
 * time and memory.
 */
export class NumberTable {
  /** The result of get for an absent key. */
  static readonly none = -1;
  private keys = new Float64Array(256);
  /** Values, counted from 1, so that an empty place is 0; negative ones as they are. */
  private values = new Int32Array(256);
  private mask = 255;
  private size = 0;

  get(key: number): number {
    for (let at = hash(key) & this.mask; ; at = (at + 1) & this.mask) {
      const value = this.values[at]!;
      if (value === 0) return NumberTable.none;
      if (this.keys[at] === key) return value > 0 ? value - 1 : value;
    }
  }

  /** Sets a value, which is not -1. */
  set(key: number, value: number): void {
    if (2 * this.size >= this.mask) this.grow();
    let at = hash(key) & this.mask;
    while (this.values[at] !== 0 && this.keys[at] !== key) at = (at + 1) & this.mask;
    if (this.values[at] === 0) this.size++;
    this.keys[at] = key;
    this.values[at] = value >= 0 ? value + 1 : value;
  }

  private grow(): void {
    const { keys, values } = this;
    this.mask = 4 * (this.mask + 1) - 1;
    this.keys = new Float64Array(this.mask + 1);
    this.values = new Int32Array(this.mask + 1);
    for (let from = 0; from < values.length; from++) {
      if (values[from] === 0) continue;
      let at = hash(keys[from]!) & this.mask;
      while (this.values[at] !== 0) at = (at + 1) & this.mask;
      this.keys[at] = keys[from]!;
      this.values[at] = values[from]!;
    }
  }
}

/**
 * Servers number nodes and relationships consecutively, so the low bits are as good as random ones, and close in
 * memory.
 */
function hash(key: number): number {
  return key | 0;
}
