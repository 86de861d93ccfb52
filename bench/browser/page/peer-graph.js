// The graph that a page builds for itself from the records of neo4j-driver: distinct nodes and relationships, with the
// ends as indices.
export class PeerGraph {
  nodes = [];
  relationships = [];
  source = [];
  target = [];
  #nodeIndex = new Map();
  #known = new Set();

  add(value) {
    if (value?.segments) {
      this.#node(value.start);
      for (const { relationship, end } of value.segments) {
        this.#node(end);
        this.#relationship(relationship);
      }
    } else if (value?.labels) {
      this.#node(value);
    }
  }

  #node(node) {
    if (this.#nodeIndex.has(node.elementId)) return;
    this.#nodeIndex.set(node.elementId, this.nodes.length);
    this.nodes.push(node);
  }

  #relationship(relationship) {
    if (this.#known.has(relationship.elementId)) return;
    this.#known.add(relationship.elementId);
    this.relationships.push(relationship);
    this.source.push(this.#nodeIndex.get(relationship.startNodeElementId));
    this.target.push(this.#nodeIndex.get(relationship.endNodeElementId));
  }
}
