import { byID } from "./dom.js";

/** What a query took, in milliseconds where it is a time. */
export interface Measured {
  rows: number;
  nodes: number;
  relationships: number;
  firstRow?: number;
  total?: number;
  server?: number;
  truncated?: boolean;
}

/** The line at the foot of the page. */
export class StatusBar {
  readonly #root = byID("status");

  message(text: string): void {
    this.#root.replaceChildren(text);
  }

  show({ rows, nodes, relationships, firstRow, total, server, truncated }: Measured): void {
    const parts = [
      many(rows, "row"),
      ...(nodes > 0 ? [`${many(nodes, "node")}${truncated ? " (no more are drawn)" : ""}`, many(relationships, "relationship")] : []),
      ...(firstRow === undefined ? [] : [`first row after ${time(firstRow)}`]),
      ...(total === undefined ? ["receiving…"] : [`all after ${time(total)}`]),
      ...(server === undefined ? [] : [`server ${time(server)}`]),
    ];
    this.#root.replaceChildren(...parts.map((part) => {
      const item = document.createElement("span");
      item.textContent = part;
      return item;
    }));
  }
}

export function many(n: number, what: string): string {
  return `${n.toLocaleString()} ${what}${n === 1 ? "" : "s"}`;
}

function time(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 2000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
