import { Node, Path, Relationship } from "../index.js";

/** What a batch of records adds to the graph. */
export interface Addition {
  nodes: Node[];
  relationships: Relationship[];
}

/** Collects the nodes and relationships of a result, each once. Relationships wait until both their nodes are known. */
export class GraphData {
  readonly nodes = new Map<string, Node>();
  readonly relationships = new Map<string, Relationship>();
  /** Nodes beyond the limit were left out. */
  truncated = false;
  readonly #limit: number;
  readonly #waiting = new Map<string, Relationship>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes what is in the records, however deep. */
  add(records: Iterable<Record<string, unknown>>): Addition {
    const added: Addition = { nodes: [], relationships: [] };
    for (const record of records) for (const value of Object.values(record)) this.#visit(value, added);
    for (const [id, relationship] of this.#waiting) {
      if (!this.#joined(relationship)) continue;
      this.#waiting.delete(id);
      this.relationships.set(id, relationship);
      added.relationships.push(relationship);
    }
    return added;
  }

  #visit(value: unknown, added: Addition): void {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
    if (value instanceof Node) this.#node(value, added);
    else if (value instanceof Relationship) this.#relationship(value);
    else if (value instanceof Path) {
      for (const node of value.nodes) this.#node(node, added);
      for (const relationship of value.relationships) this.#relationship(relationship);
    } else if (Array.isArray(value)) {
      for (const inner of value) this.#visit(inner, added);
    } else if (Object.getPrototypeOf(value) === Object.prototype) {
      for (const inner of Object.values(value)) this.#visit(inner, added);
    }
  }

  #node(node: Node, added: Addition): void {
    if (this.nodes.has(node.elementId)) return;
    if (this.nodes.size >= this.#limit) {
      this.truncated = true;
      return;
    }
    this.nodes.set(node.elementId, node);
    added.nodes.push(node);
  }

  #relationship(relationship: Relationship): void {
    if (!this.relationships.has(relationship.elementId)) this.#waiting.set(relationship.elementId, relationship);
  }

  #joined({ startNodeElementId, endNodeElementId }: Relationship): boolean {
    return this.nodes.has(startNodeElementId) && this.nodes.has(endNodeElementId);
  }
}
