import { asyncDispose } from "./dispose.js";
import { GraphBuilder, type Graph, type GraphDelta, type GraphOptions } from "./graph.js";
import type { Engine, OwnerListener } from "./engine/engine.js";
import type { Methods, ResultHead } from "./engine/protocol.js";
import type { CallOptions } from "./options.js";
import { pause } from "./pause.js";
import { keepRaw, stays } from "./raw.js";
import { joinColumns, Shape, type Block, type Column, type ValueOptions } from "./rowblock.js";
import { blocksAhead, Rows, unlimitedCredit, type BlockRows, type RowSupplier } from "./rows.js";
import { emptySummary, type Summary, wholeSummary } from "./summary.js";

/** One row: a plain object of the values by field name. */
export type Record<T = { [field: string]: any }> = T;

/** How a graph is collected. */
export interface GrowOptions extends CallOptions, GraphOptions {
  /** Called after each step, with what it added, so that a page can draw while rows arrive. */
  onGrow?: (graph: Graph, delta: GraphDelta) => void;
}

/** Iterates over the rest of a result. Leaving a for-await loop early discards the remaining records. */
export interface RecordIterator<T> extends AsyncIterableIterator<Record<T>, undefined> {
  next(): Promise<IteratorResult<Record<T>, undefined>>;
  return(): Promise<IteratorResult<Record<T>, undefined>>;
  [Symbol.asyncIterator](): RecordIterator<T>;
  /** All remaining records, as an array. */
  toArray(): Promise<Record<T>[]>;
}

/** What a result needs from the opener of the connection; owner.ts implements it. */
export interface ResultOwner extends OwnerListener {
  readonly engine: Engine;
  readonly modes: ValueOptions;
}

/**
 * The result of a query, whose records may still be arriving. Discard a result that you do not read to its end. The
 * result of executeQuery is complete and can be read again: after all has been read, or a loop over it was left,
 * methods that read the rest start again from the beginning.
 */
export class Result<T = { [field: string]: any }> {
  /** @internal */
  readonly stays: symbol = stays;
  /** The database of origin, or empty for the user's home database. */
  readonly graphName: string;
  /** The Bolt version that carried the result; empty over HTTP. */
  readonly protocolVersion: string;
  /** Names the result in the engine. @internal */
  readonly call: number;
  /**
   * The connection or connector of the result. This reference keeps it from being garbage collected meanwhile.
   * @internal
   */
  readonly source: object;
  readonly #owner: ResultOwner;
  readonly #rows: Rows;
  readonly #query: string;
  #summary: Summary | undefined;
  #shape: Shape | undefined;
  /** When reading without a pause began; pauses keep the page responsive. */
  #sliceBegan!: number;

  /** @internal */
  constructor(source: object, owner: ResultOwner, call: number, rows: Rows, query: string, described: ResultHead) {
    this.source = source;
    this.#query = query;
    this.#owner = owner;
    this.#rows = rows;
    this.call = call;
    this.graphName = described.graphName;
    this.protocolVersion = described.protocolVersion;
    abandoned.register(this, { owner, call, rows }, this);
  }

  /** The server's id of the query, or "" if it sends none. */
  async queryId(options?: CallOptions): Promise<string> {
    const told = this.#rows.end ? "" : await this.#call("result.queryId", options);
    // the engine has forgotten a result that has ended, but its end has arrived here
    return told || this.#rows.end?.queryId || "";
  }

