import type { ResultListener } from "./engine/engine.js";
import type { RowsEvent } from "./engine/messages.js";
import type { End } from "./engine/protocol.js";
import { ProtocolError } from "./errors.js";
import { BlockReader, type Block, type ValueOptions } from "./rowblock.js";

/** How many blocks the engine may send before they are read. */
export const blocksAhead = 4;

/** More credit than any result needs. */
export const unlimitedCredit = 1 << 30;

/** Rows from one place of a block to its end. */
export interface BlockRows {
  block: Block;
  from: number;
}

/** One row of a block. */
export interface Place {
  block: Block;
  row: number;
}

/** What Rows needs from the engine. */
export interface RowSupplier {
  /** Allows the engine to send this many more blocks. */
  grant(blocks: number): void;
  /** Discards what the engine has not sent yet. */
  discard(): void;
}

/** The rows of one result, in blocks, as they come. It grants the engine credit as they are read. */
export class Rows implements ResultListener {
  /** How the result ended, once it has. */
  end: End | undefined;
  /** What the result failed with, once it has. */
  failure: Error | undefined;
  /** The field names, once they are known. */
  fieldNames: string[] | undefined;
  /** Called with the end, which has the connection's state. */
  onEnd: (end: End) => void = () => {};
  readonly #modes: ValueOptions;
  readonly #supplier: RowSupplier;
  #reader: BlockReader;
  #arrived: ArrayBuffer[] = [];
  #blocks: Block[] = [];
  /** The block that is being read: always the first, unless blocks are kept. */
  #at = 0;
  /** The next row of that block. */
  #next = 0;
  readonly #kept: boolean;
  #granted: number;
  #waiting: (() => void)[] = [];
  #discarded = false;
  /** A block could not be read, so the result has failed. */
  #broken = false;

  /** kept: blocks are kept after reading, to be read again. */
  constructor(modes: ValueOptions, supplier: RowSupplier, ahead: number, kept = false) {
    this.#modes = modes;
    this.#supplier = supplier;
    this.#reader = new BlockReader(modes);
    this.#granted = ahead;
    this.#kept = kept;
  }

  /** Whether a row has arrived. */
  get ready(): boolean {
    return this.#at < this.#blocks.length || this.#arrived.length > 0;
  }

  /** Whether the next row is the first of its block. */
  get atBlockStart(): boolean {
    return this.#next === 0;
  }

  /** Waits until something has changed: rows, field names, or the end. */
  changed(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal!.reason);
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(() => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
    });
  }

  /**
   * Waits until a row has arrived (true) or the result has ended (false). Rejects if the result failed and no row is
   * left. Another reader may take the row before the caller continues, so the caller must check ready again.
   */
  async available(signal?: AbortSignal): Promise<boolean> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.ready) return true;
      if (this.failure) throw this.failure;
      if (this.end) return false;
      await this.changed(signal);
    }
  }

  /** Takes the next row, which must be ready. The block stays with the caller. */
  shift(): Place {
    const block = this.#first();
    const row = this.#next++;
    if (this.#next === block.rows) this.#drop();
    return { block, row };
  }

  /** Takes the remaining rows of the first block, which must be ready. */
  shiftBlock(): BlockRows {
    const taken = { block: this.#first(), from: this.#next };
    this.#drop();
    return taken;
  }

  /** Yields rows that have arrived, without taking them. */
  *peek(limit: number): Generator<Place> {
    let from = this.#next;
    for (let i = this.#at; limit > 0 && (i < this.#blocks.length || this.#decode()); i++, from = 0) {
      const block = this.#blocks[i]!;
      for (let row = from; row < block.rows && limit > 0; row++, limit--) yield { block, row };
    }
  }

  /** Goes back to the first kept row, after all have been read. */
  again(): void {
    if (this.#kept && this.end && !this.ready) [this.#at, this.#next] = [0, 0];
  }

  /**
   * Drops the rows that have arrived and those that still come: later blocks cannot be read without the dropped ones,
   * which contain part of their dictionary.
   */
  discard(): void {
    if (this.#kept && this.end && !this.#broken) {
      // dropping it would save nothing
      [this.#at, this.#next] = [0, 0];
      return;
    }
    this.#discarded = true;
    this.#clear();
  }

  /** Lets the engine send everything, even if nothing is read. */
  unlimited(): void {
    if (this.#granted >= unlimitedCredit || this.end) return;
    this.#granted = unlimitedCredit;
    this.#supplier.grant(unlimitedCredit);
  }

  resultEvent({ restart, fields, block, end }: RowsEvent, failure?: Error): void {
    if (restart) {
      this.#clear();
      this.#reader = new BlockReader(this.#modes);
      return;
    }
    if (fields) this.fieldNames = fields;
    if (block && !this.#discarded) this.#arrived.push(block);
    if (end) {
      this.end = end;
      if (!this.#broken) this.failure = failure;
      this.onEnd(end);
    }
    this.#wake();
  }

  failed(reason: Error): void {
    this.failure = reason;
    this.end ??= {};
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #clear(): void {
    this.#blocks = [];
    this.#arrived = [];
    [this.#at, this.#next] = [0, 0];
  }

  #first(): Block {
    if (this.#at === this.#blocks.length) this.#decode();
    return this.#blocks[this.#at]!;
  }

  /** Decodes the next block that arrived. Blocks are decoded in order, and only when they are needed. */
  #decode(): boolean {
    const buffer = this.#arrived.shift();
    if (!buffer) return false;
    try {
      const block = this.#reader.read(buffer);
      if (block.rows === 0) throw new RangeError("the row block is empty");
      this.#blocks.push(block);
    } catch (thrown) {
      throw this.#unreadable(thrown);
    }
    return true;
  }

  /** Ends the result, because a block, and therefore all later ones, cannot be read. */
  #unreadable(cause: unknown): Error {
    this.failure = new ProtocolError("the relay sent a row block that cannot be read", { cause });
    this.#broken = true;
    this.discard();
    if (!this.end) this.#supplier.discard();
    this.#wake();
    return this.failure;
  }

  #drop(): void {
    if (this.#kept) this.#at++;
    else this.#blocks.shift();
    this.#next = 0;
    if (this.#granted < unlimitedCredit && !this.end) this.#supplier.grant(1);
  }
}
