/** Graphs from results: index arrays, ready to draw, without an object for each node. */
export { GraphBuilder, type GraphOptions } from "./graph/builder.js";
export { Graph, type GraphDelta } from "./graph/graph.js";
export { caption, colorOf, type Appearance } from "./graph/appearance.js";
