import { Node, Path, Relationship, jsonValue } from "../index.js";
import { element } from "./dom.js";
import type { Palette } from "./palette.js";

const longest = 200;

/** The property by which people know a node in a table, if there is one. */
function captionOf({ labels, properties }: Node): string {
  const known = properties["name"] ?? properties["title"] ?? Object.values(properties).find((value) => typeof value === "string");
  return known === undefined ? (labels[0] ?? "") : textOf(known);
}

/** A value as one line of text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  if (value instanceof Node) return `(${value.labels.map((label) => ":" + label).join("")} ${brief(value.properties)})`;
  if (value instanceof Relationship) return `[:${value.type} ${brief(value.properties)}]`;
  if (value instanceof Path) return pathText(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Object.getPrototypeOf(value) === Object.prototype) return brief(value as Record<string, unknown>);
  return String(value) === "[object Object]" ? JSON.stringify(jsonValue(value)) : String(value);
}

function brief(properties: Record<string, unknown>): string {
  return `{${Object.entries(properties).map(([key, value]) => `${key}: ${typeof value === "string" ? JSON.stringify(value) : textOf(value)}`).join(", ")}}`;
}

function pathText(path: Path): string {
  const nodes = path.nodes.map((node) => `(${captionOf(node)})`);
  return nodes.reduce((text, node, i) => {
    const relationship = path.relationships[i - 1]!;
    const forward = relationship.startNodeElementId === path.nodes[i - 1]!.elementId;
    return text + (forward ? `-[:${relationship.type}]→` : `←[:${relationship.type}]-`) + node;
  });
}

/** A value as a cell of the table. */
export function cellOf(value: unknown, palette: Palette): HTMLElement {
  const text = textOf(value);
  const shown = text.length > longest ? text.slice(0, longest) + "…" : text;
  const cell = element("span", { class: "cell", title: text.slice(0, 4 * longest) });
  if (value === null || value === undefined) cell.classList.add("null");
  if (typeof value === "number" || typeof value === "bigint") cell.classList.add("number");
  if (value instanceof Node) {
    const pill = element("span", { class: "pill" }, value.labels.join(" · ") || "node");
    pill.style.setProperty("--colour", palette.colour(value.labels[0] ?? ""));
    cell.append(pill, " " + captionOf(value));
  } else if (value instanceof Relationship) {
    cell.append(element("span", { class: "pill type" }, value.type), " " + (Object.keys(value.properties).length > 0 ? brief(value.properties).slice(0, longest) : ""));
  } else {
    cell.append(shown);
  }
  return cell;
}
