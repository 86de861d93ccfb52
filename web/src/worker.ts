// The script of the worker that runs the engine.
import type { HostEvent } from "./engine/messages.js";
import { answerHeartbeat } from "./engine/heartbeat.js";
import { workerThreads } from "./engine/node.js";
import { startEngine, type RunningEngine } from "./engine/wasm.js";
import type { Packet } from "./engine/wire.js";
import type { StartMessage } from "./engine/worker-channel.js";

const port = workerThreads()?.parentPort;
const scope = globalThis as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: unknown;
};
const send = (message: Packet | HostEvent) => {
  const transfer = Array.isArray(message) ? [message[1]] : [];
  if (port) port.postMessage(message, transfer);
  else scope.postMessage(message, transfer);
};

let engine: RunningEngine | undefined;

function failed(thrown: unknown): void {
  engine = undefined;
  send({ event: "failed", message: thrown instanceof Error ? thrown.message : String(thrown) });
}

async function start({ start: wasmURL, module, lock, beat }: StartMessage): Promise<void> {
  try {
    answerHeartbeat(beat);
    const locked = await hold(lock);
    engine = await startEngine(new URL(wasmURL), send, module);
    void engine.ended.then(failed);
    send({ event: "ready", locked });
  } catch (thrown) {
    failed(thrown);
  }
}

/**
 * Holds a lock as long as the worker lives, by which the page detects its end. It is false if locks are not available.
 */
async function hold(lock: string): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return false;
  return new Promise(held => {
    locks
      .request(lock, () => {
        held(true);
        return new Promise(() => {});
      })
      .catch(() => held(false));
  });
}

function receive(message: StartMessage | Uint8Array): void {
  if (!(message instanceof Uint8Array)) {
    void start(message);
    return;
  }
  try {
    engine?.receive(message);
  } catch (thrown) {
    failed(thrown);
  }
}

if (port) port.on("message", message => receive(message as StartMessage | Uint8Array));
else scope.onmessage = (event: MessageEvent<StartMessage | Uint8Array>) => receive(event.data);
