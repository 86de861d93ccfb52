import { asyncDispose } from "./dispose.js";
import { engineFor, type ResultListener } from "./engine/engine.js";
import type { DescribedProfile, DescribedTransaction } from "./engine/messages.js";
import { transactionOptionsMessage, type CallOptions, type Parameters, type TransactionOptions } from "./options.js";
import { Owner } from "./owner.js";
import { packParameters } from "./packstream.js";
import { poolMessage, type ConnectionPool, type DescribedPool, type PoolOptions, type PoolStatistics } from "./pool.js";
import { ConnectionProfile, profileMessage } from "./profile.js";
import { type Result, runResult } from "./result.js";
import { unlimitedCredit } from "./rows.js";
import { type TransactionRef, transactionMessage } from "./transaction.js";

/** How a connector behaves. Times are in milliseconds. */
export interface ConnectorOptions extends PoolOptions {
  /** false keeps to the profile's own server even for a neo4j scheme. */
  routing?: boolean;
  /** Gives the addresses to try in place of the first router's "host:port". */
  resolver?: (address: string) => string[] | Promise<string[]>;
  /**
   * Bookmarks that the first transaction begins with. Each later one begins with the bookmarks of those that ended before it; false leaves
   * bookmarks to the caller.
   */
  bookmarks?: string[] | false;
  /** Limits how long executeRead, executeWrite and executeQuery try again; by default 30 seconds, negative tries once. */
  retryTime?: number;
}

/** How a transaction ended. */
export interface TransactionSummary {
  bookmark: string;
  /** Of the server. */
  profile: ConnectionProfile;
  /** Milliseconds from begin to end. */
  time: number;
}

/** Options of a query or a unit of work. */
export interface ExecuteOptions extends TransactionOptions {
  /** The database; by default the profile's, or else the user's home database. */
  database?: string;
}

/** A query whose result a listener hears. @internal */
export interface ListenedQuery {
  transaction?: TransactionRef | undefined;
  graphName?: string | undefined;
  cypher: string;
  parameters: Uint8Array;
  /** How many blocks may be sent ahead of what was read. */
  credit: number;
}

/** What a listener steers its result by. @internal */
export interface ListenedResult {
  /** Rejects if the query could not be run; the listener hears of it, too. */
  answer: Promise<{ protocolVersion: string }>;
  grant(blocks: number): void;
  discard(): void;
}

/** What a unit of work runs its queries in. It ends with the work: it is committed when the work resolves, else rolled back. */
export class Transaction {
  readonly ref: TransactionRef;
  readonly #connector: Connector;

  /** @internal */
  constructor(connector: Connector, ref: TransactionRef) {
    this.#connector = connector;
    this.ref = ref;
  }

  /** Runs one query. Its result is read before the work resolves, or not at all. */
  run<T = { [field: string]: any }>(cypher: string, parameters?: Parameters, options?: CallOptions): Promise<Result<T>> {
    return this.#connector.runQuery<T>(this.ref, cypher, parameters, options);
  }
}

/** A unit of work. It may be called several times, each time with a new transaction. */
export type Work<R> = (transaction: Transaction) => R | Promise<R>;

/** Runs transactions and queries on a server, or on the servers of a cluster: reads on readers and writes on writers. */
export class Connector {
  readonly profile: ConnectionProfile;
  readonly userAgent: string;
  readonly #owner: Owner;
  readonly #handle: number;
  #closed = false;

  /** Makes a connector and opens the first connections of its first pool. */
  static async open(profile: ConnectionProfile | string, options: ConnectorOptions & CallOptions = {}): Promise<Connector> {
    const target = new ConnectionProfile(profile);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner(engine, target, options, false);
    try {
      const described = await engine.call<{ connector: number; userAgent: string }>("connector.open", openArguments(owner, options), options);
      return new Connector(owner, described);
    } catch (thrown) {
      owner.close();
      throw thrown;
    }
  }

  private constructor(owner: Owner, described: { connector: number; userAgent: string }) {
    this.#owner = owner;
    this.#handle = described.connector;
    this.profile = owner.profile;
    this.userAgent = described.userAgent;
    abandoned.register(this, { owner, handle: described.connector }, this);
  }

