/** Graphs with fewer lines are always drawn whole. */
const manyLines = 8000;
/** A frame that takes longer, in milliseconds, is slow. */
const slow = 22;
/** After so many slow frames fewer lines are drawn. */
const patience = 3;
const fewest = 8;

/**
 * How many of a large graph's lines are drawn while it moves: where frames take too long, one in two, four or eight.
 * At rest all are drawn.
 */
export class Pace {
  #oneIn = 1;
  #slow = 0;
  #last = 0;

  /** Begins a frame of a graph with so many lines; draw one line in the number that this gives. */
  frame(lines: number, now: number): number {
    if (lines < manyLines) return 1;
    const took = this.#last === 0 ? 0 : now - this.#last;
    this.#last = now;
    this.#slow = took > slow ? this.#slow + 1 : Math.max(this.#slow - 1, 0);
    if (this.#slow >= patience && this.#oneIn < fewest) {
      this.#oneIn *= 2;
      this.#slow = 0;
    }
    return this.#oneIn;
  }

  /** The graph rests. When it moves again it is tried with more lines. */
  rest(): void {
    this.#last = 0;
    this.#slow = 0;
    this.#oneIn = Math.max(this.#oneIn / 2, 1);
  }
}
