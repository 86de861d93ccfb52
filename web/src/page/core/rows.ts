import type { Block } from "../../index.js";

/** Of how many blocks the decoded text is kept. */
const recentBlocks = 32;

/** The rows of a result, in the blocks that they came in. Values are made when they are looked at, and forgotten. */
export class KeptRows {
  readonly blocks: Block[] = [];
  /** Of each block, the number of its first row among all. */
  readonly #starts: number[] = [];
  /** Rows of the first block that are not ours. */
  #skipped = 0;
  /** The blocks that were looked at last; the others' text is let go of, or scrolling would fill the memory. */
  readonly #recent = new Set<Block>();
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
    const block = this.blocks[at]!;
    this.#look(block);
    return block.value(row - this.#starts[at]! + (at === 0 ? this.#skipped : 0), field);
  }

  #look(block: Block): void {
    if (this.#recent.has(block)) return;
    this.#recent.add(block);
    if (this.#recent.size <= recentBlocks) return;
    const [oldest] = this.#recent as unknown as [Block];
    this.#recent.delete(oldest);
    oldest.forget();
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
