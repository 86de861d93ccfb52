import * as core from "neo4j-driver-core";
import type { ResultListener } from "../engine/engine.js";
import type { RowsEvent } from "../engine/messages.js";
import type { End } from "../engine/protocol.js";
import { BlockReader, type Block } from "../rowblock.js";
import type { CoreValues } from "./values.js";

const { Record } = core; // once: bundlers make this import a getter

/** The callbacks of core's Result and Transaction. */
export interface Observer {
  onKeys?(keys: string[]): void;
  onNext?(record: core.Record): void;
  onCompleted?(metadata: unknown): void;
  onError?(error: Error): void;
}

/** Callbacks of a stream's end. */
export interface StreamHooks {
  beforeError?: (error: Error) => void;
  afterComplete?: (metadata: never) => void;
  onDb?: (database: string) => void;
  /** Called when no more records will come. */
  onEnd(): void;
  /** Returns the error for observers. */
  errorOf(thrown: unknown): Error;
  /** Returns Bolt's metadata, from which core makes its summary. */
  metadataOf(end: End, rows: { streamed: boolean; keys: number }): Record<string, unknown>;
}

/** Where a stream's rows come from. */
export interface RowSource {
  /** Allows this many more blocks to be sent. */
  grant(blocks: number): void;
  /** Discards the rest. */
  discard(): void;
}

/**
 * A query's answer as core observes it: keys, records one by one, the end. Rows stay in their blocks until an observer
 * wants them.
 */
export class Stream implements ResultListener {
  readonly #hooks: StreamHooks;
  readonly #make: CoreValues;
  readonly #fetchSize: number;
  #source: RowSource | undefined;
  #reader: BlockReader;
  #observers: Observer[] = [];
  #keys: string[] | undefined;
  #lookup: Record<string, number> = Object.create(null) as Record<string, number>;
  #blocks: Block[] = [];
  #next = 0;
  #end: End | undefined;
  #failure: Error | undefined;
  #tail: unknown;
  #error: Error | undefined;
  #paused = false;
  #cancelled = false;
  #dropped = false;
  /** How many records have been delivered. */
  #delivered = 0;
  #delivering = false;

  /** fetchSize is the fetch size of the driver. */
  constructor(hooks: StreamHooks, make: CoreValues, fetchSize: number) {
    this.#hooks = hooks;
    this.#make = make;
    this.#fetchSize = fetchSize > 0 ? fetchSize : Infinity;
    this.#reader = new BlockReader({}, make);
  }

  /** Sets the source of the rows, after the query has been sent. */
  from(source: RowSource): void {
    this.#source = source;
    if (this.#dropped) source.discard();
  }

  // Core calls these.

  prepareToHandleSingleResponse(): void {
    this.#keys = [];
  }

  markCompleted(): void {
    this.#keys = [];
    this.#tail = {};
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  /**
   * Discards the rest. As over the driver's own connections, an observer still gets the records of the first
   * fetch: core cancels what a transaction has not read when the transaction ends.
   */
  cancel(): void {
    if (this.#cancelled || this.#done) return;
    this.#cancelled = true;
    this.#drop();
    this.#deliver();
  }

  /** Drops the records that no observer of a cancelled stream still gets. */
  #drop(): void {
    if (this.#dropped || (this.#delivered < this.#fetchSize && this.#observers.some(({ onNext }) => onNext))) return;
    this.#dropped = true;
    this.#blocks = [];
    this.#source?.discard();
  }

  subscribe(observer: Observer): void {
    if (this.#keys) observer.onKeys?.(this.#keys);
    if (this.#tail !== undefined) observer.onCompleted?.(this.#tail);
    if (this.#error) observer.onError?.(this.#error);
    this.#observers.push(observer);
    this.#deliver();
  }

  unsubscribeAll(): void {
    this.#observers = [];
  }

  onError(error: Error): void {
    if (this.#done) return;
    this.#error = error;
    this.#blocks = [];
    this.#hooks.beforeError?.(error);
    for (const observer of this.#observers) observer.onError?.(error);
    this.#hooks.onEnd();
  }

  /** Ends a stream that has no records. */
  onCompleted(metadata: Record<string, unknown>): void {
    if (this.#done) return;
    this.#tail = metadata;
    this.#hooks.onEnd();
    for (const observer of this.#observers) observer.onCompleted?.(metadata);
    this.#hooks.afterComplete?.(metadata as never);
  }

  // The engine calls these.

  resultEvent({ restart, fields, block, end }: RowsEvent, failure?: Error): void {
    if (restart) {
      this.#reader = new BlockReader({}, this.#make);
      this.#blocks = [];
      return;
    }
    if (fields) this.#head(fields);
    if (block && !this.#dropped && !this.#done) this.#blocks.push(this.#reader.read(block));
    if (end) this.#end = end;
    if (failure) this.#failure = failure;
    this.#deliver();
  }

  failed(reason: Error): void {
    this.onError(this.#hooks.errorOf(reason));
  }

  /** Whether records and the end will be delivered without a further request. */
  get flowing(): boolean {
    return this.#source !== undefined && !this.#done && !this.#paused && this.#wanted;
  }

  get #done(): boolean {
    return this.#tail !== undefined || this.#error !== undefined;
  }

  #head(keys: string[]): void {
    if (this.#keys) return;
    this.#keys = keys;
    keys.forEach((key, i) => (this.#lookup[key] = i));
    for (const observer of this.#observers) observer.onKeys?.(keys);
  }

  /** Whether an observer wants records or the end; before that, rows wait. */
  get #wanted(): boolean {
    return this.#observers.some(observer => observer.onNext ?? observer.onCompleted);
  }

  /**
   * Delivers the rows that have arrived, and the end, unless it is paused. An observer may pause, or cancel, in the
   * middle.
   */
  #deliver(): void {
    if (this.#delivering || this.#done || (!this.#wanted && !this.#cancelled)) return;
    this.#delivering = true;
    try {
      for (let block = this.#blocks[0]; block && !this.#paused && !this.#done; block = this.#blocks[0])
        this.#deliverFrom(block);
      if (this.#end && this.#blocks.length === 0 && (!this.#paused || this.#cancelled)) this.#conclude(this.#end);
    } finally {
      this.#delivering = false;
    }
  }

  /** Delivers rows of a block until it ends, or the observer pauses. */
  #deliverFrom(block: Block): void {
    const { rows } = block;
    while (this.#next < rows) {
      this.#delivered++;
      const record = new Record(this.#keys!, block.row(this.#next++), this.#lookup);
      for (const observer of this.#observers) observer.onNext?.(record);
      if (this.#cancelled) this.#drop();
      if (this.#paused || this.#blocks[0] !== block) break;
    }
    if (this.#blocks[0] === block && this.#next >= rows) {
      this.#blocks.shift();
      this.#next = 0;
      if (!this.#end) this.#source?.grant(1);
    }
  }

  #conclude(end: End): void {
    if (this.#failure) return this.onError(this.#hooks.errorOf(this.#failure));
    const metadata = this.#hooks.metadataOf(end, { streamed: this.#delivered > 0, keys: this.#keys?.length ?? 0 });
    if (typeof metadata["db"] === "string") this.#hooks.onDb?.(metadata["db"]);
    this.onCompleted(metadata);
  }
}
