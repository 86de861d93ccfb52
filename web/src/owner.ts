import type { Engine, OwnerListener } from "./engine/engine.js";
import type {
  DescribedConnection,
  DescribedPool,
  DescribedProfile,
  OpenOptions,
  OwnerEvent,
  State,
} from "./engine/protocol.js";
import { rebuild } from "./errors.js";
import { Held } from "./held.js";
import { authMessage, connectMessage, type ConnectOptions } from "./options.js";
import { ConnectionProfile } from "./profile.js";
import type { ValueOptions } from "./rowblock.js";
import { OpenTransactions, type TransactionRef } from "./transaction.js";

/** Receives the state of its connection or pool. */
export interface Listening<S> {
  changed(state: S): void;
}

/** Callbacks for events of connections. C is the class of connections. */
export interface ConnectionEvents<C> {
  /** Called when a transaction is bound to a connection. */
  onBind?: (transaction: TransactionRef, connection: C | undefined) => void;
  /** Called when a transaction was committed, rolled back or broken. */
  onUnbind?: (transaction: TransactionRef) => void;
  /** Called when a connection is released. */
  onRelease?: (connection: C | undefined) => void;
  /** Called once when a connection breaks, with the reason. */
  onBroken?: (profile: ConnectionProfile, message: string) => void;
}

interface Fitness {
  broken: boolean;
  closed: boolean;
}

interface Fill {
  size: number;
  inUse: number;
  maxSize: number;
}

/** The options for values; absent ones stay absent. */
function valueOptions({ integers, temporal, floats }: ValueOptions): ValueOptions {
  return { ...(integers && { integers }), ...(temporal && { temporal }), ...(floats && { floats }) };
}

/** Opens connections, alone or in a pool. It receives their events and calls the user's callbacks. */
export class Owner<C extends Listening<Fitness> = Listening<Fitness>> implements OwnerListener {
  readonly engine: Engine;
  readonly id: number;
  readonly profile: ConnectionProfile;
  readonly modes: ValueOptions;
  /** Whether it opens one connection only and ends with it. */
  readonly alone: boolean;
  readonly transactions = new OpenTransactions();
  readonly #options: ConnectOptions & ConnectionEvents<C>;
  readonly #callbacks: number[] = [];
  readonly #pools = new Held<Listening<Fill>>();
  readonly #connections = new Held<C>();

  constructor(
    engine: Engine,
    profile: ConnectionProfile,
    options: ConnectOptions & ConnectionEvents<C>,
    alone: boolean,
  ) {
    this.engine = engine;
    this.profile = profile;
    this.#options = options;
    this.alone = alone;
    this.modes = valueOptions(options);
    this.id = engine.addOwner(this);
  }

  /** The options in every call that opens something. */
  openOptions(): OpenOptions {
    const { auth } = this.#options;
    const settings = { ...connectMessage(this.#options), owner: this.id };
    if (typeof auth === "function") {
      const authCallback = this.keep(
        this.engine.addCallback("auth", async ({ refused }) => {
          const failure = refused && (rebuild(refused, () => undefined) as Parameters<typeof auth>[0]);
          return authMessage(await auth(failure));
        }),
      );
      return { ...settings, authCallback };
    }
    return auth ? { ...settings, auth: authMessage(auth) } : settings;
  }

  /** Removes a callback with the owner. */
  keep(callback: number): number {
    this.#callbacks.push(callback);
    return callback;
  }

  /** The object for a connection of the engine: the same one until it is garbage collected. */
  connection(described: DescribedConnection, make: () => C): C {
    return this.#connections.given(described.connection, make);
  }

  /** Forgets a connection that was closed. */
  forget(connection: number): void {
    this.#connections.forget(connection);
  }

  /** The object for a pool of the engine. */
  pool<P extends Listening<Fill>>(described: DescribedPool, make: () => P): P {
    const pool = this.#pools.given(described.pool, make) as P;
    pool.changed(described);
    return pool;
  }

  /** A profile from the engine, which has no password: for the same user it is the owner's. */
  profileOf({ uri, user, database }: DescribedProfile): ConnectionProfile {
    const password = user === this.profile.user ? this.profile.password : "";
    return new ConnectionProfile(uri, { user, password, database });
  }

  /** Called when the garbage collector has collected the object for a connection or a pool. */
  collected(handle: number): void {
    const told = this.#connections.collected(handle) || this.#pools.collected(handle);
    if (told > 0) this.engine.notify("release", { handle, told });
  }

  /** Receives no events until it wakes, so that it does not keep a process running. */
  sleep(): void {
    this.engine.removeOwner(this.id);
  }

  wake(): void {
    this.engine.addOwner(this, this.id);
  }

  /** Receives no more events. */
  close(): void {
    this.engine.removeOwner(this.id);
    for (const id of this.#callbacks) this.engine.removeCallback(id);
  }

  ownerEvent({ bind, unbind, release, broken }: OwnerEvent): void {
    const { onBind, onUnbind, onRelease, onBroken } = this.#options;
    if (bind) tell(onBind, this.transactions.known(bind.transaction), this.#connections.object(bind.connection));
    if (unbind) tell(onUnbind, this.transactions.ended(unbind.transaction));
    if (release) tell(onRelease, this.#connections.object(release.connection));
    if (broken) {
      for (const connection of broken.connections)
        this.#connections.object(connection)?.changed({ broken: true, closed: false });
      for (const pool of broken.pools) this.#pools.object(pool.pool)?.changed(pool);
      tell(onBroken, this.profileOf(broken.profile), broken.message);
    }
  }

  stateChanged({ state, transaction }: Parameters<OwnerListener["stateChanged"]>[0]): void {
    if (transaction) this.transactions.update(transaction);
    if (state) this.#stateChanged(state);
  }

  failed(reason: Error): void {
    this.transactions.breakAll();
    for (const connection of this.#connections.objects()) connection.changed({ broken: true, closed: false });
    tell(this.#options.onBroken, this.profile, reason.message);
  }

  #stateChanged({ connection, pool }: State): void {
    if (connection) this.#connections.object(connection.connection)?.changed(connection);
    if (pool) this.#pools.object(pool.pool)?.changed(pool);
  }
}

/**
 * Calls a callback of the user. Its errors are reported like those of an event listener, and do not reach the engine.
 */
function tell<A extends unknown[]>(callback: ((...args: A) => void) | undefined, ...args: A): void {
  try {
    callback?.(...args);
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
