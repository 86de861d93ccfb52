import type { Channel, ChannelListener, EngineLocation } from "./channel.js";
import { startEngine } from "./wasm.js";

/** Runs the engine on the page itself. */
export async function openDirectChannel(location: EngineLocation, listener: ChannelListener): Promise<Channel> {
  let open = true;
  const fail = (reason: Error) => {
    if (!open) return;
    open = false;
    listener.failed(reason);
  };
  const engine = await startEngine(new URL(location.wasmURL, import.meta.url), (message) => {
    if (open) listener.message(message);
  });
  void engine.ended.then(fail);
  return {
    post(message) {
      try {
        engine.receive(message);
      } catch (thrown) {
        fail(new Error("webbolt's engine stopped: " + String(thrown), { cause: thrown }));
      }
    },
    keepAlive() {},
    close() {
      open = false; // a Go program cannot be stopped from outside; without calls it is idle
    },
  };
}
