import { colorOf, startPosition, type Appearance } from "../graph/appearance.js";
import type { Graph } from "../graph.js";

/** The arrays for @cosmos.gl/graph. */
export interface CosmosData {
  /** For setPointPositions: x and y of each node. */
  pointPositions: Float32Array;
  /** For setPointColors: red, green, blue and alpha of each node, from 0 to 1. */
  pointColors: Float32Array;
  /** For setPointSizes. */
  pointSizes: Float32Array;
  /** For setLinks: source and target of each relationship. */
  links: Float32Array;
}

/** Side of the square in which cosmos.gl lays out points: the default of its spaceSize. */
const defaultSpace = 4096;

/**
 * Makes cosmos.gl's arrays of a graph. cosmos.gl accepts whole arrays only; to grow, pass the result of its
 * getPointPositions, so that existing nodes keep their positions. If its configuration has a spaceSize, pass it as
 * space: points outside would be moved to the edge.
 */
export function cosmosData(
  graph: Graph,
  positions: ArrayLike<number> = [],
  appearance: Appearance = {},
  space = defaultSpace,
): CosmosData {
  const nodes = graph.nodeCount;
  const data: CosmosData = {
    pointPositions: new Float32Array(2 * nodes),
    pointColors: new Float32Array(4 * nodes),
    pointSizes: new Float32Array(nodes),
    links: new Float32Array(2 * graph.relationshipCount),
  };
  const spread = space / 2 / Math.sqrt(Math.max(nodes, 1)) / 2;
  data.pointPositions.set(Array.from(positions).slice(0, 2 * nodes));
  for (let node = 0; node < nodes; node++) {
    if (2 * node + 1 >= positions.length) {
      const { x, y } = startPosition(node, spread);
      data.pointPositions.set([space / 2 + x, space / 2 + y], 2 * node);
    }
    data.pointColors.set(channels((appearance.color ?? colorOf)(graph, node)), 4 * node);
    data.pointSizes[node] = appearance.size?.(graph, node) ?? 4;
  }
  const { source, target } = graph;
  for (let link = 0; link < source.length; link++) {
    data.links[2 * link] = source[link]!;
    data.links[2 * link + 1] = target[link]!;
  }
  return data;
}

function channels(color: string): [number, number, number, number] {
  const value = parseInt(color.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255, 1];
}
