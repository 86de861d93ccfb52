import type { Graph } from "./graph.js";

/** How the presets make nodes and relationships look. All fields have defaults. */
export interface Appearance {
  /** The text at a node. */
  caption?: (graph: Graph, node: number) => string;
  /** The colour of a node, as #rrggbb. */
  color?: (graph: Graph, node: number) => string;
  /** The size of a node, in the renderer's unit; 1 by default, or the renderer's default. */
  size?: (graph: Graph, node: number) => number;
}

/** Properties that are good captions, best first. */
const captionKeys = ["name", "title", "caption", "label", "id"];

/** A text for a node: the value of a usual property, or else of the first that is text, or else the first label. */
export function caption(graph: Graph, node: number): string {
  for (const key of captionKeys) {
    const value = graph.nodeProperty(node, key);
    if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return String(value);
  }
  for (const key of graph.nodeKeys(node)) {
    const value = graph.nodeProperty(node, key);
    if (typeof value === "string") return value;
  }
  return graph.labels(node)[0] ?? graph.nodeElementId(node);
}

/** A colour for a node by its labels: equal labels have equal colours, other labels clearly different ones. */
export function colorOf(graph: Graph, node: number): string {
  return setColor(graph.labelSet[node]!);
}

/** Steps by the golden angle give colours that are far from each other. */
function setColor(set: number): string {
  const hue = (set * 137.508 + 205) % 360;
  const channel = (shift: number): string => {
    const k = (shift + hue / 30) % 12;
    const value = 0.55 - 0.25 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** The position of a node before a layout has moved it: evenly in a disc, the same for the same index. */
export function startPosition(node: number, spread: number): { x: number; y: number } {
  const radius = spread * Math.sqrt(node + 0.5);
  const angle = node * 2.399963229728653;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}
