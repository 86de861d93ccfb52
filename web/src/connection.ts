import type {
  ClusterMember,
  ConfigSetting,
  ConnectionRecord,
  ManagementBean,
  QueryRecord,
  TerminatedTransaction,
  TransactionRecord,
} from "./admin.js";
import { callMethod, type Callee, type MethodOf, runProg, runQuery, transactionArguments } from "./calls.js";
import { asyncDispose } from "./dispose.js";
import { engineFor } from "./engine/engine.js";
import type { ConnectionStatistics, DescribedConnection, Methods, Route } from "./engine/protocol.js";
import { wrong } from "./engine/shape.js";
import {
  authMessage,
  checkCall,
  checkOpening,
  checkTransaction,
  type Auth,
  type CallOptions,
  type ConnectOptions,
  type Parameters,
  type TransactionOptions,
} from "./options.js";
import { Owner, type ConnectionEvents } from "./owner.js";
import { ConnectionProfile, describeProfile } from "./profile.js";
import { keepRaw, stays } from "./raw.js";
import type { Result } from "./result.js";
import { describeTransaction, optionalTransaction, type TransactionRef } from "./transaction.js";

export type { ConnectionStatistics, Route } from "./engine/protocol.js";

/** How to open connections. */
export interface ClientOptions extends ConnectOptions, ConnectionEvents<Connection> {}

/**
 * One connection to one server, over Bolt or over HTTP. Calls may overlap; the connection runs them one after the
 * other.
 *
 * Calls reject with RangeError for invalid arguments, Failure if the server refuses, UnsupportedError if it cannot do
 * what was asked, ConnectionBroken and ProtocolError if the connection is lost, and with the signal's reason if the
 * signal is aborted.
 */
export class Connection {
  /** @internal */
  readonly stays: symbol = stays;
  readonly userAgent: string;
  /** The Bolt version in use, such as "5.8"; empty over HTTP. */
  readonly protocolVersion: string;
  readonly #owner: Owner<Connection>;
  readonly #handle: number;
  readonly #opened: number;
  readonly #profile: ConnectionProfile;
  readonly #multi: boolean;
  /**
   * The pool that lent the connection. This reference keeps the pool from being garbage collected meanwhile. @internal
   */
  readonly lender: object | undefined;
  #broken = false;
  #closed = false;

  /**
   * Opens a connection. It rejects with ConnectionUnavailable if no connection is possible, and with Failure if the
   * server refuses the credentials.
   */
  static async open(
    profile: ConnectionProfile | string,
    options: ClientOptions & CallOptions = {},
  ): Promise<Connection> {
    const target = new ConnectionProfile(profile);
    checkOpening(options);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner<Connection>(engine, target, options, true);
    try {
      const args = { profile: describeProfile(target), options: owner.openOptions() };
      const described = await engine.call("connection.open", args, { signal: options.signal });
      return owner.connection(described, () => new Connection(owner, described));
    } catch (thrown) {
      owner.close();
      throw thrown;
    }
  }

  /**
   * Negotiates a version of Bolt with a server, such as "5.8", and closes the connection. It shows that a server is
   * there, without a user. It rejects with ConnectionUnavailable if there is none.
   */
  static async handshake(
    profile: ConnectionProfile | string,
    options: ClientOptions & CallOptions = {},
  ): Promise<string> {
    const target = new ConnectionProfile(profile);
    checkOpening(options);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner<Connection>(engine, target, options, true);
    try {
      return await engine.call(
        "connection.handshake",
        { profile: describeProfile(target), options: owner.openOptions() },
        { signal: options.signal },
      );
    } finally {
      owner.close();
    }
  }

  /** @internal */
  constructor(owner: Owner<Connection>, described: DescribedConnection, lender?: object) {
    this.#owner = owner;
    this.lender = lender;
    this.#handle = described.connection;
    this.#opened = performance.now() - described.age * 1000;
    this.#profile = owner.profileOf(described.profile);
    this.#multi = described.supportsMulti;
    this.userAgent = described.userAgent;
    this.protocolVersion = described.protocolVersion;
    abandoned.register(this, { owner, handle: described.connection }, this);
  }

  get profile(): ConnectionProfile {
    return this.#profile;
  }

