import { kept, isRecord } from "./store.js";

/** How the nodes of a label, or the relationships of a type, are drawn. */
export interface Look {
  colour?: string;
  /** 0.5 to 3 times the usual size or thickness. */
  size?: number;
  /** A property to write at them; empty for none, undefined for what fits. */
  caption?: string;
}

/** What the user chose, by "label:NAME" or "type:NAME". */
export const styles = kept<Record<string, Look>>("styles", {}, looksOf);

/** Colours that can be told apart on light and on dark ground. */
export const palette = [
  "#4f8ef7",
  "#f2994a",
  "#2fb67c",
  "#e0567a",
  "#9b6cf0",
  "#e3b93c",
  "#28b5c9",
  "#c0764a",
  "#7a9a3a",
  "#d96bc4",
  "#6f7fa8",
  "#e46a4a",
];

const given = new Map<string, string>();

/** The colour of a label: the user's, or else the next of the palette in the order in which labels are first seen. */
export function labelColour(label: string): string {
  const chosen = styles.peek()["label:" + label]?.colour;
  if (chosen) return chosen;
  let colour = given.get(label);
  if (!colour) {
    colour = palette[given.size % palette.length]!;
    given.set(label, colour);
  }
  return colour;
}

export function setLook(key: string, look: Look): void {
  styles.value = { ...styles.peek(), [key]: { ...styles.peek()[key], ...look } };
}

function looksOf(found: unknown): Record<string, Look> | undefined {
  if (!isRecord(found)) return undefined;
  const looks: [string, Look][] = [];
  for (const [key, look] of Object.entries(found).slice(0, 2000)) {
    if (!isRecord(look)) continue;
    const made: Look = {};
    if (typeof look["colour"] === "string" && /^#[0-9a-f]{6}$/i.test(look["colour"])) made.colour = look["colour"];
    if (typeof look["size"] === "number" && look["size"] >= 0.5 && look["size"] <= 3) made.size = look["size"];
    if (typeof look["caption"] === "string") made.caption = look["caption"].slice(0, 200);
    looks.push([key, made]);
  }
  return Object.fromEntries(looks);
}
