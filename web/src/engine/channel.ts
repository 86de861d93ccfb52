import type { ToPage } from "./messages.js";

/** What hears from a channel. */
export interface ChannelListener {
  message(message: ToPage): void;
  /** The engine is gone; nothing comes any more. Called at most once. */
  failed(reason: Error): void;
}

/** A way to an engine: in a worker, or on the same page. */
export interface Channel {
  /** Hands a packed message over; the bytes are gone then. */
  post(message: Uint8Array<ArrayBuffer>): void;
  /** In Node.js: whether the engine keeps the process running. */
  keepAlive(on: boolean): void;
  close(): void;
}

/** Where the parts of the engine are. */
export interface EngineLocation {
  wasmURL: URL;
  workerURL: URL;
}
