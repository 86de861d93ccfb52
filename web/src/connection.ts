import type { ClusterMember, ConfigSetting, ConnectionRecord, ManagementBean, QueryRecord, TerminatedTransaction, TransactionRecord } from "./admin.js";
import { asyncDispose } from "./dispose.js";
import { engineFor } from "./engine/engine.js";
import type { DescribedTransaction } from "./engine/messages.js";
import { authMessage, transactionOptionsMessage, type Auth, type CallOptions, type ClientOptions, type Parameters, type TransactionOptions } from "./options.js";
import { Owner, type DescribedConnection } from "./owner.js";
import { packParameters } from "./packstream.js";
import type { ConnectionPool } from "./pool.js";
import { ConnectionProfile, profileMessage } from "./profile.js";
import { type Result, runResult } from "./result.js";
import { type TransactionRef, transactionMessage } from "./transaction.js";

/** What a connection has done. */
export interface ConnectionStatistics {
  queries: number;
  bytesIn: number;
  bytesOut: number;
}

/** A server's answer on how to reach a graph in a cluster. */
export interface Route {
  /** The name it was resolved to, or empty where the server does not tell. */
  database: string;
  routers: string[];
  readers: string[];
  writers: string[];
  /** Seconds. */
  ttl: number;
}

/**
 * One connection to one server, over Bolt or over HTTP. Calls may overlap; they are carried out one after the other.
 *
 * Calls reject with RangeError for arguments that cannot be right, Failure for what the server refuses, TypeError for what it cannot
 * do, ConnectionBroken and ProtocolError when the connection is lost, and with the signal's reason when they are given up.
 */
export class Connection {
  readonly userAgent: string;
  /** The Bolt version in use, such as "5.8"; empty over HTTP. */
  readonly protocolVersion: string;
  readonly #owner: Owner;
  readonly #handle: number;
  readonly #opened: number;
  readonly #profile: ConnectionProfile;
  readonly #multi: boolean;
  /** The pool that lent the connection: it must not be taken for abandoned meanwhile. @internal */
  readonly lender: ConnectionPool | undefined;
  #broken = false;
  #closed = false;

  /** Opens a connection. It rejects with ConnectionUnavailable where that cannot be done, and with what the server says of the credentials. */
  static async open(profile: ConnectionProfile | string, options: ClientOptions & CallOptions = {}): Promise<Connection> {
    const target = new ConnectionProfile(profile);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner(engine, target, options, true);
    try {
      const args = { profile: profileMessage(target), ...owner.openArguments() };
      return owner.connection(await engine.call<DescribedConnection>("connection.open", args, options));
    } catch (thrown) {
      owner.close();
      throw thrown;
    }
  }

