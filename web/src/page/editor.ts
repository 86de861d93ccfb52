import { byID, element } from "./dom.js";

const storageKey = "webbolt.history";
const kept = 50;

/** The box in which queries are written, and the history of those that were run. */
export class Editor {
  readonly #box = byID<HTMLTextAreaElement>("query");
  readonly #menu = byID("history");
  #history = remembered();
  /** Which entry is shown; -1 for what is being written. */
  #at = -1;
  #draft = "";

  constructor(onRun: () => void) {
    this.#box.addEventListener("input", () => {
      this.#at = -1;
      this.#fit();
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        onRun();
      } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        this.#step(event.key === "ArrowUp" ? 1 : -1);
      }
    });
    byID("history-button").addEventListener("click", () => this.#toggleMenu());
    document.addEventListener("click", (event) => {
      if (!(event.target as Element).closest(".history")) this.#menu.hidden = true;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#menu.hidden = true;
    });
    addEventListener("resize", () => this.#fit());
    this.#fit();
  }

  get text(): string {
    return this.#box.value.trim();
  }

  set text(text: string) {
    this.#box.value = text;
    this.#fit();
  }

  focus(): void {
    this.#box.focus();
  }

  /** Puts a query at the front of the history. */
  ran(query: string): void {
    this.#history = [query, ...this.#history.filter((other) => other !== query)].slice(0, kept);
    this.#at = -1;
    try {
      localStorage.setItem(storageKey, JSON.stringify(this.#history));
    } catch {
      // Without storage the history lasts as long as the page.
    }
  }

  #step(by: number): void {
    const to = Math.min(Math.max(this.#at + by, -1), this.#history.length - 1);
    if (this.#at === -1) this.#draft = this.#box.value;
    this.#at = to;
    this.#box.value = to === -1 ? this.#draft : this.#history[to]!;
    this.#fit();
  }

  #toggleMenu(): void {
    this.#menu.hidden = !this.#menu.hidden;
    const entries = this.#history.map((query) => {
      const choose = () => {
        this.text = query;
        this.#menu.hidden = true;
        this.focus();
      };
      return element("button", { type: "button", role: "menuitem", title: query, click: choose }, query);
    });
    this.#menu.replaceChildren(...(entries.length > 0 ? entries : [element("p", {}, "Queries that you run are kept here.")]));
  }

  /** The box is as high as its text, within limits. */
  #fit(): void {
    this.#box.style.height = "auto";
    this.#box.style.height = `${Math.min(this.#box.scrollHeight + 2, innerHeight * 0.35)}px`;
  }
}

function remembered(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(found) ? found.filter((query) => typeof query === "string").slice(0, kept) : [];
  } catch {
    return [];
  }
}
