import type { Node, Relationship } from "../index.js";
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

  show(nodes: Iterable<Node>, relationships: Iterable<Relationship>): void {
    const labels = count([...nodes].flatMap((node) => node.labels));
    const types = count([...relationships].map((relationship) => relationship.type));
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

function count(names: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
