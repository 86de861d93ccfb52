import { useEffect, useRef, useState } from "preact/hooks";
import { effect } from "@preact/signals";
import { linkedQuery } from "../core/link.js";
import { schemaNames } from "../core/schema.js";
import { server } from "../core/session.js";
import { draft, execution, history, parameters, refusal, run, stop } from "../core/workspace.js";
import { Icon, IconButton } from "../ui/icon.js";
import type { CypherEditor } from "./codemirror.js";
import { Favourites, History } from "./lists.js";
import { marksOf } from "./marks.js";
import { Parameters } from "./parameters.js";

/** Steps through the history; 0 is what is being written. */
class Recall {
  #at = 0;
  #draft = "";

  step(by: 1 | -1, current: string): string {
    if (this.#at === 0) this.#draft = current;
    this.#at = Math.min(Math.max(this.#at + by, 0), history.value.length);
    return this.#at === 0 ? this.#draft : history.value[this.#at - 1]!;
  }

  reset(): void {
    this.#at = 0;
  }
}

function runDraft(text = draft.value, offset = 0): void {
  linkedQuery.value = false;
  void run(text, offset);
}

/** Where queries are written. A plain box stands in until CodeMirror is there. */
export function Editor({ children }: { children?: preact.ComponentChildren }) {
  const editor = useRef<CypherEditor>(undefined);
  const [ready, setReady] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => startEditor(host.current!, editor, () => setReady(true)), []);
  const busy = execution.value?.busy.value ?? false;
  return (
    <section class="ask" aria-label="Query">
      <div class="ask-text">
        {!ready && (
          <textarea
            class="standin"
            aria-label="Cypher query"
            spellcheck={false}
            value={draft.value}
            onInput={({ currentTarget }) => (draft.value = currentTarget.value)}
          />
        )}
        <div id="editor" ref={host} hidden={!ready} />
      </div>
      {linkedQuery.value && (
        <p class="notice" role="status">
          <Icon name="warning" />
          This query comes from the link that you opened. Read it before you run it.
        </p>
      )}
      {refusal.value && (
        <p class="notice bad" role="alert">
          <Icon name="warning" />
          {refusal.value}
        </p>
      )}
      <div class="ask-tools">
        {busy ? (
          <button id="stop" class="button danger" type="button" onClick={stop}>
            <Icon name="stop" />
            Stop
          </button>
        ) : (
          <button id="run" class="button primary" type="button" onClick={() => runDraft()}>
            <Icon name="run" />
            Run<kbd>Ctrl ↵</kbd>
          </button>
        )}
        <Parameters />
        {children}
        <span class="space" />
        <IconButton name="format" label="Format the query" id="format" onClick={() => void editor.current?.format()} />
        <Favourites />
        <History />
      </div>
    </section>
  );
}

/** Loads CodeMirror, late; gives what takes it down. */
function startEditor(
  host: HTMLDivElement,
  held: { current?: CypherEditor | undefined },
  onReady: () => void,
): () => void {
  let over = false;
  const ends: (() => void)[] = [];
  void import("./codemirror.js").then(({ CypherEditor }) => {
    if (over) return;
    const recall = new Recall();
    const focused = document.activeElement?.classList.contains("standin") || document.activeElement === document.body;
    const own = new CypherEditor(host, draft.peek(), {
      change: text => (draft.value = text),
      run: runDraft,
      step: by => {
        own.text = recall.step(by, own.text);
      },
    });
    held.current = own;
    onReady();
    requestAnimationFrame(() => focused && own.focus());
    ends.push(
      () => own.close(),
      effect(() => {
        own.text = draft.value;
      }),
      effect(() => own.mark(execution.value ? marksOf(execution.value) : [])),
      effect(() => {
        if (execution.value) recall.reset();
      }),
      effect(() =>
        own.language.schema({
          schema: {
            ...schemaNames.value,
            databases: server.value?.databases ?? [],
            parameters: parameters.value.map(({ name }) => name),
          },
        }),
      ),
    );
  });
  return () => {
    over = true;
    for (const end of ends) end();
  };
}
