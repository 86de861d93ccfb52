import { callMethod, type Callee, type MethodOf } from "./calls.js";
import { Connection, type ClientOptions } from "./connection.js";
import { asyncDispose } from "./dispose.js";
import { engineFor } from "./engine/engine.js";
import {
  poolSettingsShape,
  setMaxSizeShape,
  type DescribedConnection,
  type DescribedPool,
  type Methods,
  type PoolSettings,
  type PoolStatistics,
} from "./engine/protocol.js";
import { check, wrong } from "./engine/shape.js";
import { checkCall, checkOpening, pick, type CallOptions } from "./options.js";
import { Owner } from "./owner.js";
import { ConnectionProfile, describeProfile } from "./profile.js";
import { keepRaw, stays } from "./raw.js";

export type { PoolStatistics } from "./engine/protocol.js";

/** The options of a pool. Times are in milliseconds. */
export interface PoolOptions extends ClientOptions, PoolSettings {}

/** Lends connections to one server, as one user. */
export class ConnectionPool {
  /** @internal */
  readonly stays: symbol = stays;
  readonly profile: ConnectionProfile;
  readonly userAgent: string;
  /** In milliseconds; negative means no limit. */
  readonly maxAge: number;
  readonly #owner: Owner<Connection>;
  readonly #handle: number;
  readonly #hold: Hold;
  #size = 0;
  #inUse = 0;
  #maxSize = 0;

  /** Makes a pool and opens its first connections. */
  static async open(
    profile: ConnectionProfile | string,
    options: PoolOptions & CallOptions = {},
  ): Promise<ConnectionPool> {
    const target = new ConnectionProfile(profile);
    checkOpening(options, poolSettingsShape);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner<Connection>(engine, target, options, false);
    try {
      const args = {
        profile: describeProfile(target),
        options: owner.openOptions(),
        pool: pick<PoolSettings>(options, poolSettingsShape),
      };
      const pool = ConnectionPool.given(owner, await engine.call("pool.open", args, { signal: options.signal }));
      pool.#hold.own = true;
      return pool;
    } catch (thrown) {
      owner.close();
      throw thrown;
    }
  }

  /** The object for a pool of the engine. @internal */
  static given(owner: Owner<Connection>, described: DescribedPool): ConnectionPool {
    return owner.pool(described, () => new ConnectionPool(owner, described));
  }

  private constructor(owner: Owner<Connection>, described: DescribedPool) {
    this.#owner = owner;
    this.#handle = described.pool;
    this.profile = owner.profileOf(described.profile);
    this.userAgent = described.userAgent;
    this.maxAge = described.maxAge;
    this.#hold = { owner, handle: described.pool, own: false };
    abandoned.register(this, this.#hold);
  }

  /** The number of connections that are open or being opened. */
  get size(): number {
    return this.#size;
  }

  /** The number of connections that are lent or being opened. */
  get inUse(): number {
    return this.#inUse;
  }

  /** The maximum number of connections in the pool. */
  get maxSize(): number {
    return this.#maxSize;
  }

  /**
   * A lower limit closes no connection at once: release and prune close those above it. With zero, every acquire fails,
   * including those that wait.
   */
  set maxSize(maxSize: number) {
    check("maxSize", maxSize ?? Number.NaN, setMaxSizeShape.maxSize);
    if (this.#hold.own && maxSize > 0) this.#owner.wake();
    this.#maxSize = maxSize;
    // this only fails if the engine is gone, which all calls report
    void this.#call("pool.setMaxSize", { maxSize }).catch(() => {});
  }

  /**
   * Lends a connection: a free healthy one, else a new one if there is room, else the next one that is released;
   * callers that wait are served in order. Give it back with release.
   *
   * Rejects with ConnectionUnavailable when the maximum size is zero, when the signal or acquireTimeout ends the wait,
   * when no connection can be opened, and at once when the pool is full and wait is false.
   */
  async acquire(options: CallOptions & { forceReset?: boolean; wait?: boolean } = {}): Promise<Connection> {
    checkCall(options, { forceReset: { kind: "flag" }, wait: { kind: "flag" } });
    const { signal, forceReset, wait } = options;
    return this.#lent(await this.#call("pool.acquire", { forceReset, wait }, { signal }));
  }

  /** Opens a connection that counts as lent by this pool, even above its maximum size. */
  async connect(options?: CallOptions): Promise<Connection> {
    return this.#lent(await this.#call("pool.connect", {}, options));
  }

  /** Gives a connection back. Rejects with RangeError when it is not of this pool. */
  async release(connection: Connection, { forceReset }: { forceReset?: boolean } = {}): Promise<void> {
    if (!(connection instanceof Connection)) throw wrong("connection", "it takes what acquire gives");
    return this.#call("pool.release", { connection: connection.handle, forceReset });
  }

  /** Closes all connections that are not in use. */
  prune(): Promise<void> {
    return this.#call("pool.prune", {});
  }

  /**
   * Sets the maximum size to zero and closes all connections, including those in use. To use the pool again, raise its
   * maximum size.
   */
  async close(): Promise<void> {
    const owner = this.#owner;
    await owner.engine.callToClose("pool.close", { on: this.#handle }, { owner });
    if (this.#hold.own && this.#maxSize === 0) this.#owner.sleep();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  statistics(): Promise<PoolStatistics> {
    return this.#call("pool.statistics", {});
  }

  /** Sets the state that the engine reported. @internal */
  changed(state: { size: number; inUse: number; maxSize: number }): void {
    this.#size = state.size;
    this.#inUse = state.inUse;
    this.#maxSize = state.maxSize;
  }

  #lent(described: DescribedConnection): Connection {
    return this.#owner.connection(described, () => new Connection(this.#owner, described, this));
  }

  get #callee(): Callee {
    return { caller: this, owner: this.#owner, handle: this.#handle };
  }

  async #call<M extends MethodOf<"pool">>(
    method: M,
    args: Omit<Methods[M]["args"], "on">,
    options: CallOptions = {},
  ): Promise<Methods[M]["result"]> {
    return callMethod(this.#callee, method, args, options);
  }
}

keepRaw(ConnectionPool);

/** What is released with a pool. own: the owner serves this pool only; a connector's pools share the connector's. */
interface Hold {
  owner: Owner<Connection>;
  handle: number;
  own: boolean;
}

/** Closes pools that were garbage collected without being closed. */
const abandoned = new FinalizationRegistry<Hold>(({ owner, handle, own }) => {
  owner.collected(handle);
  if (own) owner.close();
});
