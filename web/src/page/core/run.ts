import { signal, type Signal } from "@preact/signals";
import { Failure, GraphBuilder, type Graph, type Result, type Summary } from "../../index.js";
import { KeptRows } from "./rows.js";
import type { Statement } from "./statements.js";

/** waiting: another goes before it. full: it waits, as enough is kept. */
export type RunState = "waiting" | "running" | "full" | "done" | "stopped" | "failed" | "skipped";

/** How much of a result is kept before the page asks whether to go on, in bytes. */
const keptBytes = 256 << 20;
/** How many nodes are drawn unless the user asks for more. */
export const firstNodes = 5000;

/** How long to work before the page has a turn, in milliseconds. */
const slice = 8;

/** Gives the result of a query. */
export type Runner = (cypher: string, abort: AbortSignal) => Promise<Result>;

/** One statement, what came of it so far, and how it went. */
export class StatementRun {
  readonly statement: Statement;
  readonly state = signal<RunState>("waiting");
  /** Counts up, at most once a frame, when there are more rows. */
  readonly version = signal(0);
  readonly fields: Signal<string[]> = signal([]);
  readonly summary = signal<Summary | undefined>(undefined);
  readonly failure = signal<unknown>(undefined);
  readonly rows = new KeptRows();
  builder = new GraphBuilder({ nodeLimit: firstNodes });
  nodeLimit = firstNodes;
  /** The graph is made anew out of the rows, and not yet of all. */
  filling = false;
  /** Milliseconds since the statement began. */
  firstRow: number | undefined;
  total: number | undefined;
  boltVersion = "";
  #began = 0;
  #more: (() => void) | undefined;
  #mostBytes = keptBytes;
  #told = false;

  constructor(statement: Statement) {
    this.statement = statement;
  }

  get graph(): Graph {
    return this.builder.graph;
  }

  get ended(): boolean {
    return !["waiting", "running", "full"].includes(this.state.peek());
  }

  /** Runs to the end. It does not reject: failure tells. */
  async run(runner: Runner, abort: AbortSignal): Promise<void> {
    this.state.value = "running";
    this.#began = performance.now();
    try {
      const result = await runner(this.statement.text, abort);
      this.boltVersion = result.protocolVersion;
      this.fields.value = await result.fields({ signal: abort });
      for await (const { block, from } of result.blocks({ signal: abort })) {
        abort.throwIfAborted();
        this.firstRow ??= performance.now() - this.#began;
        this.rows.add(block, from);
        this.builder.add(block, from);
        this.#tell();
        if (this.rows.bytes >= this.#mostBytes) await this.#full(abort);
      }
      this.#end("done", result.summary());
    } catch (thrown) {
      if (abort.aborted) return this.#end("stopped");
      this.failure.value = thrown;
      this.#end("failed");
    }
  }

  /** Goes on where enough was kept. */
  more(): void {
    this.#mostBytes = this.rows.bytes + keptBytes;
    this.#more?.();
  }

  /** Draws up to so many nodes of the rows that are here. The page has turns meanwhile. */
  async drawMore(nodeLimit: number): Promise<void> {
    this.nodeLimit = nodeLimit;
    const builder = new GraphBuilder({ nodeLimit });
    this.builder = builder;
    this.filling = true;
    let until = performance.now() + slice;
    for (const [i, block] of this.rows.blocks.entries()) {
      builder.add(block, i === 0 ? this.rows.skipped : 0);
      if (performance.now() < until) continue;
      this.version.value++;
      await new Promise(resolve => setTimeout(resolve, 0));
      if (this.builder !== builder) return;
      until = performance.now() + slice;
    }
    this.filling = false;
    this.version.value++;
  }

  /** An earlier statement failed. */
  skip(): void {
    this.state.value = "skipped";
  }

  async #full(abort: AbortSignal): Promise<void> {
    this.state.value = "full";
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(abort.reason);
      abort.addEventListener("abort", stop, { once: true });
      this.#more = () => {
        abort.removeEventListener("abort", stop);
        resolve();
      };
    });
    this.state.value = "running";
  }

  #end(state: RunState, summary?: Summary): void {
    this.total = performance.now() - this.#began;
    this.summary.value = summary;
    this.state.value = state;
    this.version.value++;
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    requestAnimationFrame(() => {
      this.#told = false;
      this.version.value++;
    });
  }
}

/** Statements that run one after the other, until one fails or they are stopped. */
export class Execution {
  readonly runs: StatementRun[];
  /** The statement whose result is looked at. */
  readonly shown: Signal<StatementRun>;
  readonly busy = signal(true);
  readonly #abort = new AbortController();

  constructor(statements: Statement[]) {
    this.runs = statements.map(statement => new StatementRun(statement));
    this.shown = signal(this.runs[0]!);
  }

  /** afterFailure is told what the server or the network refused. */
  async run(runner: Runner, afterFailure: (thrown: unknown) => void): Promise<void> {
    const { signal: abort } = this.#abort;
    for (const run of this.runs) {
      if (abort.aborted || this.runs.some(({ state }) => state.peek() === "failed")) {
        run.skip();
        continue;
      }
      this.shown.value = run;
      await run.run(runner, abort);
      if (run.failure.peek() !== undefined) afterFailure(run.failure.peek());
    }
    this.busy.value = false;
  }

  /** Ends what runs, at the server, too. */
  stop(): void {
    this.#abort.abort(new DOMException("stopped by the user", "AbortError"));
  }
}

/** The place of a fault in a statement, in characters from 0, where the server tells one that lies in the text. */
export function placeOf(thrown: unknown, { text }: Statement): number | undefined {
  if (!(thrown instanceof Failure)) return undefined;
  const at = thrown.diagnostic?.["_position"] as { line?: unknown; column?: unknown } | undefined;
  const told = /\(line (\d+), column (\d+)/.exec(thrown.message.slice(0, 20_000));
  return offsetOf(text, Number(at?.line ?? told?.[1]), Number(at?.column ?? told?.[2]));
}

/**
 * A line and a column, both from 1, as characters from 0; undefined where the text has no such place: a server may
 * send any number.
 */
export function offsetOf(text: string, line: number, column: number): number | undefined {
  const lines = text.split("\n");
  const length = lines[line - 1]?.length;
  if (length === undefined || !Number.isInteger(column) || column < 1 || column > length + 1) return undefined;
  return lines.slice(0, line - 1).reduce((sum, { length: before }) => sum + before + 1, 0) + column - 1;
}