  /** Runs one query in a transaction with retries, and reads its whole result. */
  async executeQuery<T = { [field: string]: any }>(cypher: string, parameters: Parameters = {}, options: ExecuteOptions = {}): Promise<Result<T>> {
    const args = { ...this.#executeArguments(options), cypher, parameters: packParameters(parameters) };
    return givenUp(runResult<T>(this, this.#owner, "connector.executeQuery", args, options, unlimitedCredit), options);
  }

  /** Carries out work in a read transaction, and again while it fails with an error for which that may help. */
  executeRead<R>(work: Work<R>, options: ExecuteOptions = {}): Promise<R> {
    return this.#execute(work, { ...options, readonly: true });
  }

  /** Carries out work in a write transaction, and again while it fails with an error for which that may help. */
  executeWrite<R>(work: Work<R>, options: ExecuteOptions = {}): Promise<R> {
    return this.#execute(work, { ...options, readonly: false });
  }

  /** Runs one query in a transaction of its own, and gives its result while the records still come. Read or discard every result. */
  run<T = { [field: string]: any }>(cypher: string, parameters: Parameters = {}, options: ExecuteOptions = {}): Promise<Result<T>> {
    return givenUp(this.runProg<T>(options.database ?? "", cypher, parameters, options), options);
  }

  /** Rejects unless a server that can read is there and takes the user. */
  verifyConnectivity(options?: CallOptions): Promise<void> {
    return this.#call("verifyConnectivity", {}, options);
  }

  /** Begins a transaction on a fitting server. It holds a connection until it is committed, rolled back or broken. */
  async begin(graphName = "", options: TransactionOptions = {}): Promise<TransactionRef> {
    const args = { graphName, readonly: options.readonly, options: transactionOptionsMessage(options) };
    return this.#owner.transactions.known(await this.#call<DescribedTransaction>("begin", args, options));
  }

  commit(transaction: TransactionRef, options?: CallOptions): Promise<TransactionSummary> {
    return this.#finish("commit", transaction, options);
  }

  rollback(transaction: TransactionRef, options?: CallOptions): Promise<TransactionSummary> {
    return this.#finish("rollback", transaction, options);
  }

  /** Runs one query in a transaction of its own, which ends with the result. The signal ends the result, too. */
  async runProg<T = { [field: string]: any }>(
    graphName: string, cypher: string, parameters: Parameters = {}, options: TransactionOptions = {},
  ): Promise<Result<T>> {
    const args = { graphName, cypher, parameters: packParameters(parameters), readonly: options.readonly, options: transactionOptionsMessage(options) };
    return runResult<T>(this, this.#owner, "connector.runProg", { connector: this.#handle, ...args }, options);
  }

  /** Runs one query in a transaction. The signal ends the result, and with it the transaction. */
  async runQuery<T = { [field: string]: any }>(
    transaction: TransactionRef, cypher: string, parameters: Parameters = {}, options: CallOptions = {},
  ): Promise<Result<T>> {
    const args = { connector: this.#handle, transaction: transactionMessage(transaction), cypher, parameters: packParameters(parameters) };
    return runResult<T>(this, this.#owner, "connector.runQuery", args, options);
  }

  /**
   * Runs one query, whose parameters are packed, in a transaction or in one of its own, and hands what comes of it to a listener as it comes. Gives what the listener
   * steers the result by, and the protocol's version once the server has answered.
   *
   * @internal
   */
  listen(listener: ResultListener, query: ListenedQuery, options: TransactionOptions): ListenedResult {
    const { engine } = this.#owner;
    const call = engine.nextID;
    const { transaction, graphName = "", cypher, parameters, credit } = query;
    const args = transaction
      ? { transaction: transactionMessage(transaction), cypher, parameters, credit }
      : { graphName, cypher, parameters, credit, readonly: options.readonly, options: transactionOptionsMessage(options) };
    const context = { signal: options.signal, result: listener, owner: this.#owner };
    const answer = engine.call<{ protocolVersion: string }>(transaction ? "connector.runQuery" : "connector.runProg", { connector: this.#handle, ...args }, context);
    return {
      answer,
      grant: (blocks) => engine.notify("result.credit", { result: call, blocks }),
      discard: () => engine.notify("result.discard", { result: call }),
    };
  }

  /** Adds a pool for each profile; one that is there already is left as it is. */
  addPools(...profiles: ConnectionProfile[]): Promise<void> {
    return this.#call("addPools", { profiles: profiles.map(profileMessage) });
  }

  /** The pools of the servers that can serve the graph, the least busy first. Rejects with RoutingTableInvalid where the known routing table does not do. */
  async getPools(graphName = "", { readonly, ...options }: CallOptions & { readonly?: boolean } = {}): Promise<ConnectionPool[]> {
    const pools = await this.#call<DescribedPool[]>("getPools", { graphName, readonly }, options);
    return pools.map((described) => this.#owner.pool(described));
  }

  /** The databases that the user may see, in order; none on a server that holds only one graph without a name. */
  graphNames(options?: CallOptions): Promise<string[]> {
    return this.#call("graphNames", {}, options);
  }

  /** The user's home database, or else the server's default one; empty on a server that holds only one graph without a name. */
  defaultGraphName(options?: CallOptions): Promise<string> {
    return this.#call("defaultGraphName", {}, options);
  }

  /** The number of connections in use, by profile. */
  async inUse(): Promise<Map<ConnectionProfile, number>> {
    const figures = await this.#call<{ profile: DescribedProfile; inUse: number }[]>("inUse", {});
    return new Map(figures.map(({ profile, inUse }) => [this.#owner.profileOf(profile), inUse]));
  }

  /** What each pool has done, by profile. */
  async statistics(): Promise<Map<ConnectionProfile, PoolStatistics>> {
    const figures = await this.#call<{ profile: DescribedProfile; statistics: PoolStatistics }[]>("statistics", {});
    return new Map(figures.map(({ profile, statistics }) => [this.#owner.profileOf(profile), statistics]));
  }

  /** What the next transaction begins with. */
  bookmarks(): Promise<string[]> {
    return this.#call("bookmarks", {});
  }

  /** Closes the free connections of one server's pool and takes the server out of the routing tables, until the next table names it again. */
  prune(profile: ConnectionProfile): Promise<void> {
    return this.#call("prune", { profile: profileMessage(profile) });
  }

  /** Closes all pools with all their connections, those in use included. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    abandoned.unregister(this);
    try {
      await this.#owner.engine.callToClose("connector.close", { connector: this.#handle });
    } finally {
      this.#owner.close();
    }
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  #executeArguments(options: ExecuteOptions): { [name: string]: unknown } {
    const { database: graphName = "", readonly } = options;
    return { connector: this.#handle, graphName, readonly, options: transactionOptionsMessage(options) };
  }

  async #execute<R>(work: Work<R>, options: ExecuteOptions): Promise<R> {
    const { transactions, engine } = this.#owner;
    let given!: R;
    const callback = engine.addCallback(async ({ transaction }) => {
      given = await work(new Transaction(this, transactions.known(transaction as DescribedTransaction)));
    });
    try {
      await givenUp(this.#call("execute", { ...this.#executeArguments(options), callback }, options), options);
      return given;
    } finally {
      engine.removeCallback(callback);
    }
  }

  async #finish(how: string, transaction: TransactionRef, options: CallOptions = {}): Promise<TransactionSummary> {
    const args = { transaction: transactionMessage(transaction) };
    const summary = await this.#call<{ bookmark: string; profile: DescribedProfile; time: number }>(how, args, options);
    return { ...summary, profile: this.#owner.profileOf(summary.profile) };
  }

  #call<T>(method: string, args: { [name: string]: unknown }, options: CallOptions = {}): Promise<T> {
    if (this.#closed) return Promise.reject(new RangeError("the connector was closed"));
    const owner = this.#owner;
    return owner.engine.call<T>("connector." + method, { connector: this.#handle, ...args }, { ...options, owner });
  }
}

function openArguments(owner: Owner, options: ConnectorOptions): { [name: string]: unknown } {
  const { resolver, bookmarks, retryTime, routing } = options;
  const resolverCallback = resolver
    ? owner.addCallback(async ({ address }) => ({ addresses: await resolver(address as string) }))
    : 0;
  return {
    profile: profileMessage(owner.profile), pool: poolMessage(options), ...owner.openArguments(),
    noRouting: routing === false, resolverCallback, chained: bookmarks !== false, bookmarks: bookmarks || [], retryTime,
  };
}

/** Work that its signal ended rejects with the signal's reason, also where it was still waiting for a connection. */
async function givenUp<T>(work: Promise<T>, { signal }: CallOptions): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (signal?.aborted && (thrown as { reason?: unknown }).reason === "cancelled") throw signal.reason;
    throw thrown;
  }
}

/** Closes connectors that were dropped without being closed. */
const abandoned = new FinalizationRegistry<{ owner: Owner; handle: number }>(({ owner, handle }) => {
  owner.engine.notify("release", { handle, told: 1 });
  owner.close();
});
