import { caption, colorOf, type Appearance } from "../graph/appearance.js";
import type { Graph, GraphDelta } from "../graph.js";

/** An element for `cytoscape({elements})` or `cy.add`. */
export interface CytoscapeElement {
  group: "nodes" | "edges";
  data: { id: string; [key: string]: unknown };
  classes?: string[];
}

/**
 * Makes cytoscape's elements of a step. Ids are "n" or "r" and the index. Labels and types are also classes, for style
 * sheets; "_" replaces characters that a selector cannot have. data has label, color and size, for `data(label)` and
 * the like.
 */
export function cytoscapeElements(
  graph: Graph,
  delta: GraphDelta = graph.whole,
  appearance: Appearance = {},
): CytoscapeElement[] {
  const elements: CytoscapeElement[] = [];
  for (let node = delta.nodes[0]; node < delta.nodes[1]; node++) elements.push(nodeElement(graph, node, appearance));
  const { source, target } = graph;
  for (let edge = delta.relationships[0]; edge < delta.relationships[1]; edge++) {
    const type = graph.type(edge);
    elements.push({
      group: "edges",
      data: { id: `r${edge}`, source: `n${source[edge]}`, target: `n${target[edge]}`, index: edge, label: type },
      classes: [className(type)],
    });
  }
  return elements;
}

/** The elements that were placeholders, as they are now: for `cy.getElementById(element.data.id).json(element)`. */
export function cytoscapeFilled(graph: Graph, delta: GraphDelta, appearance: Appearance = {}): CytoscapeElement[] {
  return delta.filled.map(node => nodeElement(graph, node, appearance));
}

function nodeElement(graph: Graph, node: number, appearance: Appearance): CytoscapeElement {
  const labels = graph.labels(node);
  return {
    group: "nodes",
    data: {
      id: `n${node}`,
      index: node,
      label: (appearance.caption ?? caption)(graph, node),
      color: (appearance.color ?? colorOf)(graph, node),
      size: appearance.size?.(graph, node) ?? 30,
    },
    classes: labels.map(className),
  };
}

function className(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]/gu, "_");
}
