import {
  calledFrom,
  type CallSite,
  ConnectionBroken,
  ConnectionUnavailable,
  describe,
  here,
  rebuild,
} from "../errors.js";
import type { Channel, ChannelListener } from "./channel.js";
import { openDirectChannel } from "./direct.js";
import { locate } from "./location.js";
import type { RowsEvent, ToEngine, ToPage } from "./messages.js";
import type { Answer, Ask, Callbacks, DescribedError, Methods, OwnerEvent } from "./protocol.js";
import { packMessage } from "./wire.js";
import { canHaveWorkers, openWorkerChannel } from "./worker-channel.js";

/** How to run the engine. By default all code of a page shares one engine in one worker. */
export interface EngineOptions {
  /**
   * false runs the engine on the page itself instead of in a worker. That is the default where no worker can be
   * started, such as in a service worker.
   */
  worker?: boolean;
  /** The URL of webbolt.wasm, absolute or relative to the page; by default beside this script. */
  wasmURL?: string | URL;
  /** The URL of worker.js, absolute or relative to the page; by default beside this script. */
  workerURL?: string | URL;
}

/** Receives the events of one result. */
export interface ResultListener {
  resultEvent(event: RowsEvent, error: Error | undefined): void;
  /** The engine is gone, or the call for the result failed. */
  failed(reason: Error): void;
}

/** Receives the events of the connections that it opened. */
export interface OwnerListener {
  ownerEvent(event: OwnerEvent): void;
  /** An answer has the state of one of its connections, transactions or pools. */
  stateChanged(answer: Pick<Answer, "state" | "transaction">): void;
  failed(reason: Error): void;
}

/** Called by the engine; its result or error goes back to the engine. */
type Callback<C extends keyof Callbacks> = (
  question: Callbacks[C]["question"],
) => Promise<undefined extends Callbacks[C]["answer"] ? void : Callbacks[C]["answer"]>;

/** The context of a call. */
export interface CallContext {
  signal?: AbortSignal | undefined;
  /** Receives the call's result. */
  result?: ResultListener;
  /** Receives the states in the answer. */
  owner?: OwnerListener;
  /** The object whose method was called. This reference keeps it from being garbage collected meanwhile. */
  caller?: object;
}

/** A running call. */
export interface Started<M extends keyof Methods> {
  /** The number of the result, if the method has one. */
  readonly id: number;
  readonly answer: Promise<Methods[M]["result"]>;
}

interface Origin {
  context: CallContext;
  /** Where the call was. */
  place: CallSite;
}

interface PendingCall extends Origin {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** How many values that callbacks threw are kept until the engine refers to them. */
const maxThrown = 100;

/** One running engine: it carries out calls, and passes events to listeners. */
export class Engine implements ChannelListener {
  #channel!: Channel;
  #gone: Error | undefined;
  #lastID = 0;
  #calls = new Map<number, PendingCall>();
  #results = new Map<number, Origin>();
  #owners = new Map<number, OwnerListener>();
  #callbacks = new Map<number, { kind: keyof Callbacks; callback: Callback<any> }>();
  /** What callbacks threw, by the number of the question. */
  #thrown = new Map<number, unknown>();
  /** Functions that stop watching a signal, by call. */
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
    globalThis.addEventListener?.("pagehide", engine.#suspend);
    return engine;
  }