  /** @internal */
  constructor(owner: Owner, described: DescribedConnection, lender?: ConnectionPool) {
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

  /** Whether it was closed; it cannot be used any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The server's version, such as "5.26.30". */
  neo4jVersion(options?: CallOptions): Promise<string> {
    return this.#call("neo4jVersion", {}, options);
  }

  /** The server's edition, such as "community". */
  neo4jEdition(options?: CallOptions): Promise<string> {
    return this.#call("neo4jEdition", {}, options);
  }

  statistics(): Promise<ConnectionStatistics> {
    return this.#call("statistics", {});
  }

  /** Begins a transaction. An empty name means the user's home database. */
  async begin(graphName = "", options: TransactionOptions = {}): Promise<TransactionRef> {
    const args = { graphName, readonly: options.readonly, options: transactionOptionsMessage(options) };
    return this.#owner.transactions.known(await this.#call<DescribedTransaction>("begin", args, options));
  }

  /** Ends a transaction, keeping its effects. Gives a bookmark, or "" where the server gives none. */
  commit(transaction: TransactionRef, options?: CallOptions): Promise<string> {
    return this.#call("commit", { transaction: transactionMessage(transaction) }, options);
  }

  /** Ends a transaction, undoing its effects. Gives a bookmark, or "" where the server gives none. */
  rollback(transaction: TransactionRef, options?: CallOptions): Promise<string> {
    return this.#call("rollback", { transaction: transactionMessage(transaction) }, options);
  }

  /**
   * Runs one query in a transaction of its own, which ends with the result. It resolves once the server has accepted the query. The signal ends the
   * result, too.
   */
  async runProg(graphName: string, cypher: string, parameters: Parameters = {}, options: TransactionOptions = {}): Promise<Result> {
    const args = { graphName, cypher, parameters: this.#packed(parameters), readonly: options.readonly, options: transactionOptionsMessage(options) };
    return runResult(this, this.#owner, "connection.runProg", { connection: this.#handle, ...args }, options);
  }

  /** Runs one query in a transaction. The signal ends the result, and with it the transaction. */
  async runQuery(transaction: TransactionRef, cypher: string, parameters: Parameters = {}, options: CallOptions = {}): Promise<Result> {
    const args = { transaction: transactionMessage(transaction), cypher, parameters: this.#packed(parameters) };
    return runResult(this, this.#owner, "connection.runQuery", { connection: this.#handle, ...args }, options);
  }

  /** Waits until the server has answered the query behind a result, and rejects with its failure if it failed. */
  async sync(result: Result, options?: CallOptions): Promise<void> {
    if (result.source !== this) throw new RangeError("invalid argument result: it does not come from this connection");
    if (result.ended) return result.throwFailure();
    await this.#call("sync", { result: result.call }, options);
    if (result.ended) result.throwFailure();
  }

  /** Brings the connection back to a clean state: open results and transactions end. With force the server is asked in any case. */
  reset(options: CallOptions & { force?: boolean } = {}): Promise<void> {
    return this.#call("reset", { force: options.force }, options);
  }

  /** Hands the connection back to the pool that lent it, if there is one. It does not close it. */
  release(): Promise<void> {
    const owner = this.#owner;
    if (owner.alone) return this.#call("release", {});
    return owner.engine.callToClose("connection.release", { connection: this.#handle }, { owner }); // also when it was closed, so that its pool lets it go
  }

  /** Says goodbye and closes the connection. Closing twice does nothing. One that a pool lent is still to be released. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const owner = this.#owner;
    if (owner.alone) abandoned.unregister(this);
    try {
      await owner.engine.callToClose("connection.close", { connection: this.#handle }, { owner });
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

  /** Changes who the connection acts for (Bolt 5.1 and later, and HTTP). */
  async authenticate(auth: Auth, options?: CallOptions): Promise<void> {
    return this.#call("authenticate", { auth: authMessage(auth) }, options);
  }

  /** Asks for the servers of a cluster that can serve the graph. */
  route(graphName = "", context: Record<string, string> = {}, options?: CallOptions): Promise<Route> {
    return this.#call("route", { graphName, context }, options);
  }

  /** Whether the server can hold several databases. */
  supportsMulti(): boolean {
    return this.#multi;
  }

  /** The members of the cluster; rejects with TypeError where the server is not in one. */
  getClusterOverview(transaction?: TransactionRef, options?: CallOptions): Promise<ClusterMember[]> {
    return this.#admin("getClusterOverview", transaction, options);
  }

  /** The server's settings by name. */
  getConfig(transaction?: TransactionRef, options?: CallOptions): Promise<Record<string, ConfigSetting>> {
    return this.#admin("getConfig", transaction, options);
  }

  /** The server's open connections. */
  getConnections(transaction?: TransactionRef, options?: CallOptions): Promise<ConnectionRecord[]> {
    return this.#admin("getConnections", transaction, options);
  }

  /** The queries that run now. */
  getQueries(transaction?: TransactionRef, options?: CallOptions): Promise<QueryRecord[]> {
    return this.#admin("getQueries", transaction, options);
  }

  /** The transactions that are open now. */
  getTransactions(transaction?: TransactionRef, options?: CallOptions): Promise<TransactionRecord[]> {
    return this.#admin("getTransactions", transaction, options);
  }

  /** The server's JMX beans by name. */
  getManagementData(transaction?: TransactionRef, options?: CallOptions): Promise<Record<string, ManagementBean>> {
    return this.#admin("getManagementData", transaction, options);
  }

  /** Asks the server to end transactions by their ids, as getTransactions lists them. */
  terminateTransactions(ids: string[], options?: CallOptions): Promise<TerminatedTransaction[]> {
    return this.#call("terminateTransactions", { ids }, options);
  }

  /** Takes over a state that the engine told. @internal */
  changed({ broken, closed }: { broken: boolean; closed: boolean }): void {
    this.#broken ||= broken;
    this.#closed ||= closed;
  }

  /** @internal */
  get handle(): number {
    return this.#handle;
  }

  /** Before Bolt 4.3, times with a zone are sent in another form. */
  #packed(parameters: Parameters): Uint8Array {
    const [major = 5, minor = 0] = this.protocolVersion ? this.protocolVersion.split(".").map(Number) : [];
    return packParameters(parameters, { utc: major > 4 || (major === 4 && minor >= 3) });
  }

  #admin<T>(method: string, transaction: TransactionRef | undefined, options?: CallOptions): Promise<T> {
    return this.#call(method, { transaction: transactionMessage(transaction) }, options);
  }

  #call<T>(method: string, args: Record<string, unknown>, options: CallOptions = {}): Promise<T> {
    if (this.#closed) return Promise.reject(new RangeError("the connection was closed"));
    const owner = this.#owner;
    return owner.engine.call<T>("connection." + method, { connection: this.#handle, ...args }, { ...options, owner });
  }
}

/** Releases what was dropped without being closed. */
const abandoned = new FinalizationRegistry<{ owner: Owner; handle: number }>(({ owner, handle }) => {
  owner.collected(handle);
  if (owner.alone) owner.close();
});
