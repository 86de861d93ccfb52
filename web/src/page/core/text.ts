import { Float, Node, Path, Relationship, UnboundRelationship, jsonValue } from "../../index.js";

/** What a server sends can be of any length and depth; the page writes no more than this of one value. */
const longest = 4000;
const deepest = 12;

/** A text's beginning, and how much is left out. */
export function bounded(text: string, most = longest): string {
  return text.length > most
    ? `${text.slice(0, most)}… (${(text.length - most).toLocaleString()} more characters)`
    : text;
}

/** A value as one line of text, in the manner of Cypher. */
export function textOf(value: unknown, most = longest): string {
  if (typeof value === "string") return value.length > most ? value.slice(0, most) + "…" : value;
  return new Writer(most).write(value);
}

/** What people call a node: a usual property, or else the first text, or else its label. */
export function captionOf({ labels, properties }: Node): string {
  const known =
    properties["name"] ?? properties["title"] ?? Object.values(properties).find(value => typeof value === "string");
  return known === undefined ? (labels[0] ?? "") : textOf(known, 100);
}

/** A value as JSON with line breaks, or the beginning of it. */
export function jsonOf(value: unknown, most = 100_000): string {
  return bounded(JSON.stringify(jsonValue(value), null, 2) ?? "null", most);
}

export function many(n: number, what: string): string {
  return `${n.toLocaleString()} ${what}${n === 1 ? "" : "s"}`;
}

export function timeText(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 2000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 120_000
    ? `${(milliseconds / 1000).toFixed(2)} s`
    : `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** What an error says, for people. */
export function messageOf(thrown: unknown): string {
  return bounded(thrown instanceof Error ? thrown.message : String(thrown), 2000);
}

/** Writes a value until there is enough text. */
class Writer {
  #text = "";
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  write(value: unknown): string {
    this.#value(value, 0);
    return this.#text.length > this.#most ? this.#text.slice(0, this.#most) + "…" : this.#text;
  }

  get #full(): boolean {
    return this.#text.length > this.#most;
  }

  #value(value: unknown, depth: number): void {
    if (this.#full) return;
    if (value === null || value === undefined) this.#text += "null";
    else if (typeof value === "string")
      this.#text += JSON.stringify(value.length > this.#most ? value.slice(0, this.#most) + "…" : value);
    else if (typeof value !== "object") this.#text += String(value);
    else if (depth > deepest) this.#text += "…";
    else this.#object(value, depth);
  }

  #object(value: object, depth: number): void {
    if (value instanceof Float) this.#text += floatText(Number(value));
    else if (value instanceof Node) this.#node(value, depth);
    else if (value instanceof Relationship || value instanceof UnboundRelationship) this.#relationship(value, depth);
    else if (value instanceof Path) this.#path(value);
    else if (Array.isArray(value)) this.#list(value, depth);
    else if (ArrayBuffer.isView(value)) this.#text += `${value.byteLength} bytes`;
    else if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
      this.#map(value as Record<string, unknown>, depth);
    else
      this.#text +=
        String(value) === "[object Object]" ? JSON.stringify(jsonValue(value)).slice(0, this.#most) : String(value);
  }

  #list(list: readonly unknown[], depth: number): void {
    this.#text += "[";
    for (let i = 0; i < list.length && !this.#full; i++) {
      if (i > 0) this.#text += ", ";
      this.#value(list[i], depth + 1);
    }
    this.#text += "]";
  }

  #map(map: Record<string, unknown>, depth: number): void {
    this.#text += "{";
    let first = true;
    for (const [key, value] of Object.entries(map)) {
      if (this.#full) break;
      this.#text += `${first ? "" : ", "}${key.slice(0, 200)}: `;
      first = false;
      this.#value(value, depth + 1);
    }
    this.#text += "}";
  }

  #node({ labels, properties }: Node, depth: number): void {
    this.#text += `(${labels
      .map(label => ":" + label)
      .join("")
      .slice(0, 500)}`;
    if (Object.keys(properties).length > 0) {
      this.#text += " ";
      this.#map(properties, depth);
    }
    this.#text += ")";
  }

  #relationship({ type, properties }: Relationship | UnboundRelationship, depth: number): void {
    this.#text += `[:${type}`;
    if (Object.keys(properties).length > 0) {
      this.#text += " ";
      this.#map(properties, depth);
    }
    this.#text += "]";
  }

  #path({ nodes, relationships }: Path): void {
    for (let i = 0; i < nodes.length && !this.#full; i++) {
      const relationship = relationships[i - 1];
      if (relationship) {
        const forward = relationship.startNodeElementId === nodes[i - 1]!.elementId;
        this.#text += forward ? `-[:${relationship.type}]→` : `←[:${relationship.type}]-`;
      }
      this.#text += `(${captionOf(nodes[i]!)})`;
    }
  }
}

/** A FLOAT as Cypher writes it, so that it cannot be taken for an INTEGER. */
function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
