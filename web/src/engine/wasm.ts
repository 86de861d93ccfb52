import defineGo from "../../wasm_exec.js";
import { openLane } from "./lane.js";
import { compileModule } from "./module.js";
import { schema } from "./protocol.js";
import { socketHost, type SocketHost } from "./socket.js";
import type { Packet } from "./wire.js";

interface GoProgram {
  importObject: { gojs: Record<string, (sp: number) => void> };
  /** The program's memory. */
  mem: DataView;
  /** Runs the program until it has nothing to do. */
  _resume(): void;
  exit(code: number): void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** The engine's host object; Serve in package bridge (Go) documents it. */
interface Host extends SocketHost {
  attach(receive: () => void, schema: string): void;
  take(address: number, size: number): number;
  post(text: number, length: number, block: number, blockLength: number): void;
  send(text: string, block: ArrayBuffer): void;
  waker(id: number): () => void;
  openLane: typeof openLane;
}

/** The engine's exports. */
interface Exports {
  mem: WebAssembly.Memory;
  webboltWake(id: number): void;
}

/** A running engine. */
export interface RunningEngine {
  /** Passes a message to the engine. It throws if the engine is gone. */
  receive(message: Uint8Array): void;
  /** Resolves to the reason when the engine ends, which only happens by a fault. */
  ended: Promise<Error>;
}

/** Starts the engine in this thread, from the module if it is compiled already. */
export async function startEngine(
  wasmURL: URL,
  send: (packet: Packet) => void,
  compiled?: WebAssembly.Module,
): Promise<RunningEngine> {
  const scope = globalThis as unknown as { Go?: new () => GoProgram; webboltHost?: Host };
  if (typeof WebAssembly === "undefined")
    throw new Error("there is no WebAssembly here; a browser's lockdown mode switches it off");
  if (!scope.Go) defineGo();
  const program = new scope.Go!();
  ownTimer(program);
  const module = compiled ?? (await compileModule(wasmURL));
  const instance = await WebAssembly.instantiate(module, program.importObject);
  let exitCode = 0;
  program.exit = code => {
    exitCode = code;
  };
  const inbox: Uint8Array[] = [];
  let attached: { receive: () => void; schema: string } | undefined;
  scope.webboltHost = {
    ...memoryHost(program, instance.exports as unknown as Exports, inbox, send),
    attach: (receive, schema) => (attached = { receive, schema }),
  };
  let ended: Promise<Error>;
  try {
    ended = program.run(instance).then(
      () => new Error(`webbolt's engine stopped with exit code ${exitCode}; the console tells more`),
      thrown => new Error("webbolt's engine stopped: " + String(thrown), { cause: thrown }),
    );
  } finally {
    delete scope.webboltHost;
  }
  if (!attached) throw await ended;
  const { receive } = attached;
  if (attached.schema !== schema)
    throw new Error(
      `${wasmURL.href} is of another version than the script that loads it; both are to be of the same version of webbolt`,
    );
  return {
    receive: message => {
      inbox.push(message);
      receive();
    },
    ended,
  };
}

const decoder = new TextDecoder();

/** The functions of the host that work on the engine's memory, and the wakers. */
function memoryHost(
  program: GoProgram,
  exports: Exports,
  inbox: Uint8Array[],
  send: (packet: Packet) => void,
): Omit<Host, "attach"> {
  let depth = 0;
  const resume = program._resume.bind(program);
  program._resume = () => {
    depth++;
    try {
      resume();
    } finally {
      depth--;
    }
  };
  const wake = (id: number): void => {
    if (depth > 0) return queueMicrotask(() => wake(id)); // the engine has called this itself
    exports.webboltWake(id);
    program._resume();
  };
  return {
    take(address, size) {
      const message = inbox[0];
      if (!message) return 0;
      if (message.length > size) return message.length;
      new Uint8Array(exports.mem.buffer, address, message.length).set(message);
      inbox.shift();
      return inbox.length > 0 ? message.length : -message.length;
    },
    post(text, length, block, blockLength) {
      const decoded = decoder.decode(new Uint8Array(exports.mem.buffer, text, length));
      send(blockLength === 0 ? decoded : [decoded, exports.mem.buffer.slice(block, block + blockLength)]);
    },
    send: (text, block) => send([text, block]),
    waker: id => () => wake(id),
    openLane,
    ...socketHost(exports.mem),
  };
}

/**
 * Gives Go its timer; it has one at most. Go clears the timer and sets it again each time it is woken, so a cleared
 * timer keeps running here, and the next one uses it. In Node.js the timer does not keep the process running, because
 * Go may no longer need it; the channel decides that.
 */
function ownTimer(program: GoProgram): void {
  const { gojs } = program.importObject;
  let wanted: { id: number; due: number } | undefined;
  let running: { timer: ReturnType<typeof setTimeout>; due: number } | undefined;
  let lastID = 0;
  const run = (due: number): void => {
    const timer = setTimeout(fire, Math.max(0, due - performance.now()));
    (timer as { unref?(): void }).unref?.();
    running = { timer, due };
  };
  const fire = (): void => {
    running = undefined;
    if (!wanted) return;
    if (wanted.due > performance.now() + 1) run(wanted.due);
    else program._resume();
  };
  gojs["runtime.scheduleTimeoutEvent"] = sp => {
    const due = performance.now() + Number(program.mem.getBigInt64((sp >>> 0) + 8, true));
    wanted = { id: ++lastID, due };
    program.mem.setInt32((sp >>> 0) + 16, lastID, true);
    if (running && running.due <= due + 1) return;
    if (running) clearTimeout(running.timer);
    run(due);
  };
  gojs["runtime.clearTimeoutEvent"] = sp => {
    if (wanted?.id === program.mem.getInt32((sp >>> 0) + 8, true)) wanted = undefined;
  };
}
