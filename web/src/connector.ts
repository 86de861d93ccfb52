import { callMethod, type Callee, type MethodOf, runProg, runQuery, transactionArguments } from "./calls.js";
import type { Connection } from "./connection.js";
import { asyncDispose } from "./dispose.js";
import { engineFor, type ResultListener } from "./engine/engine.js";
import {
  connectorSettingsShape,
  poolSettingsShape,
  type ConnectorSettings,
  type DescribedConnector,
  type FinishedTransaction,
  type Methods,
  type OpenConnector,
  type Origin,
  type PoolSettings,
} from "./engine/protocol.js";
import { wrong, type Packed, type Shape } from "./engine/shape.js";
import {
  checkCall,
  checkOpening,
  checkTransaction,
  packed,
  pick,
  type CallOptions,
  type Parameters,
  type TransactionOptions,
} from "./options.js";
import { Owner } from "./owner.js";
import { ConnectionPool, type PoolOptions, type PoolStatistics } from "./pool.js";
import { ConnectionProfile, describeProfile } from "./profile.js";
import { keepRaw, stays } from "./raw.js";
import { type Result, runResult } from "./result.js";
import { unlimitedCredit } from "./rows.js";
import { describeTransaction, type TransactionRef } from "./transaction.js";

/** The options of a connector. Times are in milliseconds. */
export interface ConnectorOptions extends PoolOptions, ConnectorSettings {
  /** Returns the addresses to try instead of the initial router's "host:port". */
  resolver?: (address: string) => string[] | Promise<string[]>;
  /**
   * The bookmarks that the first transaction begins with. Each later transaction begins with the bookmarks of those
   * that ended before it. false leaves bookmarks to the caller.
   */
  bookmarks?: string[] | false;
}

const connectorFields: Shape = {
  ...poolSettingsShape,
  ...connectorSettingsShape,
  resolver: { kind: "function" },
  bookmarks: { kind: "bookmarks" },
};

/** How a transaction ended. */
export interface TransactionSummary extends Omit<FinishedTransaction, "profile"> {
  /** Of the server. */
  profile: ConnectionProfile;
}

/** Options of a query or a unit of work. */
export interface ExecuteOptions extends TransactionOptions {
  /** The database; by default the profile's, or else the user's home database. */
  database?: string;
}

const databaseField: Shape = { database: { kind: "text" } };

/** A query whose result goes to a listener. @internal */
export interface ListenedQuery {
  transaction?: TransactionRef | undefined;
  graphName?: string | undefined;
  cypher: string;
  parameters: Packed;
  /** How many blocks may be sent before they are read. */
  credit: number;
  /** Whether the end includes the server's own metadata. */
  metadata?: boolean;
  /** The API that TELEMETRY reports for a query outside a transaction. */
  origin?: Origin | undefined;
  /** The fetch size of a query in a transaction, instead of the transaction's. */
  fetchSize?: number | undefined;
}

/** By this a listener controls its result. @internal */
export interface ListenedResult {
  /** Rejects if the query could not be run; the listener is told, too. */
  answer: Promise<{ protocolVersion: string }>;
  grant(blocks: number): void;
  discard(): void;
}

/**
 * The transaction of a unit of work. It ends with the work: it is committed if the work resolves, else rolled back.
 */
export class Transaction {
  /** @internal */
  readonly stays: symbol = stays;
  readonly ref: TransactionRef;
  readonly #connector: Connector;

  /** @internal */
  constructor(connector: Connector, ref: TransactionRef) {
    this.#connector = connector;
    this.ref = ref;
  }

  /** Runs one query. Read its result before the work resolves; after that it cannot be read. */
  run<T = { [field: string]: any }>(
    cypher: string,
    parameters?: Parameters,
    options?: CallOptions,
  ): Promise<Result<T>> {
    return this.#connector.runQuery<T>(this.ref, cypher, parameters, options);
  }
}

/** A unit of work. It may be called several times, each time with a new transaction. */
export type Work<R> = (transaction: Transaction) => R | Promise<R>;

