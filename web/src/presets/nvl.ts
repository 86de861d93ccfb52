import { caption, colorOf, type Appearance } from "../graph/appearance.js";
import type { Graph, GraphDelta } from "../graph.js";

/** A node for NVL (@neo4j-nvl/base). */
export interface NvlNode {
  id: string;
  captions: { value: string }[];
  color: string;
  size?: number;
}

/** A relationship for NVL. */
export interface NvlRelationship {
  id: string;
  from: string;
  to: string;
  captions: { value: string }[];
  type: string;
}

/**
 * Makes NVL's nodes and relationships of a step, for its constructor or addAndUpdateElementsInGraph. Ids are element
 * ids.
 *
 * NVL may only be used with products of Neo4j (see its licence), so the tests compare with the shapes in its
 * documentation, not with the library.
 */
export function nvlElements(
  graph: Graph,
  delta: GraphDelta = graph.whole,
  appearance: Appearance = {},
): { nodes: NvlNode[]; relationships: NvlRelationship[] } {
  const nodes: NvlNode[] = [];
  const add = (node: number): void => {
    const element: NvlNode = {
      id: graph.nodeElementId(node),
      captions: [{ value: (appearance.caption ?? caption)(graph, node) }],
      color: (appearance.color ?? colorOf)(graph, node),
    };
    if (appearance.size !== undefined) element.size = appearance.size(graph, node);
    nodes.push(element);
  };
  for (let node = delta.nodes[0]; node < delta.nodes[1]; node++) add(node);
  for (const node of delta.filled) if (node < delta.nodes[0]) add(node); // others are new, too
  const relationships: NvlRelationship[] = [];
  const { source, target } = graph;
  for (let index = delta.relationships[0]; index < delta.relationships[1]; index++) {
    const type = graph.type(index);
    relationships.push({
      id: graph.relationshipElementId(index),
      from: graph.nodeElementId(source[index]!),
      to: graph.nodeElementId(target[index]!),
      captions: [{ value: type }],
      type,
    });
  }
  return { nodes, relationships };
}
