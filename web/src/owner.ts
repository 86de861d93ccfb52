import { Connection } from "./connection.js";
import type { Engine, OwnerListener } from "./engine/engine.js";
import type { Answer, ConnectionState, DescribedError, DescribedProfile, OwnerEvent, PoolState } from "./engine/messages.js";
import { rebuild, type Failure } from "./errors.js";
import { authMessage, clientOptionsMessage, type ClientOptions } from "./options.js";
import type { ConnectionPool } from "./pool.js";
import { describedProfile, type ConnectionProfile } from "./profile.js";
import type { ValueOptions } from "./rowblock.js";
import { OpenTransactions } from "./transaction.js";

/** What concerns values among the options; absent ones stay absent. */
function valueOptions({ integers, temporal }: ValueOptions): ValueOptions {
  return { ...(integers && { integers }), ...(temporal && { temporal }) };
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
  readonly #pools = new Map<number, WeakRef<ConnectionPool>>();
  readonly #connections = new Map<number, WeakRef<Connection>>();

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

  /** The object for a connection that the engine tells of: the same one as long as somebody holds it. */
  connection(described: DescribedConnection): Connection {
    const known = this.#connections.get(described.connection)?.deref();
    if (known) return known;
    const made = new Connection(this, described);
    this.#connections.set(described.connection, new WeakRef(made));
    return made;
  }

  forget(connection: number): void {
    this.#connections.delete(connection);
  }

  addPool(handle: number, pool: ConnectionPool): void {
    this.#pools.set(handle, new WeakRef(pool));
  }

  pool(handle: number): ConnectionPool | undefined {
    return this.#pools.get(handle)?.deref();
  }

  forgetPool(handle: number): void {
    this.#pools.delete(handle);
  }

  /** Hears nothing any more. */
  close(): void {
    this.engine.removeOwner(this.id);
    for (const id of this.#callbacks) this.engine.removeCallback(id);
  }

  ownerEvent(event: OwnerEvent): void {
    switch (event.event) {
      case "bind":
        this.#options.onBind?.(this.transactions.known(event.transaction), this.#known(event.connection));
        break;
      case "unbind":
        this.#options.onUnbind?.(this.transactions.ended(event.transaction));
        break;
      case "release":
        this.#options.onRelease?.(this.#known(event.connection));
        break;
      case "broken":
        for (const connection of event.connections) this.#known(connection)?.changed({ broken: true, closed: false });
        for (const pool of event.pools) this.pool(pool.pool)?.changed(pool);
        this.#options.onBroken?.(describedProfile(event.profile), event.message);
        break;
    }
  }

  stateChanged({ state, transaction }: Pick<Answer, "state" | "transaction">): void {
    if (transaction) this.transactions.update(transaction);
    if (!state) return;
    if (state.connection !== undefined) this.#known(state.connection)?.changed(state as ConnectionState);
    if (state.pool !== undefined) this.pool(state.pool)?.changed(state as PoolState);
  }

  failed(reason: Error): void {
    this.transactions.breakAll();
    for (const held of this.#connections.values()) held.deref()?.changed({ broken: true, closed: false });
    this.#options.onBroken?.(this.profile, reason.message);
  }

  #known(connection: number): Connection | undefined {
    return this.#connections.get(connection)?.deref();
  }
}
