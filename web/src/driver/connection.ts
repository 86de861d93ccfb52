import * as core from "neo4j-driver-core";
import type { Connector } from "../connector.js";
import { Failure } from "../errors.js";
import { PackedParameters, type Auth, type TransactionOptions } from "../options.js";
import { blocksAhead } from "../rows.js";
import type { TransactionRef } from "../transaction.js";
import { fetchSizeOf, filterOf } from "./config.js";
import { packCoreParameters } from "./parameters.js";
import { Stream, type StreamHooks } from "./stream.js";
import { metadataOf } from "./summary.js";
import type { CoreValues } from "./values.js";

/** What a virtual connection needs of the provider that gave it. */
export interface Home {
  readonly make: CoreValues;
  /** The error that observers get, and all that has to be done about it. */
  errorOf(thrown: unknown, access: Access): Error;
  /** Told of the version that carried a result; it gives the version in core's form. */
  version(told?: string): never;
  released(connection: VirtualConnection): void;
}

/** How core asks for a connection. */
export interface Access {
  accessMode?: string;
  database?: string;
  auth?: Auth;
}

/** How core asks for a query or a transaction. */
interface RunConfig {
  bookmarks?: { values(): string[] };
  txConfig?: { timeout?: core.Integer | null; metadata?: Record<string, unknown> };
  database?: string;
  impersonatedUser?: string;
  notificationFilter?: core.NotificationFilter;
  fetchSize?: number;
  beforeError?: StreamHooks["beforeError"];
  afterComplete?: StreamHooks["afterComplete"];
  onDb?: StreamHooks["onDb"];
  /** Which of core's calls it comes from; core is told once the server knows. */
  apiTelemetryConfig?: { api: number; onTelemetrySuccess?: () => void };
}

/**
 * What the engine calls core's calls: the numbers of client.Origin of its Go sources, by core's own, which are managed
 * and unmanaged transactions, auto-commit queries, executeQuery.
 */
const originByAPI: readonly number[] = [1, 0, 0, 2];
const originUntold = 3;

/** What TELEMETRY tells of a call. Core leaves it out where the server knows already. */
function originOf({ apiTelemetryConfig: told }: RunConfig): number {
  return told ? (originByAPI[told.api] ?? originUntold) : originUntold;
}

/**
 * What core takes for a connection. It is there at once: the engine, which owns pools and routing, lends a connection
 * for each transaction only. What is asked of it is done in order, as messages on a connection are.
 */
export class VirtualConnection extends core.Connection {
  readonly #home: Home;
  readonly #connector: Connector;
  readonly #access: Access;
  readonly #streams = new Set<Stream>();
  /** Whoever waits for a stream to end. */
  readonly #ended: (() => void)[] = [];
  #transaction: TransactionRef | undefined;
  /** Whether what is asked now belongs to a transaction, which may still be on its way. */
  #begun = false;
  /** Why there is no transaction, if that is not because it has ended. */
  #refused: unknown;
  #work: Promise<unknown> = Promise.resolve();
  #abort = new AbortController();
  #version: string | undefined;

  constructor(home: Home, connector: Connector, access: Access) {
    super();
    this.#home = home;
    this.#connector = connector;
    this.#access = access;
  }

