import { textOf } from "../core/text.js";
import type { KeptRows } from "../core/rows.js";
import { fillCell } from "./cells.js";

/** Rows made beyond those in sight, above and below. */
const margin = 8;
/** How many rows the widths of columns are taken from. */
const measured = 60;
const narrowest = 60;
/** Browsers limit how high an element can be, so very long tables are scrolled in steps. */
const highest = 15_000_000;

/** What the grid asks the page. */
export interface GridEvents {
  colour(label: string): string;
  /** A cell was chosen, with the pointer or keys. */
  choose(row: number, field: number, open: boolean): void;
  sort(field: number): void;
}

/** Draws the rows that are in sight. Rows are numbered as shown; order says which row of the result each is. */
export class Grid {
  readonly #root: HTMLElement;
  readonly #head = document.createElement("div");
  readonly #body = document.createElement("div");
  readonly #events: GridEvents;
  #fields: readonly string[] = [];
  #rows: KeptRows | undefined;
  #order: Uint32Array | undefined;
  #sorted: { field: number; descending: boolean } | undefined;
  #widths: number[] = [];
  #measuredRows = 0;
  /** How many digits the column of numbers has room for. */
  #digits = 0;
  #first = -1;
  #last = -1;
  #scrolled = -1;
  #asked = false;
  /** The cell that keys move. */
  #at = { row: 0, field: 0 };
  wrap = false;

