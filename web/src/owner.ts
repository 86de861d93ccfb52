import { Connection } from "./connection.js";
import type { Engine, OwnerListener } from "./engine/engine.js";
import type { Answer, ConnectionState, DescribedError, DescribedProfile, OwnerEvent, PoolState } from "./engine/messages.js";
import { rebuild, type Failure } from "./errors.js";
import { authMessage, clientOptionsMessage, type ClientOptions } from "./options.js";
import { ConnectionPool, type DescribedPool } from "./pool.js";
import { ConnectionProfile } from "./profile.js";
import type { ValueOptions } from "./rowblock.js";
import { OpenTransactions } from "./transaction.js";

/** What concerns values among the options; absent ones stay absent. */
function valueOptions({ integers, temporal, floats }: ValueOptions): ValueOptions {
  return { ...(integers && { integers }), ...(temporal && { temporal }), ...(floats && { floats }) };
}

/** What the engine tells of a connection that it opened or lent. */
export interface DescribedConnection {
  connection: number;
  profile: DescribedProfile;
  userAgent: string;
  protocolVersion: string;
  supportsMulti: boolean;
  age: number;
}

/** Who opens connections, alone or in a pool: it hears what happens to them and calls the user's callbacks. */
export class Owner implements OwnerListener {
  readonly engine: Engine;
  readonly id: number;
  readonly profile: ConnectionProfile;
  readonly modes: ValueOptions;
  /** Whether it opens one connection only and ends with it. */
  readonly alone: boolean;
  readonly transactions = new OpenTransactions();
  readonly #options: ClientOptions;
  readonly #callbacks: number[] = [];
  readonly #pools = new Held<ConnectionPool>();
  readonly #connections = new Held<Connection>();

  constructor(engine: Engine, profile: ConnectionProfile, options: ClientOptions, alone: boolean) {
    this.engine = engine;
    this.profile = profile;
    this.#options = options;
    this.alone = alone;
    this.modes = valueOptions(options);
    this.id = engine.addOwner(this);
  }

  /** What every opening call has among its arguments. */
  openArguments(): Record<string, unknown> {
    const { auth } = this.#options;
    const supplier = typeof auth === "function" ? auth : undefined;
    const callback = supplier
      ? this.addCallback(async ({ refused }) => authMessage(await supplier(refused ? (rebuild(refused as DescribedError) as Failure) : undefined)))
      : 0;
    return { owner: this.id, options: clientOptionsMessage(this.#options, callback) };
  }

  addCallback(callback: (value: Record<string, unknown>) => unknown): number {
    const id = this.engine.addCallback(callback);
    this.#callbacks.push(id);
    return id;
  }

  /** The object for a connection that the engine gives: the same one as long as somebody holds it. */
  connection(described: DescribedConnection, lender?: ConnectionPool): Connection {
    return this.#connections.given(described.connection, () => new Connection(this, described, lender));
  }

  /** Forgets a connection that was closed. */
  forget(connection: number): void {
    this.#connections.forget(connection);
  }

  /** The object for a pool that the engine gives. */
  pool(described: DescribedPool): ConnectionPool {
    const pool = this.#pools.given(described.pool, () => new ConnectionPool(this, described));
    pool.changed(described);
    return pool;
  }

  /** A profile that the engine tells of, without its password: the same user's is the owner's. */
  profileOf({ uri, user, database }: DescribedProfile): ConnectionProfile {
    const password = user === this.profile.user ? this.profile.password : "";
    return new ConnectionProfile(uri, { user, password, database });
  }

  /** Called when the garbage collector took the object for a connection or a pool. */
  collected(handle: number): void {
    const told = this.#connections.collected(handle) || this.#pools.collected(handle);
    if (told > 0) this.engine.notify("release", { handle, told });
  }

  /** Hears nothing until it wakes, so that it does not keep a process running. */
  rest(): void {
    this.engine.removeOwner(this.id);
  }

  wake(): void {
    this.engine.addOwner(this, this.id);
  }

  /** Hears nothing any more. */
  close(): void {
    this.engine.removeOwner(this.id);
    for (const id of this.#callbacks) this.engine.removeCallback(id);
  }

  ownerEvent(event: OwnerEvent): void {
    switch (event.event) {
      case "bind":
        tell(this.#options.onBind, this.transactions.known(event.transaction), this.#known(event.connection));
        break;
      case "unbind":
        tell(this.#options.onUnbind, this.transactions.ended(event.transaction));
        break;
      case "release":
        tell(this.#options.onRelease, this.#known(event.connection));
        break;
      case "broken":
        for (const connection of event.connections) this.#known(connection)?.changed({ broken: true, closed: false });
        for (const pool of event.pools) this.#pools.object(pool.pool)?.changed(pool);
        tell(this.#options.onBroken, this.profileOf(event.profile), event.message);
        break;
    }
  }

  stateChanged({ state, transaction }: Pick<Answer, "state" | "transaction">): void {
    if (transaction) this.transactions.update(transaction);
    if (!state) return;
    if (state.connection !== undefined) this.#known(state.connection)?.changed(state as ConnectionState);
    if (state.pool !== undefined) this.#pools.object(state.pool)?.changed(state as PoolState);
  }

  failed(reason: Error): void {
    this.transactions.breakAll();
    for (const connection of this.#connections.objects()) connection.changed({ broken: true, closed: false });
    tell(this.#options.onBroken, this.profile, reason.message);
  }

  #known(connection: number): Connection | undefined {
    return this.#connections.object(connection);
  }
}

/** Calls a callback of the user's. What it throws goes where an event listener's goes, and not to the engine that calls. */
function tell<A extends unknown[]>(callback: ((...args: A) => void) | undefined, ...args: A): void {
  try {
    callback?.(...args);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}

/** The objects for what the engine gave by handle. It counts how often, as the engine may give a handle again while it is told that nobody holds it. */
class Held<T extends object> {
  readonly #held = new Map<number, { object: WeakRef<T>; told: number }>();

  given(handle: number, make: () => T): T {
    const held = this.#held.get(handle);
    const known = held?.object.deref();
    const object = known ?? make();
    this.#held.set(handle, { object: known ? held!.object : new WeakRef(object), told: (held?.told ?? 0) + 1 });
    return object;
  }

  object(handle: number): T | undefined {
    return this.#held.get(handle)?.object.deref();
  }

  *objects(): Generator<T> {
    for (const { object } of this.#held.values()) {
      const held = object.deref();
      if (held) yield held;
    }
  }

  forget(handle: number): void {
    this.#held.delete(handle);
  }

  /** How often the handle was given, if nobody holds an object for it any more; else 0. */
  collected(handle: number): number {
    const held = this.#held.get(handle);
    if (!held || held.object.deref()) return 0;
    this.#held.delete(handle);
    return held.told;
  }
}