  override run(cypher: string, parameters?: Record<string, unknown>, config: RunConfig = {}): never {
    const stream = this.#stream(config);
    const inside = this.#begun;
    this.#next(stream, async () => {
      if (inside && !this.#transaction) throw this.#gone; // it must not run in a transaction of its own instead
      const { signal } = this.#abort;
      const query = {
        transaction: this.#transaction,
        graphName: config.database,
        cypher,
        parameters: packCoreParameters(parameters ?? {}),
        credit: blocksAhead,
        metadata: true,
        origin: originOf(config),
        fetchSize: fetchSizeOf(config.fetchSize),
      };
      const result = this.#connector.listen(
        stream,
        query,
        this.#transaction ? { signal } : { ...this.#options(config), signal },
      );
      stream.from(result);
      this.#version = (await result.answer).protocolVersion;
    });
    return stream as never;
  }

  override beginTransaction(config: RunConfig): never {
    this.#begun = true;
    return this.#single(config, async () => {
      const options = { ...this.#options(config), signal: this.#abort.signal };
      const told = () => config.apiTelemetryConfig?.onTelemetrySuccess?.();
      try {
        this.#transaction = await this.#connector.beginBy(originOf(config), config.database ?? "", options);
        told();
      } catch (thrown) {
        if (thrown instanceof Failure) told(); // it came behind the answer to TELEMETRY
        this.#refused = thrown;
        throw thrown;
      }
      return {};
    });
  }

  override commitTransaction(config: RunConfig): never {
    this.#begun = false;
    return this.#single(config, () => this.#finish("commit"));
  }

  override rollbackTransaction(config: RunConfig): never {
    this.#begun = false;
    return this.#single(config, () => this.#finish("rollback"));
  }

  override async resetAndFlush(): Promise<void> {
    this.#abort.abort(
      core.newError(
        "The transaction has been terminated, as its session was closed",
        "Neo.ClientError.Transaction.Terminated",
      ),
    );
    this.#abort = new AbortController();
    this.#begun = false;
    await this.#work;
    const transaction = this.#transaction;
    this.#transaction = undefined;
    // it is broken already, or the server ends it with the connection
    if (transaction) await this.#connector.rollback(transaction).catch(() => {});
  }

  async release(): Promise<void> {
    this.#home.released(this);
  }

  /**
   * Waits until the records that are on their way have arrived: on a connection they come before the answer to what is
   * asked after them.
   */
  async flowed(): Promise<void> {
    while ([...this.#streams].some(stream => stream.flowing))
      await new Promise<void>(resolve => this.#ended.push(resolve));
  }

  override isOpen(): boolean {
    return true;
  }

  override getProtocolVersion(): never {
    return this.#home.version(this.#version);
  }

  override hasOngoingObservableRequests(): boolean {
    return this.#streams.size > 0;
  }

  get #gone(): unknown {
    return this.#refused ?? core.newError("the transaction has ended already");
  }

  #stream({ beforeError, afterComplete, onDb, fetchSize }: RunConfig): Stream {
    const hooks: StreamHooks = {
      beforeError,
      afterComplete,
      onDb,
      onEnd: () => {
        this.#streams.delete(stream);
        for (const tell of this.#ended.splice(0)) tell();
      },
      errorOf: thrown => this.#home.errorOf(thrown, this.#access),
      metadataOf: (end, rows) => metadataOf(end, this.#home.make, rows),
    };
    const stream = new Stream(hooks, this.#home.make, fetchSize ?? -1);
    this.#streams.add(stream);
    return stream;
  }

  /** Something that gives no records. */
  #single(config: RunConfig, work: () => Promise<Record<string, unknown>>): never {
    const stream = this.#stream(config);
    stream.prepareToHandleSingleResponse();
    this.#next(stream, async () => stream.onCompleted(await work()));
    return stream as never;
  }

  #next(stream: Stream, work: () => Promise<void>): void {
    this.#work = this.#work
      .then(work)
      .catch((thrown: unknown) => stream.onError(this.#home.errorOf(thrown, this.#access)));
  }

  async #finish(how: "commit" | "rollback"): Promise<Record<string, unknown>> {
    const transaction = this.#transaction;
    if (!transaction) throw this.#gone;
    this.#transaction = undefined;
    const { bookmark } = await this.#connector[how](transaction);
    await this.flowed();
    return { bookmark: bookmark || undefined };
  }

  #options({ bookmarks, txConfig, impersonatedUser, notificationFilter, fetchSize }: RunConfig): TransactionOptions {
    const timeout = txConfig?.timeout == null ? undefined : core.int(txConfig.timeout).toNumber();
    const metadata = txConfig?.metadata;
    return {
      readonly: this.#access.accessMode === "READ",
      bookmarks: bookmarks?.values() ?? [],
      impersonatedUser: impersonatedUser ?? undefined,
      timeout: timeout || undefined,
      noTimeout: timeout === 0,
      fetchSize: fetchSizeOf(fetchSize),
      metadata:
        metadata && Object.keys(metadata).length > 0 ? new PackedParameters(packCoreParameters(metadata)) : undefined,
      notifications: filterOf(notificationFilter),
    };
  }
}