  constructor(root: HTMLElement, events: GridEvents) {
    this.#root = root;
    this.#events = events;
    root.tabIndex = 0;
    root.setAttribute("role", "grid");
    root.setAttribute("aria-label", "Rows");
    this.#head.className = "table-head";
    this.#head.setAttribute("role", "row");
    this.#body.className = "table-body";
    this.#body.setAttribute("role", "rowgroup");
    root.replaceChildren(this.#head, this.#body);
    root.addEventListener("scroll", () => this.#ask(), { passive: true });
    root.addEventListener("keydown", event => this.#key(event));
    this.#body.addEventListener("click", event => this.#clicked(event));
    this.#body.addEventListener("dblclick", event => this.#clicked(event, true));
    new ResizeObserver(() => this.#ask()).observe(root);
  }

  get rowHeight(): number {
    return this.wrap ? 76 : 32;
  }

  /** Shows rows, which may still become more. Another result begins at its top. */
  show(
    rows: KeptRows,
    fields: readonly string[],
    order?: Uint32Array,
    sorted?: { field: number; descending: boolean },
  ): void {
    const fresh = rows !== this.#rows || fields !== this.#fields;
    const changed = fresh || order !== this.#order || sorted !== this.#sorted;
    this.#rows = rows;
    this.#fields = fields;
    this.#order = order;
    this.#sorted = sorted;
    if (fresh) {
      this.#measuredRows = 0;
      this.#root.scrollTop = 0;
      this.#at = { row: 0, field: 0 };
    }
    if (this.#measuredRows < measured && rows.count > this.#measuredRows) this.#measure();
    if (changed) this.#drawHead();
    this.redraw(changed);
  }

  redraw(all = true): void {
    if (all) this.#first = -1;
    this.#ask();
  }

  /** The number that a shown row has in the result. */
  rowAt(shown: number): number {
    return this.#order?.[shown] ?? shown;
  }

  get at(): { row: number; field: number } {
    return this.#at;
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #measure(): void {
    const rows = this.#rows!;
    const sample = Math.min(rows.count, measured);
    this.#measuredRows = sample;
    this.#widths = this.#fields.map((field, j) => {
      let longest = field.length + 3;
      for (let row = 0; row < sample; row++) longest = Math.max(longest, textOf(rows.value(row, j), 60).length);
      return Math.min(Math.max(longest * 7.6 + 28, 90), 420);
    });
    this.#layColumns();
  }

  #layColumns(): void {
    this.#digits = String(this.#rows?.count ?? 0).length;
    const index = Math.max(this.#digits * 9 + 28, 56);
    const columns = this.#widths.map((width, i) =>
      i === this.#widths.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`,
    );
    this.#root.style.setProperty("--columns", [`${index}px`, ...columns].join(" "));
    this.#first = -1;
  }

  #drawHead(): void {
    const index = document.createElement("span");
    index.className = "index";
    index.setAttribute("role", "columnheader");
    index.textContent = "#";
    this.#head.hidden = this.#fields.length === 0;
    this.#head.replaceChildren(index, ...this.#fields.map((field, j) => this.#headCell(field, j)));
    this.#root.setAttribute("aria-colcount", String(this.#fields.length + 1));
    this.#root.style.setProperty("--row-height", `${this.rowHeight}px`);
  }

  #headCell(field: string, j: number): HTMLElement {
    const cell = document.createElement("span");
    cell.setAttribute("role", "columnheader");
    const sorted = this.#sorted?.field === j ? (this.#sorted.descending ? "descending" : "ascending") : "none";
    cell.setAttribute("aria-sort", sorted);
    const button = document.createElement("button");
    button.type = "button";
    button.title = `${field.slice(0, 300)}: sort`;
    button.textContent = field.slice(0, 300) + (sorted === "none" ? "" : sorted === "ascending" ? " ↑" : " ↓");
    button.addEventListener("click", () => this.#events.sort(j));
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.addEventListener("pointerdown", event => this.#drag(event, j));
    handle.addEventListener("dblclick", () => this.#widen(j));
    cell.append(button, handle);
    return cell;
  }

  #drag(event: PointerEvent, j: number): void {
    event.preventDefault();
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const width = (this.#head.children[j + 1] as HTMLElement).getBoundingClientRect().width;
    const move = ({ clientX }: PointerEvent): void => {
      this.#widths[j] = Math.max(width + clientX - from, narrowest);
      this.#layColumns();
      this.#ask();
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  }

  /** As wide as the widest value in sight. */
  #widen(j: number): void {
    let longest = 0;
    for (const cell of this.#body.querySelectorAll<HTMLElement>(`[aria-colindex="${j + 2}"]`))
      longest = Math.max(longest, cell.textContent?.length ?? 0);
    this.#widths[j] = Math.min(Math.max(longest * 7.6 + 28, narrowest), 1200);
    this.#layColumns();
    this.#ask();
  }

  #draw(): void {
    const total = this.#rows?.count ?? 0;
    if (String(total).length !== this.#digits) this.#layColumns();
    const height = this.rowHeight;
    this.#body.style.height = `${Math.min(total * height, highest)}px`;
    this.#root.setAttribute("aria-rowcount", String(total + 1));
    const { scrollTop, clientHeight } = this.#root;
    const top = this.#top(total);
    const first = Math.max(0, Math.floor(top) - margin);
    const last = Math.min(total, first + Math.ceil(clientHeight / height) + 2 * margin);
    const same = first === this.#first && last === this.#last;
    if (same && (!this.#stretched(total) || scrollTop === this.#scrolled)) return;
    this.#first = first;
    this.#last = last;
    this.#scrolled = scrollTop;
    const offset = scrollTop - (top - first) * height;
    const rows = document.createDocumentFragment();
    for (let i = first; i < last; i++) rows.append(this.#row(i, offset + (i - first) * height));
    this.#body.replaceChildren(rows);
  }

  #stretched(total: number): boolean {
    return total * this.rowHeight > highest;
  }

  /** How many rows are in sight beneath the head; the last may be seen in part. */
  #inSight(): number {
    return Math.max((this.#root.clientHeight - this.#head.offsetHeight) / this.rowHeight, 1);
  }

  /** The row beneath the head; with a fraction, of which the upper part is covered. */
  #top(total: number): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#root;
    if (!this.#stretched(total)) return scrollTop / this.rowHeight;
    return (scrollTop / Math.max(scrollHeight - clientHeight, 1)) * (total - this.#inSight());
  }

  #row(shown: number, top: number): HTMLElement {
    const number = this.rowAt(shown);
    const row = document.createElement("div");
    row.className = "row";
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", String(shown + 2));
    row.style.transform = `translateY(${top}px)`;
    const index = document.createElement("span");
    index.className = "index";
    index.setAttribute("role", "rowheader");
    index.textContent = String(number + 1);
    row.append(index);
    for (let j = 0; j < this.#fields.length; j++) {
      const cell = document.createElement("span");
      fillCell(cell, this.#rows!.value(number, j), this.#events.colour);
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", String(j + 2));
      if (shown === this.#at.row && j === this.#at.field) cell.setAttribute("aria-selected", "true");
      row.append(cell);
    }
    return row;
  }

  #clicked(event: MouseEvent, open = false): void {
    const cell = (event.target as Element).closest("[aria-colindex]");
    const row = cell?.closest("[aria-rowindex]");
    if (!cell || !row) return;
    this.#move(Number(row.getAttribute("aria-rowindex")) - 2, Number(cell.getAttribute("aria-colindex")) - 2, open);
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#root) return;
    const { row, field } = this.#at;
    const page = Math.max(Math.floor(this.#root.clientHeight / this.rowHeight) - 2, 1);
    const moves: { [key: string]: [number, number] } = {
      ArrowDown: [row + 1, field],
      ArrowUp: [row - 1, field],
      ArrowRight: [row, field + 1],
      ArrowLeft: [row, field - 1],
      PageDown: [row + page, field],
      PageUp: [row - page, field],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? Infinity : row, Infinity],
      Enter: [row, field],
    };
    const to = moves[event.key];
    if (!to || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.#move(...to, event.key === "Enter");
  }

  #move(row: number, field: number, open: boolean): void {
    const total = this.#rows?.count ?? 0;
    this.#at = {
      row: Math.min(Math.max(row, 0), Math.max(total - 1, 0)),
      field: Math.min(Math.max(field, 0), Math.max(this.#fields.length - 1, 0)),
    };
    this.#reveal();
    this.redraw();
    if (total > 0) this.#events.choose(this.rowAt(this.#at.row), this.#at.field, open);
  }

  #reveal(): void {
    const total = this.#rows?.count ?? 0;
    const { row } = this.#at;
    const top = this.#top(total);
    const room = this.#inSight() - 1;
    if (row >= top && row <= top + room) return;
    const to = row < top ? row : row - room;
    const { scrollHeight, clientHeight } = this.#root;
    this.#root.scrollTop = this.#stretched(total)
      ? (to / (total - this.#inSight())) * (scrollHeight - clientHeight)
      : to * this.rowHeight;
  }
}
