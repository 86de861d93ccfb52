import { caption, type Graph } from "../index.js";
import { textOf } from "./cells.js";
import { element } from "./dom.js";
import type { Palette } from "./palette.js";

/** Shows one node's labels and properties. */
export class Details {
  /** Called with a node whose neighbours are wanted. */
  onExpand: (node: number) => void = () => {};
  onClose: () => void = () => {};
  readonly #root: HTMLElement;
  readonly #palette: Palette;

  constructor(root: HTMLElement, palette: Palette) {
    this.#root = root;
    this.#palette = palette;
  }

  hide(): void {
    this.#root.hidden = true;
  }

  show(graph: Graph, index: number): void {
    const node = graph.node(index);
    this.#root.hidden = node === undefined;
    if (!node) return;
    const pills = node.labels.map((label) => {
      const pill = element("span", { class: "pill" }, label);
      pill.style.setProperty("--colour", this.#palette.colour(label));
      return pill;
    });
    const properties = Object.entries(node.properties).sort(([a], [b]) => a.localeCompare(b));
    this.#root.replaceChildren(
      element("header", {}, element("h2", {}, caption(graph, index)), element("button", { type: "button", class: "icon", "aria-label": "Close", click: () => this.onClose() }, "✕")),
      element("p", { class: "pills" }, ...pills),
      element("dl", {}, ...properties.flatMap(([key, value]) => [element("dt", {}, key), element("dd", { class: typeof value === "number" ? "number" : "" }, textOf(value))])),
      ...(properties.length === 0 ? [element("p", { class: "muted" }, "No properties.")] : []),
      element("footer", {}, element("button", { type: "button", class: "button", click: () => this.onExpand(index) }, "Show neighbours"), element("code", { title: "element id" }, node.elementId)),
    );
  }
}
