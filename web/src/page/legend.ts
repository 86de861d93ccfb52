import type { Graph } from "../index.js";
import { element } from "./dom.js";
import type { Palette } from "./palette.js";

/** Lists the labels of the nodes drawn, each with its colour and how many there are; one can be picked out. */
export class Legend {
  /** Called with the label that is picked out, or undefined for none. */
  onPick: (label: string | undefined) => void = () => {};
  readonly #root: HTMLElement;
  readonly #palette: Palette;
  #picked: string | undefined;

  constructor(root: HTMLElement, palette: Palette) {
    this.#root = root;
    this.#palette = palette;
  }

  show(graph: Graph): void {
    const sets = count(graph.labelSet);
    const labels = sorted(graph.labelSets.flatMap((set, i) => set.map((label): [string, number] => [label, sets.get(i) ?? 0])));
    const kinds = count(graph.typeOf);
    const types = sorted(graph.types.map((type, i) => [type, kinds.get(i) ?? 0]));
    this.#picked = undefined;
    this.#root.hidden = labels.length === 0;
    this.#root.replaceChildren(
      ...labels.map(([label, n]) => this.#label(label, n)),
      ...(types.length > 0 ? [element("hr")] : []),
      ...types.map(([type, n]) => element("div", { class: "legend-type" }, element("span", { class: "line" }), type, element("small", {}, n.toLocaleString()))),
    );
  }

  #label(label: string, n: number): HTMLElement {
    const dot = element("span", { class: "dot" });
    dot.style.background = this.#palette.colour(label);
    const pick = () => {
      this.#picked = this.#picked === label ? undefined : label;
      for (const other of this.#root.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button && this.#picked === label));
      this.onPick(this.#picked);
    };
    const button = element("button", { type: "button", "aria-pressed": "false", title: "Pick these out", click: pick }, dot, label, element("small", {}, n.toLocaleString()));
    return button;
  }
}

/** How often each number is there. */
function count(numbers: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

/** Adds up the counts of each name; the most frequent name comes first. */
function sorted(counts: [string, number][]): [string, number][] {
  const sums = new Map<string, number>();
  for (const [name, n] of counts) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
}
