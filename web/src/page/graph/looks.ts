import type { Graph } from "../../index.js";
import { labelColour, type Look } from "../core/styles.js";

/** How nodes and relationships look, by labels and type. */
export interface GraphLooks {
  node(labels: readonly string[]): Look;
  edge(type: string): Look;
}

/** Looks out of what the user chose. The first label that has a choice decides. */
export function looksOf(chosen: { readonly [key: string]: Look }): GraphLooks {
  const nodes = new Map<readonly string[], Look>();
  const none: Look = {};
  return {
    node(labels) {
      let look = nodes.get(labels);
      if (!look)
        nodes.set(
          labels,
          (look = labels.map(label => chosen["label:" + label]).find(found => found !== undefined) ?? none),
        );
      return look;
    },
    edge: type => chosen["type:" + type] ?? none,
  };
}

export function nodeColour(looks: GraphLooks, graph: Graph, node: number): string {
  const labels = graph.labels(node);
  return looks.node(labels).colour ?? labelColour(labels[0] ?? "");
}

/** Undefined for what the theme says. */
export function edgeColour(looks: GraphLooks, graph: Graph, edge: number): string | undefined {
  return looks.edge(graph.type(edge)).colour;
}
