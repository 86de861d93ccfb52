// The messages between a page and the engine. Their contents are generated: protocol.ts.
import type { Answer, Ask, Callbacks, Methods, OwnerEvent, ResultEvent, Thrown } from "./protocol.js";

/** Calls a method. Without an id there is no answer. */
export interface Call<M extends keyof Methods = keyof Methods> {
  id?: number;
  method: M;
  args: Methods[M]["args"];
}

/** What a callback returned or threw. */
export type CallbackAnswer =
  | { answer: number; kind: keyof Callbacks; value: unknown }
  | { answer: number; error: Thrown };

export type ToEngine = Call | { cancel: number } | CallbackAnswer;

/** An event of a result, with a block of its rows if one came beside it. */
export type RowsEvent = ResultEvent & { block?: ArrayBuffer };

export type ToPage = (Answer & { rows?: RowsEvent }) | Ask | RowsEvent | OwnerEvent;

/**
 * From the script that runs the engine, not from the engine itself. locked: the worker holds the lock by which the page
 * detects its end.
 */
export type HostEvent = { event: "ready"; locked: boolean } | { event: "failed"; message: string };
