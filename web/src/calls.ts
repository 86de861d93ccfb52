import type { Methods, Target } from "./engine/protocol.js";
import {
  checkCall,
  checkTransaction,
  packed,
  transactionMessage,
  type CallOptions,
  type Parameters,
  type TransactionOptions,
} from "./options.js";
import type { Owner } from "./owner.js";
import { type Result, runResult } from "./result.js";
import { describeTransaction, type TransactionRef } from "./transaction.js";

/** The engine's methods on a connection, a connector or a pool. */
export type MethodOf<Kind extends string> = {
  [M in keyof Methods]: M extends `${Kind}.${string}` ? (Methods[M]["args"] extends Target ? M : never) : never;
}[keyof Methods];

/** The object that a method is called on, with its owner and the engine's handle of it. */
export interface Callee {
  readonly caller: object;
  readonly owner: Owner<any>;
  readonly handle: number;
}

/** Calls a method, and checks the options of the call. */
export async function callMethod<M extends MethodOf<"connection" | "connector" | "pool">>(
  { caller, owner, handle }: Callee,
  method: M,
  args: Omit<Methods[M]["args"], "on">,
  options: CallOptions = {},
): Promise<Methods[M]["result"]> {
  checkCall(options);
  const context = { signal: options.signal, owner, caller };
  return owner.engine.call(method, { ...args, on: handle } as Methods[M]["args"], context);
}

/** The arguments of the engine's methods that begin a transaction. */
export function transactionArguments(graphName: string, options: TransactionOptions) {
  return { graphName, readonly: options.readonly, options: transactionMessage(options) };
}

/** Runs one query in a transaction of its own. */
export async function runProg<T>(
  { caller, owner, handle }: Callee,
  method: "connection.runProg" | "connector.runProg",
  graphName: string,
  cypher: string,
  parameters: Parameters,
  options: TransactionOptions,
): Promise<Result<T>> {
  checkTransaction(options);
  const query = { on: handle, cypher, parameters: packed("parameters", parameters) };
  const args = { ...query, ...transactionArguments(graphName, options) };
  return runResult<T, typeof method>(caller, owner, method, args, options);
}

/** Runs one query in a transaction. */
export async function runQuery<T>(
  { caller, owner, handle }: Callee,
  method: "connection.runQuery" | "connector.runQuery",
  transaction: TransactionRef,
  cypher: string,
  parameters: Parameters,
  options: CallOptions,
): Promise<Result<T>> {
  checkCall(options);
  const query = { on: handle, cypher, parameters: packed("parameters", parameters) };
  const args = { ...query, transaction: describeTransaction(transaction) };
  return runResult<T, typeof method>(caller, owner, method, args, options);
}
