import type { Answer, Question, SchemaMessage } from "./cypher-worker.js";

/** Asks the language worker, which is started when it is first needed: it brings a parser of a megabyte. */
export class Language {
  #worker: Worker | undefined;
  #next = 1;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  ask<K extends Question["ask"]>(
    ask: K,
    text: string,
    more: { caret?: number; manual?: boolean } = {},
  ): Promise<Extract<Answer, { ask: K }>> {
    const id = this.#next++;
    return new Promise(resolve => {
      this.#waiting.set(id, resolve as (answer: Answer) => void);
      this.#started().postMessage({ id, ask, text, ...more } satisfies Question);
    });
  }

  /** Tells the names that the database knows. */
  schema(names: SchemaMessage): void {
    this.#started().postMessage(names);
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    this.#worker = new Worker(new URL("./cypher.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    };
    return this.#worker;
  }
}
