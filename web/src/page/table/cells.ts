import { Float, Node, Relationship } from "../../index.js";
import { captionOf, textOf } from "../core/text.js";

/** How much of a value a cell shows. */
const shown = 300;

/** Fills a cell with a value. */
export function fillCell(cell: HTMLElement, value: unknown, colour: (label: string) => string): void {
  cell.className = "cell";
  if (value === null || value === undefined) cell.classList.add("null");
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Float) cell.classList.add("number");
  if (value instanceof Node) {
    cell.replaceChildren(
      pill(value.labels.slice(0, 3).join(" · ").slice(0, 60) || "node", colour(value.labels[0] ?? "")),
      " " + captionOf(value),
    );
  } else if (value instanceof Relationship) {
    const properties = Object.keys(value.properties).length > 0 ? " " + textOf(value.properties, shown) : "";
    cell.replaceChildren(pill(value.type.slice(0, 60), undefined), properties);
  } else {
    cell.textContent = textOf(value, shown);
  }
}

/** Whether there is more of a value than a cell shows. */
export function opens(value: unknown): boolean {
  return (
    (typeof value === "object" && value !== null && !(value instanceof Float)) ||
    (typeof value === "string" && value.length > 60)
  );
}

function pill(text: string, colour: string | undefined): HTMLElement {
  const made = document.createElement("span");
  made.className = colour === undefined ? "pill type" : "pill";
  made.textContent = text;
  if (colour) made.style.setProperty("--colour", colour);
  return made;
}
