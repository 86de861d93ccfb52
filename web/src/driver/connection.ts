import * as core from "neo4j-driver-core";
import type { Connector } from "../connector.js";
import type { Origin } from "../engine/protocol.js";
import { Failure } from "../errors.js";
import { PackedParameters, type Auth, type TransactionOptions } from "../options.js";
import { blocksAhead } from "../rows.js";
import type { TransactionRef } from "../transaction.js";
import { fetchSizeOf, filterOf } from "./config.js";
import { packCoreParameters } from "./parameters.js";
import { Stream, type StreamHooks } from "./stream.js";
import { metadataOf } from "./summary.js";
import type { CoreValues } from "./values.js";

/** What a virtual connection needs from its provider. */
export interface Home {
  readonly make: CoreValues;
  /** Returns the error for observers, after it has updated the provider's state. */
  errorOf(thrown: unknown, access: Access): Error;
  /** Notes the version that carried a result; returns it in core's form. */
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
  /** Which of core's calls it comes from; core is told when the server has been told. */
  apiTelemetryConfig?: { api: number; onTelemetrySuccess?: () => void };
}

/** By core's numbers: managed and unmanaged transactions, auto-commit queries, executeQuery. */
const originByAPI: readonly Origin[] = ["function", "", "", "query"];

/** The origin that TELEMETRY reports for a call. Core leaves it out if the server knows it already. */
function originOf({ apiTelemetryConfig: told }: RunConfig): Origin {
  return (told && originByAPI[told.api]) ?? "untold";
}

/**
 * A connection in core's eyes. It is available at once: the engine, which owns pools and routing, lends a real
 * connection only for each transaction. Calls are carried out in order, like messages on a connection.
 */
export class VirtualConnection extends core.Connection {
  readonly #home: Home;
  readonly #connector: Connector;
  readonly #access: Access;
  readonly #streams = new Set<Stream>();
  /** Resolvers of those that wait for a stream to end. */
  readonly #ended: (() => void)[] = [];
  #transaction: TransactionRef | undefined;
  /** Whether calls now belong to a transaction, which may still be beginning. */
  #begun = false;
  /** Why the transaction could not begin. */
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
      if (inside && !this.#transaction) throw this.#gone; // the query must not run in a transaction of its own instead
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
        if (thrown instanceof Failure) told(); // it came after the answer to TELEMETRY
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
    // a transaction that cannot be rolled back is broken already, or the server ends it with the connection
    if (transaction) await this.#connector.rollback(transaction).catch(() => {});
  }

  async release(): Promise<void> {
    this.#home.released(this);
  }

  /**
   * Waits until the requested records have arrived: on a connection they come before the answer to later requests.
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

  /** A call without records. */
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
