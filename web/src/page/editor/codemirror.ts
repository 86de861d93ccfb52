import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, Prec, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  placeholder,
  type DecorationSet,
} from "@codemirror/view";
import type { Fault, Token } from "./cypher-worker.js";
import { Language } from "./language.js";
import { look } from "./look.js";

/** What the editor tells the page. */
export interface EditorEvents {
  change(text: string): void;
  /** A text, or the part of it that is selected, and where it begins. */
  run(text: string, offset: number): void;
  step(by: 1 | -1): void;
}

/** A mark that the server's answer puts into the text. */
export interface Mark {
  from: number;
  to: number;
  message: string;
  severity: "error" | "warning" | "info";
}

/** How long the text has to rest before it is looked at, in milliseconds. */
const rest = 60;
const faultRest = 500;

const setTokens = StateEffect.define<readonly Token[]>();

const tokenField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(held, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(setTokens)) return decorations(effect.value, transaction.state.doc.length);
    return held.map(transaction.changes);
  },
  provide: field => EditorView.decorations.from(field),
});

function decorations(tokens: readonly Token[], length: number): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = 0;
  for (const { from, to, kind } of [...tokens].sort((a, b) => a.from - b.from)) {
    if (from < last || to > length || to <= from) continue;
    builder.add(from, to, Decoration.mark({ class: `cy-${kind}` }));
    last = to;
  }
  return builder.finish();
}

/**
 * CodeMirror with Neo4j's language support. It lives in a shadow root: there it adds its styles without a style
 * element, which the page's policy forbids.
 */
export class CypherEditor {
  readonly language = new Language();
  readonly #view: EditorView;
  readonly #events: EditorEvents;
  #faults: readonly Fault[] = [];
  #marks: readonly Mark[] = [];
  #timers: ReturnType<typeof setTimeout>[] = [];
  #closed = false;

  constructor(host: HTMLElement, text: string, events: EditorEvents) {
    this.#events = events;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    this.#view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({ doc: text, extensions: this.#extensions() }),
    });
    this.#look();
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  get caret(): number {
    return this.#view.state.selection.main.head;
  }

  set text(text: string) {
    if (text !== this.text)
      this.#view.dispatch({
        changes: { from: 0, to: this.#view.state.doc.length, insert: text },
        selection: { anchor: text.length },
      });
  }

  focus(): void {
    this.#view.focus();
  }

  /** Marks what the server said of the text. The marks go with the next change. */
  mark(marks: readonly Mark[]): void {
    this.#marks = marks;
    this.#diagnose();
  }

  async format(): Promise<void> {
    const before = this.text;
    const { text } = await this.language.ask("format", before);
    if (this.text === before) this.text = text;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.language.close();
    this.#view.destroy();
  }

  #extensions() {
    const keys = [
      { key: "Mod-Enter", run: () => this.#run() },
      { key: "Alt-ArrowUp", run: () => this.#step(1) },
      { key: "Alt-ArrowDown", run: () => this.#step(-1) },
    ];
    return [
      Prec.highest(keymap.of(keys)),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      history(),
      drawSelection(),
      lineNumbers(),
      bracketMatching(),
      closeBrackets(),
      EditorView.lineWrapping,
      tokenField,
      look,
      autocompletion({ override: [context => this.#complete(context)], icons: true }),
      placeholder("MATCH (n) RETURN n"),
      EditorView.contentAttributes.of({ "aria-label": "Cypher query", spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of(update => {
        if (!update.docChanged) return;
        this.#marks = [];
        this.#events.change(this.text);
        this.#look();
      }),
    ];
  }

  #run(): boolean {
    const { from, to } = this.#view.state.selection.main;
    if (from === to) this.#events.run(this.text, 0);
    else this.#events.run(this.#view.state.sliceDoc(from, to), from);
    return true;
  }

  #step(by: 1 | -1): boolean {
    this.#events.step(by);
    return true;
  }

  /** Has the worker look at the text once it rests. */
  #look(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [setTimeout(() => void this.#colour(), rest), setTimeout(() => void this.#check(), faultRest)];
  }

  async #colour(): Promise<void> {
    const { text } = this;
    const { tokens } = await this.language.ask("tokens", text);
    if (!this.#closed && this.text === text) this.#view.dispatch({ effects: setTokens.of(tokens) });
  }

  async #check(): Promise<void> {
    const { text } = this;
    const { faults } = await this.language.ask("faults", text);
    if (this.#closed || this.text !== text) return;
    this.#faults = faults;
    this.#diagnose();
  }

  #diagnose(): void {
    const { length } = this.#view.state.doc;
    const within = <T extends { from: number; to: number }>(range: T): T => ({
      ...range,
      from: Math.min(Math.max(range.from, 0), length),
      to: Math.min(Math.max(range.to, range.from), length),
    });
    const local: Diagnostic[] =
      this.#marks.length > 0
        ? []
        : this.#faults.map(({ from, to, message, error }) => ({
            ...within({ from, to }),
            message,
            severity: error ? "error" : "warning",
          }));
    this.#view.dispatch(setDiagnostics(this.#view.state, [...local, ...this.#marks.map(within)]));
  }

  async #complete(context: CompletionContext): Promise<CompletionResult | null> {
    const word = context.matchBefore(/[\p{L}\p{N}_.]*$/u);
    const before = context.state.sliceDoc((word?.from ?? context.pos) - 1, word?.from ?? context.pos);
    if (!context.explicit && (word === null || word.from === word.to) && ![":", ".", "$"].includes(before)) return null;
    const { proposals } = await this.language.ask("complete", context.state.doc.toString(), {
      caret: context.pos,
      manual: context.explicit,
    });
    if (context.aborted || proposals.length === 0) return null;
    const options: Completion[] = proposals.map(({ label, insert, kind, detail }) => ({
      label,
      apply: insert,
      type: kinds[kind] ?? "text",
      detail: detail.slice(0, 120),
    }));
    return { from: word?.from ?? context.pos, options, validFor: /^[\p{L}\p{N}_.]*$/u };
  }
}

/** CodeMirror's names for the language server protocol's kinds of proposals. */
const kinds: { [kind: number]: string } = {
  2: "method",
  3: "function",
  5: "property",
  6: "variable",
  7: "class",
  10: "property",
  12: "constant",
  13: "enum",
  14: "keyword",
  18: "type",
  20: "enum",
  21: "constant",
  22: "class",
  23: "function",
  25: "type",
};
