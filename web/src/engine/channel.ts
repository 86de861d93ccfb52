import type { ToPage } from "./messages.js";

/** Receives what comes from a channel. */
export interface ChannelListener {
  message(message: ToPage): void;
  /** The engine is gone; no more messages come. Called at most once. */
  failed(reason: Error): void;
}

/** A connection to an engine, in a worker or on the same page. */
export interface Channel {
  /** Sends a packed message; its buffer is transferred. */
  post(message: Uint8Array<ArrayBuffer>): void;
  /** In Node.js: sets whether the engine keeps the process running. */
  keepAlive(on: boolean): void;
  close(): void;
}

/** Where the parts of the engine are. */
export interface EngineLocation {
  wasmURL: URL;
  workerURL: URL;
}
