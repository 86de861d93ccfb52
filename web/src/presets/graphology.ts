import { caption, colorOf, startPosition, type Appearance } from "../graph/appearance.js";
import type { Graph, GraphDelta } from "../graph.js";

/**
 * The methods of a graphology Graph that are needed. The graph must be directed or mixed, and allow parallel edges and
 * loops, like a MultiDirectedGraph.
 */
export interface GraphologyGraph {
  addNode(key: string, attributes: Record<string, unknown>): unknown;
  addDirectedEdgeWithKey(key: string, source: string, target: string, attributes: Record<string, unknown>): unknown;
  mergeNodeAttributes(key: string, attributes: Record<string, unknown>): unknown;
}

/**
 * Adds a step to a graphology graph, as sigma draws it. Keys are the indices of nodes and relationships in digits;
 * attributes are what sigma reads (x, y, size, color, label) and index, labels (of nodes) or type as kind (of
 * relationships, as sigma takes `type` for the way of drawing).
 */
export function addToGraphology(
  target: GraphologyGraph,
  graph: Graph,
  delta: GraphDelta = graph.whole,
  appearance: Appearance = {},
): void {
  for (let node = delta.nodes[0]; node < delta.nodes[1]; node++)
    target.addNode(String(node), attributes(graph, node, appearance));
  for (const node of delta.filled) {
    const { x: _x, y: _y, ...known } = attributes(graph, node, appearance);
    target.mergeNodeAttributes(String(node), known);
  }
  const { source, target: to } = graph;
  for (let edge = delta.relationships[0]; edge < delta.relationships[1]; edge++) {
    const kind = graph.type(edge);
    target.addDirectedEdgeWithKey(String(edge), String(source[edge]), String(to[edge]), {
      index: edge,
      kind,
      label: kind,
    });
  }
}

function attributes(graph: Graph, node: number, appearance: Appearance) {
  return {
    ...startPosition(node, 1),
    index: node,
    label: (appearance.caption ?? caption)(graph, node),
    labels: graph.labels(node),
    color: (appearance.color ?? colorOf)(graph, node),
    size: appearance.size?.(graph, node) ?? 5,
  };
}
