import type { Connection } from "./connection.js";
import { asyncDispose } from "./dispose.js";
import { engineFor } from "./engine/engine.js";
import type { DescribedProfile } from "./engine/messages.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { Owner, type DescribedConnection } from "./owner.js";
import { ConnectionProfile, profileMessage } from "./profile.js";
import type { ConnectionStatistics } from "./connection.js";

/** How a pool behaves. Times are in milliseconds. */
export interface PoolOptions extends ClientOptions {
  /** How many connections to open at once. */
  initSize?: number;
  /** The most connections; by default 6, as browsers limit the sockets of a page. */
  maxSize?: number;
  /** How long a connection is used before another takes its place; by default one hour, negative for ever. */
  maxAge?: number;
  /** Limits a wait for a connection, opening included; by default 60 seconds, negative for no limit. */
  acquireTimeout?: number;
  /** After how much idle time a connection is checked before it is lent; by default 30 seconds, negative never. */
  idleCheck?: number;
  /** Limits the clean-up of a connection that is released with work still open on it; by default 5 seconds. */
  resetTimeout?: number;
}

/** What a pool has done. Queries and bytes are of all its connections, closed ones included. */
export interface PoolStatistics extends ConnectionStatistics {
  /** Connections; failed could not be opened, broken are counted in closed too. */
  opened: number;
  closed: number;
  broken: number;
  failed: number;
  /** How often a connection was lent, and how often one had to be waited for. */
  acquired: number;
  waited: number;
  /** Milliseconds. */
  waitTime: number;
  size: number;
  inUse: number;
  waiting: number;
  connections: (ConnectionStatistics & { age: number; inUse: boolean; acquired: number })[];
}

/** What the engine tells of a pool. */
export interface DescribedPool {
  pool: number;
  profile: DescribedProfile;
  userAgent: string;
  maxAge: number;
  size: number;
  inUse: number;
  maxSize: number;
}

/** What the engine is told of a pool's options. */
export function poolMessage(options: PoolOptions): Record<string, unknown> {
  const { initSize, maxSize, maxAge, acquireTimeout, idleCheck, resetTimeout } = options;
  return { initSize, maxSize, maxAge, acquireTimeout, idleCheck, resetTimeout };
}

/** Lends connections to one server, as one user. */
export class ConnectionPool {
  readonly profile: ConnectionProfile;
  readonly userAgent: string;
  /** Milliseconds; negative means for ever. */
  readonly maxAge: number;
  readonly #owner: Owner;
  readonly #handle: number;
  readonly #hold: Hold;
  #size = 0;
  #inUse = 0;
  #maxSize = 0;

  /** Makes a pool and opens its first connections. */
  static async open(profile: ConnectionProfile | string, options: PoolOptions & CallOptions = {}): Promise<ConnectionPool> {
    const target = new ConnectionProfile(profile);
    options.signal?.throwIfAborted();
    const engine = await engineFor(options);
    const owner = new Owner(engine, target, options, false);
    try {
      const args = { profile: profileMessage(target), pool: poolMessage(options), ...owner.openArguments() };
      const pool = owner.pool(await engine.call<DescribedPool>("pool.open", args, options));
      pool.#hold.own = true;
      return pool;
    } catch (thrown) {
      owner.close();
      throw thrown;
    }
  }

  /** @internal */
  constructor(owner: Owner, described: DescribedPool) {
    this.#owner = owner;
    this.#handle = described.pool;
    this.profile = owner.profileOf(described.profile);
    this.userAgent = described.userAgent;
    this.maxAge = described.maxAge;
    this.#hold = { owner, handle: described.pool, own: false };
    abandoned.register(this, this.#hold);
  }

  /** The number of open connections, those being opened included. */
  get size(): number {
    return this.#size;
  }

  /** The number of connections that are lent, those being opened included. */
  get inUse(): number {
    return this.#inUse;
  }

  /** The most connections that the pool holds. */
  get maxSize(): number {
    return this.#maxSize;
  }

  /**
   * Lowering it closes nothing at once: connections over it are closed when they are released or by prune. Zero lets nobody acquire any more;
   * who waits is told so.
   */
  set maxSize(maxSize: number) {
    if (!Number.isInteger(maxSize) || maxSize < 0) throw new RangeError("invalid argument maxSize: a pool cannot hold fewer than no connections");
    if (this.#hold.own && maxSize > 0) this.#owner.wake();
    this.#maxSize = maxSize;
    void this.#call("setMaxSize", { maxSize }).catch(() => {}); // only a dead engine refuses, and it tells everybody
  }

  /**
   * Lends a connection: a free healthy one, else a new one if there is room, else the next that is released, first come first served. Give it back
   * with release.
   *
   * Rejects with ConnectionUnavailable when the maximum size is zero, when the signal or acquireTimeout ends the wait, when no connection can be opened,
   * and at once when the pool is full and wait is false.
   */
  async acquire(options: CallOptions & { forceReset?: boolean; wait?: boolean } = {}): Promise<Connection> {
    const args = { forceReset: options.forceReset, noWait: options.wait === false };
    return this.#owner.connection(await this.#call<DescribedConnection>("acquire", args, options), this);
  }

  /** Opens a connection that counts as lent by this pool, even above its maximum size. */
  async connect(options?: CallOptions): Promise<Connection> {
    return this.#owner.connection(await this.#call<DescribedConnection>("connect", {}, options), this);
  }

  /** Gives a connection back. Rejects with RangeError when it is not of this pool. */
  release(connection: Connection, { forceReset }: { forceReset?: boolean } = {}): Promise<void> {
    return this.#call("release", { connection: connection.handle, forceReset });
  }

  /** Closes all connections that are not in use. */
  prune(): Promise<void> {
    return this.#call("prune", {});
  }

  /** Sets the maximum size to zero and closes all connections, those in use included. Raising the maximum size makes the pool usable again. */
  async close(): Promise<void> {
    const owner = this.#owner;
    await owner.engine.callToClose("pool.close", { pool: this.#handle }, { owner });
    if (this.#hold.own && this.#maxSize === 0) this.#owner.rest();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  statistics(): Promise<PoolStatistics> {
    return this.#call("statistics", {});
  }

  /** Takes over what the engine told. @internal */
  changed(state: { size: number; inUse: number; maxSize: number }): void {
    this.#size = state.size;
    this.#inUse = state.inUse;
    this.#maxSize = state.maxSize;
  }

  #call<T>(method: string, args: Record<string, unknown>, options: CallOptions = {}): Promise<T> {
    const owner = this.#owner;
    return owner.engine.call<T>("pool." + method, { pool: this.#handle, ...args }, { ...options, owner });
  }
}

/** What is given up with a pool. own: the owner serves this pool only; a connector's pools share the connector's. */
interface Hold {
  owner: Owner;
  handle: number;
  own: boolean;
}

/** Closes pools that were dropped without being closed. */
const abandoned = new FinalizationRegistry<Hold>(({ owner, handle, own }) => {
  owner.collected(handle);
  if (own) owner.close();
});
