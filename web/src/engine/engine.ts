import { ConnectionBroken, ConnectionUnavailable, describe, rebuild } from "../errors.js";
import type { Channel, ChannelListener } from "./channel.js";
import { openDirectChannel } from "./direct.js";
import { locate } from "./location.js";
import type { Answer, Ask, OwnerEvent, ResultEvent, ToPage } from "./messages.js";
import { canHaveWorkers, openWorkerChannel } from "./worker-channel.js";

/** How to run the engine. Pages that say nothing share one engine in one worker. */
export interface EngineOptions {
  /** false runs the engine on the page itself instead of in a worker; so it runs by default where there are no workers, as in a service worker. */
  worker?: boolean;
  /** Where webbolt.wasm is, perhaps relative to the page; by default beside this script. */
  wasmURL?: string | URL;
  /** Where worker.js is, perhaps relative to the page; by default beside this script. */
  workerURL?: string | URL;
}

/** What hears of one result. */
export interface ResultListener {
  resultEvent(event: ResultEvent): void;
  /** The engine is gone, or the call that was to give the result failed. */
  failed(reason: Error): void;
}

/** What hears of the connections that it opened. */
export interface OwnerListener {
  ownerEvent(event: OwnerEvent): void;
  /** An answer told the state of one of its connections, transactions or pools. */
  stateChanged(answer: Pick<Answer, "state" | "transaction">): void;
  failed(reason: Error): void;
}

/** Called by the engine; what it gives or throws goes back there. */
export type Callback = (value: Record<string, unknown>) => unknown;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** What hears of the call's result. */
  result?: ResultListener;
  /** What hears of states in the answer. */
  owner?: OwnerListener;
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  owner: OwnerListener | undefined;
  signal: AbortSignal | undefined;
  /** What a callback threw during the call. */
  thrown?: unknown;
}

/** One running engine: it carries out calls, and tells listeners what happens. */
export class Engine implements ChannelListener {
  #channel!: Channel;
  #gone: Error | undefined;
  #lastID = 0;
  #calls = new Map<number, PendingCall>();
  #results = new Map<number, ResultListener>();
  #owners = new Map<number, OwnerListener>();
  #callbacks = new Map<number, Callback>();
  /** What to do about an aborted signal, taken off again, by call. */
  #unwatch = new Map<number, () => void>();
  readonly #onGone: () => void;

  private constructor(onGone: () => void) {
    this.#onGone = onGone;
  }

