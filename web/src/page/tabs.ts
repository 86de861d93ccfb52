import { byID } from "./dom.js";

const names = ["graph", "table", "error"] as const;
type Name = (typeof names)[number];

/** The views of a result, of which one is shown. */
export class Tabs {
  onShow: (name: Name) => void = () => {};
  #shown: Name = "graph";
  /** The user chose a view of this result. */
  #chosen = false;

  constructor() {
    for (const name of names) {
      byID(`tab-${name}`).addEventListener("click", () => {
        this.#chosen = true;
        this.#show(name);
      });
    }
    this.#show("graph");
  }

  begin(): void {
    this.#chosen = false;
    byID("tab-error").hidden = true;
    if (this.#shown === "error") this.#show("table");
  }

  /** Shows a view, unless the user has chosen one. */
  prefer(name: Name): void {
    if (!this.#chosen) this.#show(name);
  }

  finish(rows: boolean, nodes: boolean): void {
    byID<HTMLButtonElement>("tab-graph").disabled = !nodes;
    if (!nodes && (rows || this.#shown === "graph")) this.#show("table");
  }

  fail(): void {
    byID("tab-error").hidden = false;
    this.#show("error");
  }

  #show(name: Name): void {
    this.#shown = name;
    for (const other of names) {
      byID(`tab-${other}`).setAttribute("aria-selected", String(other === name));
      byID(`view-${other}`).hidden = other !== name;
    }
    this.onShow(name);
  }
}
