// The messages between a page and the engine, as package bridge (Go) documents them.

/** What an error looks like in a message. */
export interface DescribedError {
  class: string;
  message: string;
  cause?: DescribedError;
  [field: string]: unknown;
}

export interface DescribedTransaction {
  graphName: string;
  txid: string;
  readonly: boolean;
  broken?: boolean;
  age?: number;
}

export interface ConnectionState {
  connection: number;
  broken: boolean;
  closed: boolean;
}

export interface PoolState {
  pool: number;
  size: number;
  inUse: number;
  maxSize: number;
}

export interface DescribedProfile {
  uri: string;
  user: string;
  database: string;
}

/** How a result ended. */
export interface ResultEnd {
  summary: unknown;
  error?: DescribedError;
  queryId?: string;
  state?: Partial<ConnectionState & PoolState>;
  transaction?: DescribedTransaction;
}

export interface Call {
  id?: number;
  method: string;
  args: Record<string, unknown>;
}

export type ToEngine = Call | { cancel: number } | { answer: number; ok: boolean; value?: unknown; error?: unknown };

export interface Answer {
  id: number;
  ok: boolean;
  value?: unknown;
  error?: DescribedError;
  state?: Partial<ConnectionState & PoolState>;
  transaction?: DescribedTransaction;
}

export interface Ask {
  ask: number;
  callback: number;
  value: Record<string, unknown>;
}

export type ResultEvent =
  | { event: "fields"; result: number; fields: string[] }
  | { event: "block"; result: number; block: ArrayBuffer; fields?: string[]; end?: ResultEnd }
  | { event: "end"; result: number; fields?: string[]; end: ResultEnd }
  | { event: "restart"; result: number };

export type OwnerEvent =
  | { event: "bind"; owner: number; connection: number; transaction: DescribedTransaction }
  | { event: "unbind"; owner: number; transaction: DescribedTransaction }
  | { event: "release"; owner: number; connection: number }
  | { event: "broken"; owner: number; connections: number[]; profile: DescribedProfile; message: string; pools: PoolState[] };

/** From the program that runs the engine, not from the engine itself. locked: the worker holds the lock by which its end is seen. */
export type HostEvent = { event: "ready"; locked: boolean } | { event: "failed"; message: string };

export type ToPage = Answer | Ask | ResultEvent | OwnerEvent;