  static async start(options: EngineOptions, onGone: () => void): Promise<Engine> {
    const engine = new Engine(onGone);
    try {
      engine.#channel = await (runsHere(options) ? openDirectChannel : openWorkerChannel)(locate(options), engine);
    } catch (thrown) {
      const message = `webbolt could not start: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
      throw new ConnectionUnavailable(message, { reason: "engine", cause: thrown });
    }
    engine.#settle();
    return engine;
  }

  /** Calls a method. The call's id names the result, if it gives one. */
  call<T>(method: string, args: Record<string, unknown>, options: CallOptions = {}): Promise<T> {
    const { signal, result, owner } = options;
    if (this.#gone) return Promise.reject(this.#gone);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#lastID;
    return new Promise<T>((resolve, reject) => {
      this.#calls.set(id, { resolve: resolve as (value: unknown) => void, reject, owner, signal });
      if (result) this.#results.set(id, result);
      if (signal) this.#watch(signal, id);
      this.#channel.keepAlive(true);
      try {
        this.#channel.post({ id, method, args });
      } catch (thrown) { // what cannot be packed
        this.#calls.delete(id);
        this.#results.delete(id);
        this.#done(id);
        reject(thrown);
      }
    });
  }

  /** Calls a method that closes something. What ran in an engine that is gone is closed already. */
  async callToClose(method: string, args: Record<string, unknown>, options: CallOptions = {}): Promise<void> {
    try {
      await this.call(method, args, options);
    } catch (thrown) {
      if (!this.#gone) throw thrown;
    }
  }

  /** Calls a method that gives no answer. */
  notify(method: string, args: Record<string, unknown>): void {
    if (!this.#gone) this.#channel.post({ method, args });
  }

  /** The id that the next call will get. */
  get nextID(): number {
    return this.#lastID + 1;
  }

  /** Gives the listener's number, which is a new one unless it had one before. */
  addOwner(listener: OwnerListener, owner = ++this.#lastID): number {
    if (!this.#gone) this.#owners.set(owner, listener);
    return owner;
  }

  removeOwner(owner: number): void {
    this.#owners.delete(owner);
    this.#settle();
  }

  addCallback(callback: Callback): number {
    const id = ++this.#lastID;
    this.#callbacks.set(id, callback);
    return id;
  }

  removeCallback(id: number): void {
    this.#callbacks.delete(id);
  }

  /** Ends the engine and everything that runs in it. */
  close(): void {
    this.failed(new Error("webbolt's engine was shut down"));
    this.#channel.close();
  }

  message(message: ToPage): void {
    if ("id" in message) this.#answered(message);
    else if ("ask" in message) void this.#asked(message);
    else if ("result" in message) this.#resultEvent(message);
    else if ("owner" in message) this.#owners.get(message.owner)?.ownerEvent(message);
  }

  failed(reason: Error): void {
    if (this.#gone) return;
    this.#gone = new ConnectionBroken(reason.message, { cause: reason });
    const results = [...this.#results.values()];
    const owners = [...this.#owners.values()];
    const calls = [...this.#calls.values()];
    this.#results.clear();
    this.#owners.clear();
    this.#calls.clear();
    for (const unwatch of this.#unwatch.values()) unwatch();
    this.#unwatch.clear();
    this.#callbacks.clear();
    this.#onGone();
    for (const owner of owners) owner.failed(this.#gone);
    for (const result of results) result.failed(this.#gone);
    for (const call of calls) call.reject(this.#gone);
  }

  #answered(answer: Answer): void {
    const call = this.#calls.get(answer.id);
    if (!call) return;
    this.#calls.delete(answer.id);
    if (answer.state || answer.transaction) call.owner?.stateChanged(answer);
    if (answer.ok) {
      call.resolve(answer.value);
    } else {
      const reason = this.#reason(answer, call);
      this.#results.get(answer.id)?.failed(reason as Error);
      this.#results.delete(answer.id);
      call.reject(reason);
    }
    this.#done(answer.id);
  }

  /** Called when a call, or its result, has ended. */
  #done(id: number): void {
    if (!this.#calls.has(id) && !this.#results.has(id)) {
      this.#unwatch.get(id)?.();
      this.#unwatch.delete(id);
    }
    this.#settle();
  }

  #reason({ error }: Answer, call: PendingCall): unknown {
    if (error!.class === "Callback" && "thrown" in call) return call.thrown;
    const { signal } = call;
    if (!signal?.aborted) return rebuild(error!);
    if (error!.class === "AbortError") return signal.reason;
    const rebuilt = rebuild(error!);
    if (rebuilt instanceof ConnectionUnavailable && rebuilt.reason === "cancelled") {
      return new ConnectionUnavailable(rebuilt.message, { ...rebuilt, cause: signal.reason });
    }
    return rebuilt;
  }

  #resultEvent(event: ResultEvent): void {
    const listener = this.#results.get(event.result);
    if ("end" in event && event.end) this.#results.delete(event.result);
    listener?.resultEvent(event);
    this.#done(event.result);
  }

  async #asked({ ask, callback, value }: Ask): Promise<void> {
    const call = this.#calls.get(value["call"] as number);
    try {
      const called = this.#callbacks.get(callback);
      if (!called) throw new Error("the callback is gone");
      this.#channel.post({ answer: ask, ok: true, value: await called(value) });
    } catch (thrown) {
      if (call) call.thrown = thrown;
      if (!this.#gone) this.#channel.post({ answer: ask, ok: false, error: describe(thrown) });
    }
  }

  /** Cancels a call, and the result that it gave, when the signal is aborted. */
  #watch(signal: AbortSignal, id: number): void {
    const abort = () => this.#channel.post({ cancel: id });
    signal.addEventListener("abort", abort, { once: true });
    this.#unwatch.set(id, () => signal.removeEventListener("abort", abort));
  }

  /** In Node.js an engine that does nothing does not keep the process running. */
  #settle(): void {
    if (!this.#gone) this.#channel.keepAlive(this.#calls.size + this.#results.size + this.#owners.size > 0);
  }
}

/** Whether the engine is to run in this thread: when that is asked for, and where there are no workers, as in a service worker. */
function runsHere({ worker }: EngineOptions): boolean {
  return worker === false || (worker === undefined && !canHaveWorkers());
}

const engines = new Map<string, Promise<Engine>>();

/** The engine for these options: one that runs already, or a new one. The signal ends the wait, not the start: others may want the engine. */
export function engineFor(options: EngineOptions & { signal?: AbortSignal | undefined }): Promise<Engine> {
  const key = JSON.stringify([options.worker !== false, String(options.wasmURL ?? ""), String(options.workerURL ?? "")]);
  let engine = engines.get(key);
  if (!engine) {
    const started = Engine.start(options, forget);
    started.catch(forget);
    engines.set(key, started);
    engine = started;
    function forget(): void {
      if (engines.get(key) === started) engines.delete(key); // after a shutdown there may be another already
    }
  }
  return unlessAborted(engine, options.signal);
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Ends every engine of this page, with the connections that are open in it. Later calls start new ones. */
export async function shutdown(): Promise<void> {
  const running = [...engines.values()];
  engines.clear();
  for (const engine of await Promise.allSettled(running)) {
    if (engine.status === "fulfilled") engine.value.close();
  }
}
