import assert from "node:assert/strict";
import { test } from "node:test";
import * as cosmos from "@cosmos.gl/graph";
import cytoscape from "cytoscape";
import { forceLink, forceSimulation } from "d3-force";
import graphology from "graphology";
import { addToGraphology } from "../../src/presets/graphology.js";
import { cosmosData } from "../../src/presets/cosmos.js";
import { cytoscapeElements, cytoscapeFilled } from "../../src/presets/cytoscape.js";
import { forceData, growForceData, type ForceLink, type ForceNode } from "../../src/presets/force.js";
import { nvlElements } from "../../src/presets/nvl.js";
import { GraphBuilder } from "../../src/graph.js";
import { blocksOf } from "./vectors.js";

/** Calls step after each block: relationships, then nodes, so that placeholders are filled. */
function grow(step: (graph: GraphBuilder["graph"], delta: ReturnType<GraphBuilder["add"]>) => void) {
  const builder = new GraphBuilder({ ends: "placeholder" });
  for (const name of ["relationships", "nodes"])
    for (const block of blocksOf(name)) step(builder.graph, builder.add(block));
  return builder.graph;
}

test("graphology", () => {
  const target = new graphology.MultiDirectedGraph();
  const graph = grow((graph, delta) => addToGraphology(target, graph, delta));
  assert.deepEqual([target.order, target.size], [graph.nodeCount, 3]);
  assert.equal(target.getNodeAttribute("0", "label"), "Ada");
  assert.ok(Number.isFinite(target.getNodeAttribute("6", "x")));
  assert.equal(target.getEdgeAttribute("0", "kind"), "KNOWS");
  assert.deepEqual(target.extremities("1"), ["1", "0"]);
  const whole = new graphology.MultiDirectedGraph();
  addToGraphology(whole, graph, undefined, { caption: (_, node) => `#${node}`, color: () => "#000000", size: () => 2 });
  assert.deepEqual(whole.getNodeAttributes("3"), {
    ...whole.getNodeAttributes("3"),
    label: "#3",
    color: "#000000",
    size: 2,
  });
});

test("cytoscape", () => {
  const cy = cytoscape({ headless: true, styleEnabled: false });
  const graph = grow((graph, delta) => {
    cy.add(cytoscapeElements(graph, delta) as cytoscape.ElementDefinition[]);
    for (const element of cytoscapeFilled(graph, delta)) cy.getElementById(element.data.id).json(element);
  });
  assert.deepEqual([cy.nodes().length, cy.edges().length], [graph.nodeCount, 3]);
  assert.equal(cy.nodes(".Person").length, 6);
  assert.equal(cy.getElementById("n0").data("label"), "Ada");
  assert.equal(cy.edges(".LIKES")[0]!.source().id(), "n0");
});

test("d3-force and 3d-force-graph", () => {
  const data = { nodes: [] as ForceNode[], links: [] as ForceLink[] };
  const graph = grow((graph, delta) => growForceData(data, graph, delta));
  assert.deepEqual(data, forceData(graph));
  const simulation = forceSimulation(data.nodes as object[])
    .force("link", forceLink(data.links as never[]))
    .stop()
    .tick(3);
  const moved = simulation.nodes() as (ForceNode & { x: number })[];
  assert.ok(moved.every(({ x }) => Number.isFinite(x)));
  assert.equal((data.links[0]!.source as unknown as ForceNode).name, "Ada");
  assert.equal((data.links[1]!.target as unknown as ForceNode).id, 0);
});

test("links by id, as 3d-force-graph makes them", () => {
  const { nodes, links } = forceData(grow(() => {}));
  forceSimulation(nodes as object[])
    .force(
      "link",
      forceLink(links as never[]).id(node => (node as ForceNode).id),
    )
    .stop();
  assert.equal((links[1]!.source as unknown as ForceNode).id, 1);
});

test("cosmos.gl", () => {
  const graph = grow(() => {});
  const data = cosmosData(graph);
  assert.equal(data.pointPositions.length, 2 * graph.nodeCount);
  // its types leave it out
  const { spaceSize } = (cosmos as unknown as { defaultConfigValues: { spaceSize: number } }).defaultConfigValues;
  assert.ok(
    data.pointPositions.every(x => x > 0 && x < spaceSize),
    "points outside would be moved to the edge",
  );
  assert.ok(
    data.pointPositions.some(x => x < spaceSize / 2) && data.pointPositions.some(x => x > spaceSize / 2),
    "they begin around the middle",
  );
  assert.ok(cosmosData(graph, [], {}, 100).pointPositions.every(x => x > 0 && x < 100));
  assert.equal(data.pointColors.length, 4 * graph.nodeCount);
  assert.deepEqual([...data.links], [0, 1, 1, 0, 0, 0]);
  const kept = cosmosData(graph, [1, 2, 3, 4]);
  assert.deepEqual([...kept.pointPositions.subarray(0, 4)], [1, 2, 3, 4]);
  assert.equal(kept.pointPositions[5], data.pointPositions[5]);
});

test("NVL", () => {
  const seen = new Set<string>();
  const graph = grow((graph, delta) => {
    const { nodes, relationships } = nvlElements(graph, delta);
    for (const { id } of nodes) seen.add(id);
    for (const { from, to } of relationships)
      assert.ok(seen.has(from) && seen.has(to), "nodes come before what joins them");
  });
  assert.equal(seen.size, graph.nodeCount);
  assert.deepEqual(nvlElements(graph).relationships[0]!.captions, [{ value: "KNOWS" }]);
  const once = nvlElements(graph, { ...graph.whole, filled: [0, 1] });
  assert.deepEqual(once, nvlElements(graph), "a node that comes and is filled in one step is there once");
  assert.deepEqual(nvlElements(graph, { nodes: [2, 7], relationships: [3, 3], filled: [0, 1] }).nodes.length, 7);
});

test("colours are those of labels", () => {
  const graph = grow(() => {});
  const colors = nvlElements(graph).nodes.map(({ color }) => color);
  assert.ok(colors.every(color => /^#[0-9a-f]{6}$/.test(color)));
  assert.equal(colors[0], colors[1]);
  assert.notEqual(colors[0], colors[2]);
});