  /** Seconds since the connection was opened. */
  get age(): number {
    return (performance.now() - this.#opened) / 1000;
  }

  /** Whether the connection was lost; it cannot be used any more. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether the connection was closed; it cannot be used any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The server's version, such as "5.26.30". */
  neo4jVersion(options?: CallOptions): Promise<string> {
    return this.#call("connection.neo4jVersion", {}, options);
  }

  /** The server's edition, such as "community". */
  neo4jEdition(options?: CallOptions): Promise<string> {
    return this.#call("connection.neo4jEdition", {}, options);
  }

  statistics(): Promise<ConnectionStatistics> {
    return this.#call("connection.statistics", {});
  }

  /** Begins a transaction. An empty name means the user's home database. */
  async begin(graphName = "", options: TransactionOptions = {}): Promise<TransactionRef> {
    checkTransaction(options);
    const args = transactionArguments(graphName, options);
    return this.#owner.transactions.known(await this.#call("connection.begin", args, { signal: options.signal }));
  }

  /** Ends a transaction, keeping its effects. Returns a bookmark, or "" if the server sends none. */
  async commit(transaction: TransactionRef, options?: CallOptions): Promise<string> {
    return this.#call("connection.commit", { transaction: describeTransaction(transaction) }, options);
  }

  /** Ends a transaction, undoing its effects. Returns a bookmark, or "" if the server sends none. */
  async rollback(transaction: TransactionRef, options?: CallOptions): Promise<string> {
    return this.#call("connection.rollback", { transaction: describeTransaction(transaction) }, options);
  }

  /**
   * Runs one query in a transaction of its own, which ends with the result. It resolves when the server has accepted
   * the query. The signal ends the result, too.
   */
  async runProg<T = { [field: string]: any }>(
    graphName: string,
    cypher: string,
    parameters: Parameters = {},
    options: TransactionOptions = {},
  ): Promise<Result<T>> {
    this.#checkOpen();
    return runProg(this.#callee, "connection.runProg", graphName, cypher, parameters, options);
  }

  /** Runs one query in a transaction. The signal ends the result, and with it the transaction. */
  async runQuery<T = { [field: string]: any }>(
    transaction: TransactionRef,
    cypher: string,
    parameters: Parameters = {},
    options: CallOptions = {},
  ): Promise<Result<T>> {
    this.#checkOpen();
    return runQuery(this.#callee, "connection.runQuery", transaction, cypher, parameters, options);
  }

  /** Waits until the server has answered the query behind a result, and rejects with its failure if it failed. */
  async sync(result: Result, options?: CallOptions): Promise<void> {
    if (result.source !== this) throw wrong("result", "it does not come from this connection");
    if (result.ended) return result.throwFailure();
    await this.#call("connection.sync", { result: result.call }, options);
    if (result.ended) result.throwFailure();
  }

  /**
   * Resets the connection: open results and transactions end. With force it always sends a request to the server.
   */
  async reset(options: CallOptions & { force?: boolean } = {}): Promise<void> {
    checkCall(options, { force: { kind: "flag" } });
    return this.#call("connection.reset", { force: options.force }, { signal: options.signal });
  }

  /** Gives the connection back to the pool that lent it, if there is one. It does not close the connection. */
  release(): Promise<void> {
    const owner = this.#owner;
    if (owner.alone) return this.#call("connection.release", {});
    // also if it was closed, so that its pool removes it
    return owner.engine.callToClose("connection.release", { on: this.#handle }, { owner });
  }

  /**
   * Sends GOODBYE and closes the connection. Closing twice does nothing. A connection of a pool must still be released.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const owner = this.#owner;
    if (owner.alone) abandoned.unregister(this);
    try {
      await owner.engine.callToClose("connection.close", { on: this.#handle }, { owner });
    } finally {
      if (owner.alone) {
        owner.forget(this.#handle);
        owner.close();
      }
    }
  }

  [asyncDispose](): Promise<void> {
    return this.#owner.alone ? this.close() : this.release();
  }

  /** Changes the user of the connection (Bolt 5.1 and later, and HTTP). */
  async authenticate(auth: Auth, options?: CallOptions): Promise<void> {
    return this.#call("connection.authenticate", { auth: authMessage(auth) }, options);
  }

  /** Asks for the servers of a cluster that can serve the graph. */
  route(graphName = "", context: Record<string, string> = {}, options?: CallOptions): Promise<Route> {
    return this.#call("connection.route", { graphName, context }, options);
  }

  /** Whether the server can hold several databases. */
  supportsMulti(): boolean {
    return this.#multi;
  }

  /** The members of the cluster; rejects with UnsupportedError if the server is not in a cluster. */
  async getClusterOverview(transaction?: TransactionRef, options?: CallOptions): Promise<ClusterMember[]> {
    return this.#call("connection.getClusterOverview", optionalTransaction(transaction), options);
  }

  /** The server's settings by name. */
  async getConfig(transaction?: TransactionRef, options?: CallOptions): Promise<Record<string, ConfigSetting>> {
    return this.#call("connection.getConfig", optionalTransaction(transaction), options);
  }

  /** The server's open connections. */
  async getConnections(transaction?: TransactionRef, options?: CallOptions): Promise<ConnectionRecord[]> {
    return this.#call("connection.getConnections", optionalTransaction(transaction), options);
  }

  /** The queries that run now. */
  async getQueries(transaction?: TransactionRef, options?: CallOptions): Promise<QueryRecord[]> {
    return this.#call("connection.getQueries", optionalTransaction(transaction), options);
  }

  /** The transactions that are open now. */
  async getTransactions(transaction?: TransactionRef, options?: CallOptions): Promise<TransactionRecord[]> {
    return this.#call("connection.getTransactions", optionalTransaction(transaction), options);
  }

  /** The server's JMX beans by name. */
  async getManagementData(
    transaction?: TransactionRef,
    options?: CallOptions,
  ): Promise<Record<string, ManagementBean>> {
    return this.#call("connection.getManagementData", optionalTransaction(transaction), options);
  }

  /** Asks the server to end transactions by their ids, as getTransactions lists them. */
  terminateTransactions(ids: string[], options?: CallOptions): Promise<TerminatedTransaction[]> {
    return this.#call("connection.terminateTransactions", { ids }, options);
  }

  /** Sets the state that the engine reported. @internal */
  changed({ broken, closed }: { broken: boolean; closed: boolean }): void {
    this.#broken ||= broken;
    this.#closed ||= closed;
  }

  /** @internal */
  get handle(): number {
    return this.#handle;
  }

  #checkOpen(): void {
    if (this.#closed) throw new RangeError("the connection was closed");
  }

  get #callee(): Callee {
    return { caller: this, owner: this.#owner, handle: this.#handle };
  }

  async #call<M extends MethodOf<"connection">>(
    method: M,
    args: Omit<Methods[M]["args"], "on">,
    options: CallOptions = {},
  ): Promise<Methods[M]["result"]> {
    this.#checkOpen();
    return callMethod(this.#callee, method, args, options);
  }
}

keepRaw(Connection);

/** Releases connections that were garbage collected without being closed. */
const abandoned = new FinalizationRegistry<{ owner: Owner<Connection>; handle: number }>(({ owner, handle }) => {
  owner.collected(handle);
  if (owner.alone) owner.close();
});
