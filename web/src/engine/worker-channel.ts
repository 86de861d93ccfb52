import type { Channel, ChannelListener, EngineLocation } from "./channel.js";
import type { HostEvent } from "./messages.js";
import { workerThreads } from "./node.js";
import { packMessage, unpackMessage, type Packet } from "./wire.js";

/** Runs the engine in a worker of its own. */
export async function openWorkerChannel(location: EngineLocation, listener: ChannelListener): Promise<Channel> {
  const url = new URL(location.workerURL, import.meta.url);
  const worker = workerThreads() ? nodeWorker(url) : webWorker(url);
  return new Promise((resolve, reject) => {
    let state: "starting" | "ready" | "gone" = "starting";
    const gone = (reason: Error) => {
      const before = state;
      state = "gone";
      if (before === "starting") reject(reason);
      if (before === "ready") listener.failed(reason);
      if (before !== "gone") worker.terminate();
    };
    worker.listen((message) => {
      if (typeof message === "string" || Array.isArray(message)) {
        if (state === "ready") listener.message(unpackMessage(message));
      } else if (message.event === "ready") {
        state = "ready";
        watch(lock, () => gone(new Error("webbolt's worker was ended")));
        resolve({
          post: (toEngine) => {
            const packed = packMessage(toEngine);
            worker.post(packed, [packed.buffer]);
          },
          keepAlive: (on) => worker.keepAlive(on),
          close: () => {
            state = "gone";
            worker.terminate();
          },
        });
      } else {
        gone(new Error(message.message));
      }
    }, gone);
    const lock = "webbolt-" + crypto.getRandomValues(new Uint32Array(4)).join("-"); // pages that are not secure have no randomUUID
    worker.post({ start: new URL(location.wasmURL, import.meta.url).href, lock });
  });
}

/** What a browser's and Node's workers have in common. */
interface SomeWorker {
  listen(message: (message: Packet | HostEvent) => void, gone: (reason: Error) => void): void;
  post(message: Uint8Array | { start: string; lock: string }, transfer?: Transferable[]): void;
  keepAlive(on: boolean): void;
  terminate(): void;
}

function webWorker(url: URL): SomeWorker {
  const worker = newWorker(url);
  return {
    listen(message, gone) {
      worker.onmessage = (event) => message(event.data as Packet | HostEvent);
      worker.onmessageerror = () => gone(new Error("a message of webbolt's worker could not be read"));
      worker.onerror = (event) => {
        event.preventDefault();
        gone(new Error(`webbolt's worker ${url.href} failed: ${event.message || "it could not be loaded"}`));
      };
    },
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    keepAlive() {},
    terminate: () => worker.terminate(),
  };
}

/** A worker's script must be of the page's own origin; one from elsewhere, a CDN for instance, is imported by a script that is. */
function newWorker(url: URL): Worker {
  const page = globalThis.location;
  if (!page || url.origin === page.origin || url.protocol === "blob:" || url.protocol === "data:") {
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
      worker.on("error", (thrown: Error) => gone(new Error("webbolt's worker failed: " + thrown.message, { cause: thrown })));
      worker.on("exit", () => gone(new Error("webbolt's worker was ended")));
    },
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    keepAlive: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

/**
 * Calls gone when the worker ends without a word, as one does that runs out of memory: the lock that it holds while it lives
 * is then free. Without locks (on a page that is not secure) such an end goes unseen.
 */
function watch(lock: string, gone: () => void): void {
  const locks = globalThis.navigator?.locks;
  if (!locks) return;
  void locks.request(lock, () => gone()).catch(() => {});
}
