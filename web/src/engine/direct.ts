import type { Channel, ChannelListener, EngineLocation } from "./channel.js";
import { nodeProcess } from "./node.js";
import { startEngine } from "./wasm.js";
import { unpackMessage } from "./wire.js";

/** Runs the engine on the page itself. */
export async function openDirectChannel(location: EngineLocation, listener: ChannelListener): Promise<Channel> {
  let open = true;
  const fail = (reason: Error) => {
    if (!open) return;
    open = false;
    listener.failed(reason);
  };
  const engine = await startEngine(location.wasmURL, packet => {
    if (open) listener.message(unpackMessage(packet));
  });
  void engine.ended.then(fail);
  let held: ReturnType<typeof setInterval> | undefined;
  return {
    post(message) {
      try {
        engine.receive(message);
      } catch (thrown) {
        fail(new Error("webbolt's engine stopped: " + String(thrown), { cause: thrown }));
      }
    },
    keepAlive(on) {
      if (!nodeProcess()) return;
      if (on) held ??= setInterval(() => {}, 2 ** 30);
      else {
        clearInterval(held);
        held = undefined;
      }
    },
    close() {
      open = false; // a Go program cannot be stopped from outside; it is idle without calls
    },
  };
}