  /** Calls a method. Throws a RangeError for invalid arguments. */
  start<M extends keyof Methods>(method: M, args: Methods[M]["args"], context: CallContext = {}): Started<M> {
    const { signal, result } = context;
    const id = ++this.#lastID;
    if (this.#gone) return { id, answer: Promise.reject(this.#gone) };
    if (signal?.aborted) return { id, answer: Promise.reject(signal.reason) };
    const message = packMessage({ id, method, args } as ToEngine);
    const answer = new Promise<unknown>((resolve, reject) => {
      const call = { resolve, reject, context, place: here() };
      this.#calls.set(id, call);
      if (result) this.#results.set(id, call);
      if (signal) this.#watch(signal, id);
      this.#channel.keepAlive(true);
      this.#channel.post(message);
    });
    return { id, answer: answer as Promise<Methods[M]["result"]> };
  }

  /** Calls a method without a result of rows. */
  async call<M extends keyof Methods>(
    method: M,
    args: Methods[M]["args"],
    context?: CallContext,
  ): Promise<Methods[M]["result"]> {
    return this.start(method, args, context).answer;
  }

  /** Calls a method that closes something. If the engine is gone, it is closed already. */
  async callToClose<M extends keyof Methods>(
    method: M,
    args: Methods[M]["args"],
    context?: CallContext,
  ): Promise<void> {
    try {
      await this.call(method, args, context);
    } catch (thrown) {
      if (!this.#gone) throw thrown;
    }
  }

  /** Calls a method without an answer. */
  notify<M extends keyof Methods>(method: M, args: Methods[M]["args"]): void {
    this.#post({ method, args } as ToEngine);
  }

  /** Returns the listener's number: a new one, unless it had one before. */
  addOwner(listener: OwnerListener, owner = ++this.#lastID): number {
    if (!this.#gone) this.#owners.set(owner, listener);
    return owner;
  }

  removeOwner(owner: number): void {
    this.#owners.delete(owner);
    this.#settle();
  }

  addCallback<C extends keyof Callbacks>(kind: C, callback: Callback<C>): number {
    const id = ++this.#lastID;
    this.#callbacks.set(id, { kind, callback });
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
    else this.#ownerEvent(message);
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
    this.#thrown.clear();
    this.#channel.keepAlive(false);
    globalThis.removeEventListener?.("pagehide", this.#suspend);
    this.#onGone();
    for (const owner of owners) owner.failed(this.#gone);
    for (const { context } of results) context.result?.failed(this.#gone);
    for (const call of calls) call.reject(this.#gone);
  }

  #answered(answer: Answer & { rows?: RowsEvent }): void {
    const call = this.#calls.get(answer.id);
    if (!call) return;
    this.#calls.delete(answer.id);
    if (answer.state || answer.transaction) call.context.owner?.stateChanged(answer);
    if (answer.error) {
      const reason = this.#reason(answer.error, call);
      call.context.result?.failed(reason as Error);
      this.#results.delete(answer.id);
      call.reject(reason);
    } else {
      if (answer.rows) this.#resultEvent(answer.rows);
      call.resolve(answer.value);
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

  /** What to reject with: for an aborted call, the signal's reason. */
  #reason(error: DescribedError, { context: { signal }, place }: Origin): unknown {
    if (signal?.aborted && error.class === "AbortError") return signal.reason;
    const rebuilt = rebuild(error, question => this.#thrown.get(question));
    if (signal?.aborted && rebuilt instanceof ConnectionUnavailable && rebuilt.reason === "cancelled") {
      return new ConnectionUnavailable(rebuilt.message, { ...rebuilt, cause: signal.reason });
    }
    if (error.class !== "Callback") calledFrom(rebuilt, place);
    return rebuilt;
  }

  #resultEvent(event: RowsEvent): void {
    const origin = this.#results.get(event.result);
    if (!origin) return;
    const error = event.end?.error;
    if (event.end) this.#results.delete(event.result);
    origin.context.result?.resultEvent(event, error && (this.#reason(error, origin) as Error));
    if (event.end) this.#done(event.result);
  }

  /**
   * A page in the back/forward cache may come back or not, and its worker is stopped meanwhile. No transaction may hold
   * locks on the server until then. A page that is destroyed closes its sockets.
   */
  readonly #suspend = (event: Event): void => {
    if ((event as PageTransitionEvent).persisted) this.notify("suspend", {});
  };

  #ownerEvent(event: OwnerEvent): void {
    const { owner } = (event.bind ?? event.unbind ?? event.release ?? event.broken)!;
    this.#owners.get(owner)?.ownerEvent(event);
  }

  async #asked({ ask, callback, value }: Ask): Promise<void> {
    try {
      const asked = this.#callbacks.get(callback);
      if (!asked) throw new Error("the callback is gone");
      this.#post({ answer: ask, kind: asked.kind, value: await asked.callback(value) });
    } catch (thrown) {
      this.#thrown.set(ask, thrown);
      if (this.#thrown.size > maxThrown) this.#thrown.delete(this.#thrown.keys().next().value!);
      this.#post({ answer: ask, error: describe(thrown) });
    }
  }

  #post(message: ToEngine): void {
    if (!this.#gone) this.#channel.post(packMessage(message));
  }

  /** Cancels a call, and its result, when the signal is aborted. */
  #watch(signal: AbortSignal, id: number): void {
    const abort = () => this.#post({ cancel: id });
    signal.addEventListener("abort", abort, { once: true });
    this.#unwatch.set(id, () => signal.removeEventListener("abort", abort));
  }

  /** In Node.js an idle engine does not keep the process running. */
  #settle(): void {
    if (!this.#gone) this.#channel.keepAlive(this.#calls.size + this.#results.size + this.#owners.size > 0);
  }
}

/**
 * Whether the engine runs in this thread: if the options ask for it, and where no worker can be started, such as in a
 * service worker.
 */
function runsHere({ worker }: EngineOptions): boolean {
  return worker === false || (worker === undefined && !canHaveWorkers());
}

const engines = new Map<string, Promise<Engine>>();

/**
 * The engine for these options: a running one, or a new one. The signal ends the wait, not the start: other calls may
 * need the engine.
 */
export function engineFor(options: EngineOptions & { signal?: AbortSignal | undefined }): Promise<Engine> {
  const key = JSON.stringify([
    options.worker !== false,
    String(options.wasmURL ?? ""),
    String(options.workerURL ?? ""),
  ]);
  let engine = engines.get(key);
  if (!engine) {
    const started = Engine.start(options, forget);
    started.catch(forget);
    engines.set(key, started);
    engine = started;
    function forget(): void {
      if (engines.get(key) === started) engines.delete(key); // after a shutdown there may be a new one already
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
