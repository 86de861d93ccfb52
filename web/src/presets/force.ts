import { caption, colorOf, type Appearance } from "../graph/appearance.js";
import type { Graph, GraphDelta } from "../graph.js";

/** A node for d3-force and 3d-force-graph; they add position and velocity. */
export interface ForceNode {
  /** The index in the graph. */
  id: number;
  name: string;
  labels: readonly string[];
  color: string;
  val: number;
}

/** A link for d3-force and 3d-force-graph; they replace the numbers by nodes. */
export interface ForceLink {
  source: number;
  target: number;
  /** The relationship's index in the graph. */
  id: number;
  name: string;
}

export interface ForceData {
  nodes: ForceNode[];
  links: ForceLink[];
}

/**
 * Makes nodes and links of a step, for d3-force (`forceSimulation(nodes).force("link", forceLink(links))`), force-graph
 * and 3d-force-graph (`graphData(data)`). Links refer to nodes by index, which is also their id, so they fit both.
 */
export function forceData(graph: Graph, delta: GraphDelta = graph.whole, appearance: Appearance = {}): ForceData {
  const data: ForceData = { nodes: [], links: [] };
  growForceData(data, graph, delta, appearance);
  return data;
}

/**
 * Adds a step to the data of the steps before it. So that the renderer notices, pass it a new object with the same
 * nodes and links: `graphData({...data})`.
 */
export function growForceData(data: ForceData, graph: Graph, delta: GraphDelta, appearance: Appearance = {}): void {
  for (let node = delta.nodes[0]; node < delta.nodes[1]; node++) data.nodes.push(forceNode(graph, node, appearance));
  for (const node of delta.filled) Object.assign(data.nodes[node]!, forceNode(graph, node, appearance));
  const { source, target } = graph;
  for (let link = delta.relationships[0]; link < delta.relationships[1]; link++) {
    data.links.push({ source: source[link]!, target: target[link]!, id: link, name: graph.type(link) });
  }
}

function forceNode(graph: Graph, node: number, appearance: Appearance): ForceNode {
  return {
    id: node,
    name: (appearance.caption ?? caption)(graph, node),
    labels: graph.labels(node),
    color: (appearance.color ?? colorOf)(graph, node),
    val: appearance.size?.(graph, node) ?? 1,
  };
}