/**
 * Runs transactions and queries on a server, or on the servers of a cluster: reads on readers and writes on writers.
 */
export class Connector {
  /** @internal */
  readonly stays: symbol = stays;
  readonly profile: ConnectionProfile;
  readonly userAgent: string;
  readonly #owner: Owner<Connection>;
  readonly #handle: number;
  #closed = false;

  /** Makes a connector and opens the first connections of its first pool. */
  static async open(
    profile: ConnectionProfile | string,
    options: ConnectorOptions & CallOptions = {},
  ): Promise<Connector> {
    const target = new ConnectionProfile(profile);
    checkOpening(options, connectorFields);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner<Connection>(engine, target, options, false);
    try {
      return new Connector(
        owner,
        await engine.call("connector.open", openArguments(owner, options), { signal: options.signal }),
      );
    } catch (thrown) {
      owner.close();
      throw thrown;
    }
  }

  private constructor(owner: Owner<Connection>, described: DescribedConnector) {
    this.#owner = owner;
    this.#handle = described.connector;
    this.profile = owner.profile;
    this.userAgent = described.userAgent;
    abandoned.register(this, { owner, handle: described.connector }, this);
  }

  /** Runs one query in a transaction with retries, and reads its whole result, which can be read more than once. */
  async executeQuery<T = { [field: string]: any }>(
    cypher: string,
    parameters: Parameters = {},
    options: ExecuteOptions = {},
  ): Promise<Result<T>> {
    const args = { ...this.#executeArguments(options), cypher, parameters: packed("parameters", parameters) };
    return givenUp(
      runResult<T, "connector.executeQuery">(
        this,
        this.#owner,
        "connector.executeQuery",
        args,
        options,
        unlimitedCredit,
      ),
      options,
    );
  }

  /** Calls work in a read transaction, and calls it again while it fails with an error for which a retry may help. */
  executeRead<R>(work: Work<R>, options: ExecuteOptions = {}): Promise<R> {
    return this.#execute(work, { ...options, readonly: true });
  }

  /** Calls work in a write transaction, and calls it again while it fails with an error for which a retry may help. */
  executeWrite<R>(work: Work<R>, options: ExecuteOptions = {}): Promise<R> {
    return this.#execute(work, { ...options, readonly: false });
  }

  /**
   * Runs one query in a transaction of its own, and returns its result while records are still arriving. Read or
   * discard every result.
   */
  async run<T = { [field: string]: any }>(
    cypher: string,
    parameters: Parameters = {},
    options: ExecuteOptions = {},
  ): Promise<Result<T>> {
    const args = { ...this.#executeArguments(options), cypher, parameters: packed("parameters", parameters) };
    return givenUp(runResult<T, "connector.runProg">(this, this.#owner, "connector.runProg", args, options), options);
  }

  /** Checks that a server for reading can be reached and accepts the user; rejects otherwise. */
  verifyConnectivity(options?: CallOptions): Promise<void> {
    return this.#call("connector.verifyConnectivity", {}, options);
  }

  /**
   * Begins a transaction on a server for the graph and access mode. It holds a connection until it is committed, rolled
   * back or broken.
   */
  begin(graphName = "", options: TransactionOptions = {}): Promise<TransactionRef> {
    return this.beginBy(undefined, graphName, options);
  }

  /** begin with the origin that TELEMETRY reports. @internal */
  async beginBy(origin: Origin | undefined, graphName: string, options: TransactionOptions): Promise<TransactionRef> {
    checkTransaction(options);
    const args = { ...transactionArguments(graphName, options), origin };
    return this.#owner.transactions.known(await this.#call("connector.begin", args, { signal: options.signal }));
  }

  commit(transaction: TransactionRef, options?: CallOptions): Promise<TransactionSummary> {
    return this.#finish("connector.commit", transaction, options);
  }

  rollback(transaction: TransactionRef, options?: CallOptions): Promise<TransactionSummary> {
    return this.#finish("connector.rollback", transaction, options);
  }

  /** Runs one query in a transaction of its own, which ends with the result. The signal ends the result, too. */
  async runProg<T = { [field: string]: any }>(
    graphName: string,
    cypher: string,
    parameters: Parameters = {},
    options: TransactionOptions = {},
  ): Promise<Result<T>> {
    this.#checkOpen();
    return runProg(this.#callee, "connector.runProg", graphName, cypher, parameters, options);
  }

  /** Runs one query in a transaction. The signal ends the result, and with it the transaction. */
  async runQuery<T = { [field: string]: any }>(
    transaction: TransactionRef,
    cypher: string,
    parameters: Parameters = {},
    options: CallOptions = {},
  ): Promise<Result<T>> {
    this.#checkOpen();
    return runQuery(this.#callee, "connector.runQuery", transaction, cypher, parameters, options);
  }

  /**
   * Runs one query with packed parameters, in a transaction or in one of its own, and passes its result to a listener
   * as it arrives. Returns the object by which the listener controls the result, and the protocol's version after the
   * server has answered.
   *
   * @internal
   */
  listen(listener: ResultListener, query: ListenedQuery, options: TransactionOptions): ListenedResult {
    this.#checkOpen();
    const { engine } = this.#owner;
    const { transaction, graphName = "", cypher, parameters, credit, metadata, origin, fetchSize } = query;
    const context = { signal: options.signal, result: listener, owner: this.#owner, caller: this };
    const common = { on: this.#handle, cypher, parameters, credit, metadata };
    const { id, answer } = transaction
      ? engine.start(
          "connector.runQuery",
          { ...common, transaction: describeTransaction(transaction), fetchSize },
          context,
        )
      : engine.start("connector.runProg", { ...common, ...transactionArguments(graphName, options), origin }, context);
    return {
      answer,
      grant: blocks => engine.notify("result.credit", { result: id, blocks }),
      discard: () => engine.notify("result.discard", { result: id }),
    };
  }

  /**
   * Adds a pool for each profile that has none yet. A last argument that is no profile has options.
   */
  async addPools(
    ...given: ConnectionProfile[] | [...profiles: ConnectionProfile[], options: CallOptions]
  ): Promise<void> {
    const last = given.at(-1);
    const options = last instanceof ConnectionProfile ? {} : (last as CallOptions | undefined);
    const profiles = (given as unknown[]).filter(
      (profile): profile is ConnectionProfile => profile instanceof ConnectionProfile,
    );
    if (profiles.length + (last instanceof ConnectionProfile ? 0 : 1) < given.length)
      throw wrong("profiles", "they are ConnectionProfiles");
    return this.#call("connector.addPools", { profiles: profiles.map(describeProfile) }, options);
  }

  /**
   * The pools of the servers that can serve the graph, the least busy first. Rejects with RoutingTableInvalid if the
   * known routing table cannot be used.
   */
  async getPools(graphName = "", options: CallOptions & { readonly?: boolean } = {}): Promise<ConnectionPool[]> {
    checkCall(options, { readonly: { kind: "flag" } });
    const { readonly, signal } = options;
    const pools = await this.#call("connector.getPools", { graphName, readonly }, { signal });
    return pools.map(described => ConnectionPool.given(this.#owner, described));
  }

  /** The databases that the user may see, in order; empty on a server that has only one graph, without a name. */
  graphNames(options?: CallOptions): Promise<string[]> {
    return this.#call("connector.graphNames", {}, options);
  }

  /**
   * The user's home database, or else the server's default database; empty on a server that has only one graph, without
   * a name.
   */
  defaultGraphName(options?: CallOptions): Promise<string> {
    return this.#call("connector.defaultGraphName", {}, options);
  }

  /** The number of connections in use, by profile. */
  async inUse(): Promise<Map<ConnectionProfile, number>> {
    const figures = await this.#call("connector.inUse", {});
    return new Map(figures.map(({ profile, inUse }) => [this.#owner.profileOf(profile), inUse]));
  }

  /** What each pool has done, by profile. */
  async statistics(): Promise<Map<ConnectionProfile, PoolStatistics>> {
    const figures = await this.#call("connector.statistics", {});
    return new Map(figures.map(({ profile, statistics }) => [this.#owner.profileOf(profile), statistics]));
  }

  /** The bookmarks that the next transaction begins with. */
  bookmarks(): Promise<string[]> {
    return this.#call("connector.bookmarks", {});
  }

  /**
   * Closes the free connections of one server's pool and removes the server from the routing tables, until a new table
   * names it.
   */
  async prune(profile: ConnectionProfile): Promise<void> {
    return this.#call("connector.prune", { profile: describeProfile(profile) });
  }

  /** Closes all pools with all their connections, including those in use. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    abandoned.unregister(this);
    try {
      await this.#owner.engine.callToClose("connector.close", { on: this.#handle });
    } finally {
      this.#owner.close();
    }
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  #executeArguments(options: ExecuteOptions) {
    this.#checkOpen();
    checkTransaction(options, databaseField);
    return { on: this.#handle, ...transactionArguments(options.database ?? "", options) };
  }

  async #execute<R>(work: Work<R>, options: ExecuteOptions): Promise<R> {
    if (typeof work !== "function") throw wrong("work", "it takes a function");
    const args = this.#executeArguments(options);
    const { transactions, engine } = this.#owner;
    let given!: R;
    const callback = engine.addCallback("work", async ({ transaction }) => {
      given = await work(new Transaction(this, transactions.known(transaction)));
    });
    try {
      await givenUp(this.#call("connector.execute", { ...args, callback }, { signal: options.signal }), options);
      return given;
    } finally {
      engine.removeCallback(callback);
    }
  }

  async #finish(
    how: "connector.commit" | "connector.rollback",
    transaction: TransactionRef,
    options?: CallOptions,
  ): Promise<TransactionSummary> {
    const summary = await this.#call(how, { transaction: describeTransaction(transaction) }, options);
    return { ...summary, profile: this.#owner.profileOf(summary.profile) };
  }

  #checkOpen(): void {
    if (this.#closed) throw new RangeError("the connector was closed");
  }

  get #callee(): Callee {
    return { caller: this, owner: this.#owner, handle: this.#handle };
  }

  async #call<M extends MethodOf<"connector">>(
    method: M,
    args: Omit<Methods[M]["args"], "on">,
    options: CallOptions = {},
  ): Promise<Methods[M]["result"]> {
    this.#checkOpen();
    return callMethod(this.#callee, method, args, options);
  }
}

keepRaw(Connector);
keepRaw(Transaction);

function openArguments(owner: Owner<Connection>, options: ConnectorOptions): OpenConnector {
  const { resolver, bookmarks } = options;
  return {
    profile: describeProfile(owner.profile),
    options: owner.openOptions(),
    pool: pick<PoolSettings>(options, poolSettingsShape),
    connector: pick<ConnectorSettings>(options, connectorSettingsShape),
    chained: bookmarks !== false,
    bookmarks: bookmarks || [],
    ...(resolver && {
      resolverCallback: owner.keep(
        owner.engine.addCallback("resolve", async ({ address }) => ({ addresses: await resolver(address) })),
      ),
    }),
  };
}

/** Work that its signal ended rejects with the signal's reason, also if it was still waiting for a connection. */
async function givenUp<T>(work: Promise<T>, { signal }: CallOptions): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (signal?.aborted && (thrown as { reason?: unknown } | undefined)?.reason === "cancelled") throw signal.reason;
    throw thrown;
  }
}

/** Closes connectors that were garbage collected without being closed. */
const abandoned = new FinalizationRegistry<{ owner: Owner<Connection>; handle: number }>(({ owner, handle }) => {
  owner.engine.notify("release", { handle, told: 1 });
  owner.close();
});
