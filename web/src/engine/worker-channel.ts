import { misplaced, whyNoScript } from "./advice.js";
import type { Channel, ChannelListener, EngineLocation } from "./channel.js";
import { Heartbeat } from "./heartbeat.js";
import type { HostEvent } from "./messages.js";
import { compileForWorker } from "./module.js";
import { workerThreads } from "./node.js";
import { unpackMessage, type Packet } from "./wire.js";

/** Whether workers can be started here. */
export function canHaveWorkers(): boolean {
  return workerThreads() !== undefined || typeof Worker !== "undefined";
}

/** Runs the engine in a worker of its own. */
export async function openWorkerChannel(location: EngineLocation, listener: ChannelListener): Promise<Channel> {
  if (!canHaveWorkers())
    throw new Error("there are no workers here; the option worker: false runs the engine in this thread");
  const url = location.workerURL;
  const inNode = workerThreads() !== undefined;
  const compiled = inNode ? undefined : compileForWorker(location.wasmURL); // while the worker's script is loaded
  const worker = inNode ? nodeWorker(url) : webWorker(url);
  const beat = new MessageChannel();
  return new Promise((resolve, reject) => {
    let state: "starting" | "ready" | "gone" = "starting";
    const gone = (reason: Error) => {
      const before = state;
      state = "gone";
      heartbeat.stop();
      if (before === "starting") reject(reason);
      if (before === "ready") listener.failed(reason);
      if (before !== "gone") worker.terminate();
    };
    const ended = () => gone(new Error("webbolt's worker was ended"));
    const heartbeat = new Heartbeat(beat.port1, ended);
    let seen = false; // the worker's end is detected without the heartbeat
    worker.listen(message => {
      if (typeof message === "string" || Array.isArray(message)) {
        if (state === "ready") listener.message(unpackMessage(message));
      } else if (message.event === "ready") {
        state = "ready";
        seen = worker.tellsOfItsEnd || message.locked;
        if (message.locked) watch(lock, ended);
        if (seen) heartbeat.stop();
        resolve({
          post: message => worker.post(message, [message.buffer]),
          keepAlive: on => {
            worker.keepAlive(on);
            if (!seen && state === "ready") heartbeat.run(on);
          },
          close: () => {
            state = "gone";
            heartbeat.stop();
            worker.terminate();
          },
        });
      } else {
        gone(new Error(message.message));
      }
    }, gone);
    // pages that are not secure have no randomUUID
    const lock = "webbolt-" + crypto.getRandomValues(new Uint32Array(4)).join("-");
    const start = { start: location.wasmURL.href, lock, beat: beat.port2 };
    if (!compiled) worker.post(start, [beat.port2]);
    else void compiled.then(module => worker.post({ ...start, module }, [beat.port2]));
  });
}

/**
 * The first message to a worker: the URL of webbolt.wasm, the module if the page has compiled it, the lock to hold, and
 * its end of the heartbeat's channel.
 */
export interface StartMessage {
  start: string;
  module?: WebAssembly.Module | undefined;
  lock: string;
  beat: MessagePort;
}

/** The common interface of a browser's and Node's workers. */
interface SomeWorker {
  listen(message: (message: Packet | HostEvent) => void, gone: (reason: Error) => void): void;
  post(message: Uint8Array | StartMessage, transfer?: Transferable[]): void;
  /** Whether the end of the worker is always reported. */
  readonly tellsOfItsEnd: boolean;
  keepAlive(on: boolean): void;
  terminate(): void;
}

function webWorker(url: URL): SomeWorker {
  const worker = newWorker(url);
  return {
    listen(message, gone) {
      worker.onmessage = event => message(event.data as Packet | HostEvent);
      worker.onmessageerror = () => gone(new Error("a message of webbolt's worker could not be read"));
      worker.onerror = event => {
        event.preventDefault();
        if (event.message) gone(new Error(`webbolt's worker ${url.href} failed: ${event.message}`));
        else void whyNoScript(url).then(gone);
      };
    },
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    tellsOfItsEnd: false,
    keepAlive() {},
    terminate: () => worker.terminate(),
  };
}

/**
 * A worker's script must have the page's own origin; a script from elsewhere, such as a CDN, is imported by a script
 * that has it. A frame made from text has the origin of the page around it, which its location does not contain.
 */
function newWorker(url: URL): Worker {
  const { origin } = globalThis;
  if (origin === undefined || url.origin === origin || url.protocol === "blob:" || url.protocol === "data:") {
    return new Worker(url, { type: "module" });
  }
  const script = new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" });
  const local = URL.createObjectURL(script);
  const worker = new Worker(local, { type: "module" });
  worker.addEventListener("message", () => URL.revokeObjectURL(local), { once: true });
  return worker;
}

function nodeWorker(url: URL): SomeWorker {
  const worker = new (workerThreads()!.Worker)(url);
  return {
    listen(message, gone) {
      worker.on("message", message as (value: never) => void);
      worker.on("error", (thrown: Error & { code?: string }) => {
        if (thrown.code?.endsWith("MODULE_NOT_FOUND"))
          gone(misplaced(url, "should be the worker's script, but is not there", thrown));
        else gone(new Error("webbolt's worker failed: " + thrown.message, { cause: thrown }));
      });
      worker.on("exit", () => gone(new Error("webbolt's worker was ended")));
    },
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    tellsOfItsEnd: true,
    keepAlive: on => (on ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

/**
 * Calls gone when the worker ends without reporting it, for example because it runs out of memory: then the lock that
 * it holds becomes free.
 */
function watch(lock: string, gone: () => void): void {
  void globalThis.navigator.locks.request(lock, () => gone()).catch(() => {});
}
