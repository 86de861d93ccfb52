import defineGo from "../../wasm_exec.js";
import { misplaced, notCompiled } from "./advice.js";
import { openLane } from "./lane.js";
import { readFile } from "./node.js";
import { schema } from "./protocol.js";
import type { Packet } from "./wire.js";

interface GoProgram {
  importObject: { gojs: Record<string, (sp: number) => void> };
  /** Timers that are set. */
  _scheduledTimeouts: Map<number, unknown>;
  exit(code: number): void;
  run(instance: WebAssembly.Instance): Promise<void>;
}

interface Host {
  attach(receive: (message: Uint8Array) => void, schema: string): void;
  send(text: string, block?: ArrayBuffer): void;
  openLane: typeof openLane;
}

/** A running engine. */
export interface RunningEngine {
  /** Hands a message to the engine. It throws once the engine is gone. */
  receive(message: Uint8Array): void;
  /** Settles with the reason when the engine ends, which it never does by itself. */
  ended: Promise<Error>;
}

/** Starts the engine in this thread. */
export async function startEngine(wasmURL: URL, send: (packet: Packet) => void): Promise<RunningEngine> {
  const scope = globalThis as unknown as { Go?: new () => GoProgram; webboltHost?: Host };
  if (typeof WebAssembly === "undefined") throw new Error("there is no WebAssembly here; a browser's lockdown mode switches it off");
  if (!scope.Go) defineGo();
  const program = new scope.Go!();
  letProcessEnd(program);
  const instance = await instantiate(wasmURL, program.importObject);
  let exitCode = 0;
  program.exit = (code) => {
    exitCode = code;
  };
  let receive: ((message: Uint8Array) => void) | undefined;
  let version = "";
  const attach: Host["attach"] = (given, told) => {
    receive = given;
    version = told;
  };
  scope.webboltHost = { attach, send: (text, block) => send(block ? [text, block] : text), openLane };
  let ended: Promise<Error>;
  try {
    ended = program.run(instance).then(
      () => new Error(`webbolt's engine stopped with exit code ${exitCode}; the console tells more`),
      (thrown) => new Error("webbolt's engine stopped: " + String(thrown), { cause: thrown }),
    );
  } finally {
    delete scope.webboltHost;
  }
  if (!receive) throw await ended;
  if (version !== schema) throw new Error(`${wasmURL.href} is of another version than the script that loads it; both are to be of the same version of webbolt`);
  return { receive, ended };
}

/** In Node.js a timer keeps the process running, also one that Go has no use for any more. The channel says instead what does. */
function letProcessEnd(program: GoProgram): void {
  const { gojs } = program.importObject;
  const schedule = gojs["runtime.scheduleTimeoutEvent"]!;
  gojs["runtime.scheduleTimeoutEvent"] = (sp) => {
    schedule(sp);
    for (const timer of program._scheduledTimeouts.values()) (timer as { unref?(): void }).unref?.();
  };
}

/** Compiles while the bytes arrive where that is possible: it needs the right MIME type, which not every server sends. */
async function instantiate(url: URL, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  if (url.protocol === "file:") {
    const bytes = await readFile(url)?.catch((thrown: unknown) => {
      throw misplaced(url, "should be webbolt.wasm, but cannot be read", thrown);
    });
    if (bytes) return (await WebAssembly.instantiate(bytes, imports)).instance;
  }
  const response = await fetch(url).catch((thrown: unknown) => {
    throw misplaced(url, "should be webbolt.wasm, but could not be fetched", thrown);
  });
  if (!response.ok) throw misplaced(url, `should be webbolt.wasm, but the server answered ${response.status}`);
  const type = response.headers.get("content-type") ?? "";
  try {
    if (type.startsWith("application/wasm")) return (await WebAssembly.instantiateStreaming(response, imports)).instance;
    return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
  } catch (thrown) {
    throw notCompiled(url, type, thrown);
  }
}