  /** The field names, in the order of the query. */
  async fields({ signal }: CallOptions = {}): Promise<string[]> {
    while (!this.#rows.fieldNames) {
      if (this.#rows.failure) throw this.#rows.failure;
      if (this.#rows.end) return [];
      await this.#rows.changed(signal);
    }
    return this.#rows.fieldNames;
  }

  /** Fetches the remainder into memory, so that the connection is free for other work. */
  async buffer({ signal }: CallOptions = {}): Promise<void> {
    this.#rows.unlimited();
    while (!this.#rows.end) await this.#rows.changed(signal);
    this.throwFailure();
  }

  /**
   * The next record, or undefined at the end. Records that arrived before a failure come first; then it rejects. The
   * signal ends only the wait.
   */
  async fetch({ signal }: CallOptions = {}): Promise<Record<T> | undefined> {
    while (await this.#rows.available(signal)) if (this.#rows.ready) return this.#shift();
    return undefined;
  }

  /**
   * Iterates over the rest. Here, and in all methods that read the rest, records that an error or the signal leaves
   * unread are discarded.
   */
  records({ signal }: CallOptions = {}): RecordIterator<T> {
    this.#beginReading();
    const result = this;
    return {
      next() {
        return result.#nextRecord(signal);
      },
      async return() {
        await result.discard();
        return { done: true, value: undefined };
      },
      toArray() {
        return result.#collect(signal);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    } as RecordIterator<T>;
  }

  async #nextRecord(signal: AbortSignal | undefined): Promise<IteratorResult<Record<T>, undefined>> {
    try {
      signal?.throwIfAborted();
      while (!this.#rows.atBlockStart || (await this.#block(signal)))
        if (this.#rows.ready) return { done: false, value: this.#shift() };
      return { done: true, value: undefined };
    } catch (thrown) {
      // a for-await loop does not call return then
      await this.#discardRest(signal);
      throw thrown;
    }
  }

  [Symbol.asyncIterator](): RecordIterator<T> {
    return this.records();
  }

  /** The rest as one array for each field: a typed array if all values are numbers of one kind. */
  async columns({ signal }: CallOptions = {}): Promise<{ [field: string]: Column }> {
    const { fields, taken } = await this.#readAll(signal);
    const first = taken[0]?.from ?? 0;
    const blocks = taken.map(({ block }) => block);
    return Object.fromEntries(fields.map((field, j) => [field, withoutFirst(joinColumns(blocks, j), first)]));
  }

  /** The rest as an Apache Arrow IPC stream. */
  async toArrow({ signal }: CallOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { fields, taken } = await this.#readAll(signal);
    const { toArrow } = await import("./arrow.js");
    return toArrow(
      fields,
      taken.map(({ block }) => block),
      taken[0]?.from,
    );
  }

  /** The graph of the rest: its distinct nodes and relationships, also from lists, maps and paths in the records. */
  async graph({ signal, onGrow, ...options }: GrowOptions = {}): Promise<Graph> {
    const builder = new GraphBuilder(options);
    for await (const { block, from } of this.#blocks(signal)) {
      const delta = builder.add(block, from);
      onGrow?.(builder.graph, delta);
    }
    return builder.graph;
  }

  /**
   * Iterates over the rest in arrays of records, which is the fastest way to read many. If a builder of a graph is
   * given, their nodes and relationships are added to it.
   */
  async *batches({
    signal,
    graph,
  }: CallOptions & { graph?: GraphBuilder } = {}): AsyncGenerator<Record<T>[], undefined> {
    for await (const { block, from } of this.blocks({ signal, graph })) {
      for (let row = from; row < block.rows; ) {
        const records: Record<T>[] = [];
        for (const to = Math.min(row + largestBatch, block.rows); row < to; row++)
          records.push(this.#record(block, row));
        yield records;
      }
    }
  }

  /**
   * Iterates over the rest in blocks, for callers that keep many rows and read few: a block holds its rows as they
   * came, and makes a value each time that `block.value(row, field)` is called. `from` is the first row that was not
   * read before; it is 0 except in the first block. If a builder of a graph is given, the nodes and relationships are
   * added to it. No further blocks are requested from the server until the caller continues.
   */
  async *blocks({ signal, graph }: CallOptions & { graph?: GraphBuilder } = {}): AsyncGenerator<BlockRows, undefined> {
    for await (const rows of this.#blocks(signal)) {
      graph?.add(rows.block, rows.from);
      yield rows;
    }
  }

  /** Whether a record has arrived. It does not wait. */
  hasRecords(): boolean {
    return this.#rows.ready;
  }

  /** Up to limit records that have arrived, without taking them. */
  peekRecords(limit: number): Record<T>[] {
    return Array.from(this.#rows.peek(limit), ({ block, row }) => this.#record(block, row));
  }

  /** The next record that has arrived, or undefined. It does not wait. */
  takeRecord(): Record<T> | undefined {
    return this.#rows.ready ? this.#shift() : undefined;
  }

  /** What is known now; all of it once `complete` is set. */
  summary(): Summary {
    const { end } = this.#rows;
    if (end) this.#summary ??= wholeSummary(this.#query, end);
    return this.#summary ?? emptySummary;
  }

  /** Discards the rest: records that have arrived are dropped, and the server is told to send no more. */
  async discard(options: CallOptions = {}): Promise<void> {
    // before anything is dropped, because the engine would not be told
    if (!this.ended) options.signal?.throwIfAborted();
    this.#rows.discard();
    if (this.ended) return;
    await this.#call("result.discard", options);
    this.throwFailure();
  }

  /** Discards the rest, and returns the complete summary. */
  async consume(options: CallOptions = {}): Promise<Summary> {
    await this.discard(options);
    this.throwFailure();
    return this.summary();
  }

  async [asyncDispose](): Promise<void> {
    await this.discard();
  }

  /** Whether all records and the end have arrived. @internal */
  get ended(): boolean {
    return this.#rows.end !== undefined;
  }

  /** @internal */
  throwFailure(): void {
    if (this.#rows.failure) throw this.#rows.failure;
  }

  #beginReading(): void {
    this.#rows.again();
    this.#sliceBegan = performance.now();
  }

  /**
   * Waits until a block has arrived (true) or the end (false). Long reading is interrupted, so that the page stays
   * responsive.
   */
  async #block(signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted();
    if (this.#rows.ready && performance.now() - this.#sliceBegan > sliceLength) {
      await pause();
      this.#sliceBegan = performance.now();
      signal?.throwIfAborted();
    }
    if (this.#rows.ready) return true;
    const some = await this.#rows.available(signal);
    this.#sliceBegan = performance.now();
    return some;
  }

  /** Takes block after block to the end. If it ends early, it discards the rest. */
  async *#blocks(signal: AbortSignal | undefined): AsyncGenerator<BlockRows, undefined> {
    let complete = false;
    this.#beginReading();
    try {
      while (await this.#block(signal)) if (this.#rows.ready) yield this.#rows.shiftBlock();
      complete = true;
    } finally {
      if (!complete) await this.#discardRest(signal);
    }
  }

  /**
   * Discards what a reader has not read. After an abort it does not wait for that: a server that is busy with the query
   * answers late.
   */
  async #discardRest(signal: AbortSignal | undefined): Promise<void> {
    const left = this.discard().catch(() => {});
    if (!signal?.aborted) await left;
  }

  #call<M extends "result.queryId" | "result.discard">(
    method: M,
    options: CallOptions = {},
  ): Promise<Methods[M]["result"]> {
    return this.#owner.engine.call(method, { result: this.call }, { signal: options.signal, caller: this });
  }

  #shift(): Record<T> {
    const { block, row } = this.#rows.shift();
    return this.#record(block, row);
  }

  #record(block: Block, row: number): Record<T> {
    this.#shape ??= new Shape([], this.#rows.fieldNames!);
    return block.object(row, this.#shape) as Record<T>;
  }

  async #readAll(signal: AbortSignal | undefined): Promise<{ fields: string[]; taken: BlockRows[] }> {
    this.#rows.unlimited();
    const taken: BlockRows[] = [];
    for await (const rows of this.#blocks(signal)) taken.push(rows);
    return { fields: this.#rows.fieldNames ?? [], taken };
  }

  async #collect(signal: AbortSignal | undefined): Promise<Record<T>[]> {
    const records: Record<T>[] = [];
    let complete = false;
    this.#rows.unlimited();
    this.#beginReading();
    try {
      while (await this.#block(signal)) {
        if (!this.#rows.ready) continue;
        const { block, from } = this.#rows.shiftBlock();
        for (let row = from; row < block.rows; row++) records.push(this.#record(block, row));
      }
      complete = true;
    } finally {
      if (!complete) await this.#discardRest(signal);
    }
    return records;
  }
}

/** A column without its first values. */
function withoutFirst(column: Column, from: number): Column {
  return from === 0 ? column : column.slice(from);
}

/** The methods that have a result of rows. */
type Querying = { [M in keyof Methods]: Methods[M]["result"] extends ResultHead ? M : never }[keyof Methods];

/** Calls a method of source, a connection or connector, that has a result of rows. The signal ends the result, too. */
export async function runResult<T, M extends Querying>(
  source: object,
  owner: ResultOwner,
  method: M,
  args: Omit<Methods[M]["args"], "credit">,
  { signal }: CallOptions,
  ahead = blocksAhead,
): Promise<Result<T>> {
  const { engine } = owner;
  const supplier: RowSupplier = {
    grant(blocks) {
      engine.notify("result.credit", { result: started.id, blocks });
    },
    discard() {
      engine.notify("result.discard", { result: started.id });
    },
  };
  const rows = new Rows(owner.modes, supplier, ahead, ahead >= unlimitedCredit);
  rows.onEnd = end => owner.stateChanged(end);
  const context = { signal, result: rows, owner, caller: source };
  const started = engine.start(method, { ...args, credit: ahead } as Methods[M]["args"], context);
  return new Result<T>(source, owner, started.id, rows, args.cypher, (await started.answer) as ResultHead);
}

/**
 * The maximum number of records in a batch: if all records of a block were made at once, they would outlive the garbage
 * collector's nursery.
 */
const largestBatch = 512;

/** How long rows are read, in milliseconds, before the page gets a turn. */
const sliceLength = 8;

/** Discards results that were garbage collected before their end. */
const abandoned = new FinalizationRegistry<{ owner: ResultOwner; call: number; rows: Rows }>(
  ({ owner, call, rows }) => {
    if (!rows.end) owner.engine.notify("result.discard", { result: call });
  },
);

keepRaw(Result);
