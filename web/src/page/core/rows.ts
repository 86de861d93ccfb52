import type { Block } from "../../index.js";

/** The rows of a result, in the blocks that they came in. Values are made when they are looked at, and forgotten. */
export class KeptRows {
  readonly blocks: Block[] = [];
  /** Of each block, the number of its first row among all. */
  readonly #starts: number[] = [];
  /** Rows of the first block that are not ours. */
  #skipped = 0;
  count = 0;
  bytes = 0;

  add(block: Block, from: number): void {
    if (this.blocks.length === 0) this.#skipped = from;
    this.#starts.push(this.count);
    this.blocks.push(block);
    this.count += block.rows - from;
    this.bytes += block.byteLength;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** The value of a field in a row, made anew; undefined where there is no such row. */
  value(row: number, field: number): unknown {
    if (!(row >= 0 && row < this.count)) return undefined;
    const at = this.#blockOf(row);
    return this.blocks[at]!.value(row - this.#starts[at]! + (at === 0 ? this.#skipped : 0), field);
  }

  #blockOf(row: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
