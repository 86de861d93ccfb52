import { cellOf, textOf } from "./cells.js";
import { element, oncePerFrame } from "./dom.js";
import type { Palette } from "./palette.js";

const rowHeight = 32;
/** Rows made beyond those in sight, above and below. */
const margin = 12;
/** How many rows the widths of columns are taken from. */
const measured = 100;

/** Shows records as a table, of which only the rows in sight exist. Browsers limit how high an element can be, so very long tables are scrolled in steps. */
export class TableView {
  readonly #root: HTMLElement;
  readonly #palette: Palette;
  readonly #head = element("div", { class: "table-head", role: "row" });
  readonly #body = element("div", { class: "table-body", role: "rowgroup" });
  readonly #draw = oncePerFrame(() => this.#drawRows());
  #fields: string[] = [];
  #records: Record<string, unknown>[] = [];
  #widths: number[] = [];
  #first = -1;
  #last = -1;

  constructor(root: HTMLElement, palette: Palette) {
    this.#root = root;
    this.#palette = palette;
    root.setAttribute("role", "table");
    root.append(this.#head, this.#body);
    root.addEventListener("scroll", () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(root);
  }

  /** Begins a new table. */
  begin(fields: string[]): void {
    this.#fields = fields;
    this.#records = [];
    this.#widths = [];
    this.#root.scrollTop = 0;
    this.#head.replaceChildren(element("span", { class: "index", role: "columnheader" }, "#"), ...fields.map((field) => element("span", { role: "columnheader", title: field }, field)));
    this.#forget();
    this.#draw();
  }

  add(records: Record<string, unknown>[]): void {
    const few = this.#records.length < measured;
    for (const record of records) this.#records.push(record);
    if (few) this.#measure();
    this.#body.style.height = `${Math.min(this.#records.length * rowHeight, 15_000_000)}px`;
    this.#draw();
  }

  /** Draws again, for a change of colours. */
  refresh(): void {
    this.#forget();
    this.#draw();
  }

  #forget(): void {
    this.#first = this.#last = -1;
    this.#body.replaceChildren();
  }

  #measure(): void {
    const sample = this.#records.slice(0, measured);
    this.#widths = this.#fields.map((field) => {
      const longest = sample.reduce((most, record) => Math.max(most, textOf(record[field]).length), field.length);
      return Math.min(Math.max(longest * 8 + 28, 90), 420);
    });
    const index = `${Math.max(String(this.#records.length).length * 9 + 24, 56)}px`;
    this.#root.style.setProperty("--columns", [index, ...this.#widths.map((width, i) => (i === this.#widths.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`))].join(" "));
    this.#forget();
  }

  #drawRows(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#root;
    const total = this.#records.length;
    const inSight = Math.ceil(clientHeight / rowHeight) + 2 * margin;
    const real = total * rowHeight;
    const share = scrollHeight > clientHeight ? scrollTop / (scrollHeight - clientHeight) : 0;
    const stretched = real > 15_000_000;
    const top = stretched ? Math.floor(share * Math.max(total - clientHeight / rowHeight, 0)) : Math.floor(scrollTop / rowHeight);
    const first = Math.max(0, top - margin);
    const last = Math.min(total, first + inSight);
    if (first === this.#first && last === this.#last) return;
    this.#first = first;
    this.#last = last;
    const offset = stretched ? scrollTop - (top - first) * rowHeight : first * rowHeight;
    const rows = document.createDocumentFragment();
    for (let i = first; i < last; i++) rows.append(this.#row(i, offset + (i - first) * rowHeight));
    this.#body.replaceChildren(rows);
  }

  #row(i: number, top: number): HTMLElement {
    const record = this.#records[i]!;
    const row = element("div", { class: "row", role: "row" }, element("span", { class: "index", role: "cell" }, String(i + 1)));
    row.style.transform = `translateY(${top}px)`;
    for (const field of this.#fields) {
      const cell = cellOf(record[field], this.#palette);
      cell.setAttribute("role", "cell");
      row.append(cell);
    }
    return row;
  }
}
