import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphBuilder, type Graph, type GraphDelta, type GraphOptions } from "../../src/graph.js";
import type { Block } from "../../src/rowblock.js";
import { blocksOf } from "./vectors.js";

/** A graph of the vectors with these names, and the steps in which it grew. */
export function graphOf(names: string[], options?: GraphOptions): { graph: Graph; deltas: GraphDelta[] } {
  const builder = new GraphBuilder(options);
  const deltas = names.flatMap(name => blocksOf(name).map((block: Block) => builder.add(block)));
  return { graph: builder.graph, deltas };
}

test("nodes and relationships are there once", () => {
  const { graph, deltas } = graphOf(["nodes", "paths", "nodes", "relationships"]);
  assert.deepEqual(
    deltas.map(({ nodes, relationships }) => [...nodes, ...relationships]),
    [
      [0, 7, 0, 0],
      [7, 7, 0, 2],
      [7, 7, 2, 2],
      [7, 7, 2, 3],
    ],
  );
  assert.deepEqual([...graph.source], [0, 2, 0]);
  assert.deepEqual([...graph.target], [1, 1, 0]);
  assert.deepEqual(
    Array.from(graph.typeOf, type => graph.types[type]),
    ["X", "Y", "LIKES"],
  );
  assert.deepEqual(graph.labelSets, [["Person"], ["Person", "Müller"], []]);
  assert.deepEqual([...graph.labelSet], [0, 0, 1, 2, 0, 0, 0]);
});

test("ids both ways", () => {
  const { graph } = graphOf(["nodes", "relationships", "nodes of Neo4j 4"]);
  for (let node = 0; node < graph.nodeCount; node++) assert.equal(graph.nodeIndex(graph.nodeElementId(node)), node);
  for (let index = 0; index < graph.relationshipCount; index++)
    assert.equal(graph.relationshipIndex(graph.relationshipElementId(index)), index);
  assert.equal(graph.nodeIndex("not made of the identity"), 5);
  assert.equal(
    graph.nodeIndex("5"),
    7,
    "a node of Neo4j 4 has another id than the one of Neo4j 5 with the same number",
  );
  assert.equal(graph.nodeIndex("9007199254740992"), 8);
  for (const none of ["", "x", "05", "4:x:5", "12345"]) assert.equal(graph.nodeIndex(none), -1, none);
});

test("labels, types and properties on demand", () => {
  const { graph } = graphOf(["nodes", "relationships"]);
  assert.deepEqual(graph.nodeProperties(0), { name: "Ada", born: 1815 });
  assert.equal(graph.nodeProperty(2, "name"), "Bo");
  assert.equal(graph.nodeProperty(2, "age"), undefined);
  assert.deepEqual(graph.nodeKeys(2), ["born", "name"]);
  assert.deepEqual(graph.labels(2), ["Person", "Müller"]);
  assert.equal(graph.type(0), "KNOWS");
  assert.deepEqual(graph.relationshipProperties(0), { since: 1999 });
  assert.equal(graph.relationshipProperty(1, "since"), 1999);
  assert.equal(graph.node(0)!.properties["name"], "Ada");
  assert.equal(graph.relationship(1).start, 6);
  assert.throws(() => graph.nodeProperties(99), RangeError);
  assert.throws(() => graph.nodeElementId(-1), RangeError);
});

test("relationships wait for their nodes", () => {
  const { graph, deltas } = graphOf(["relationships", "nodes"]);
  assert.deepEqual(
    deltas.map(({ nodes, relationships }) => [...nodes, ...relationships]),
    [
      [0, 0, 0, 0],
      [0, 7, 0, 3],
    ],
  );
  assert.equal(graph.waiting, 0);
  assert.deepEqual(Array.from(graph.source, node => graph.node(node)!.identity).sort(), [5, 5, 6]);
  const alone = graphOf(["relationships"]).graph;
  assert.deepEqual([alone.nodeCount, alone.relationshipCount, alone.waiting], [0, 0, 3]);
});

test("a relationship waits once, however often it comes", () => {
  const twice = graphOf(["relationships", "relationships"]).graph;
  const once = graphOf(["relationships"]).graph;
  assert.deepEqual([twice.waiting, twice.byteLength], [once.waiting, once.byteLength]);
  assert.equal(twice.relationshipIndex("5:0f2a9b63-77cd-4bb6-a3ac-3b2d3e5f0a11:1"), -1);
  const { graph, deltas } = graphOf(["relationships", "relationships", "nodes", "relationships"]);
  assert.deepEqual(
    deltas.map(({ relationships }) => [...relationships]),
    [
      [0, 0],
      [0, 0],
      [0, 3],
      [3, 3],
    ],
  );
  assert.deepEqual([graph.waiting, graph.relationshipCount], [0, 3]);
  for (let i = 0; i < 3; i++) assert.equal(graph.relationshipIndex(graph.relationshipElementId(i)), i);
  const few = graphOf(["relationships", "relationships", "nodes", "relationships"], { nodeLimit: 1 }).graph;
  assert.deepEqual([few.nodeCount, few.relationshipCount, few.truncated], [1, 1, true]); // the loop at the first node
  assert.equal(few.waiting, graphOf(["relationships", "nodes"], { nodeLimit: 1 }).graph.waiting);
});

test("placeholders stand for nodes that have not come", () => {
  const { graph, deltas } = graphOf(["relationships", "paths"], { ends: "placeholder" });
  assert.deepEqual(deltas[0], { nodes: [0, 2], relationships: [0, 3], filled: [] });
  assert.deepEqual(deltas[1]!.filled, [0, 1]);
  assert.deepEqual([...graph.source], [0, 1, 0]);
  assert.deepEqual(graph.labels(0), ["A"]);
  const waiting = graphOf(["relationships"], { ends: "placeholder" }).graph;
  assert.ok(waiting.isPlaceholder(0));
  assert.match(waiting.nodeElementId(1), /^4:.*:6$/);
  assert.equal(waiting.nodeIndex(waiting.nodeElementId(1)), 1);
  assert.deepEqual(
    [waiting.node(0), waiting.labels(0), waiting.nodeProperties(0), waiting.nodeProperty(0, "x"), waiting.nodeKeys(0)],
    [undefined, [], {}, undefined, []],
  );
});

test("limits", () => {
  const { graph } = graphOf(["nodes", "relationships"], { nodeLimit: 1 });
  assert.ok(graph.truncated);
  assert.deepEqual([graph.nodeCount, graph.relationshipCount], [1, 1]); // the loop at the first node
  const few = graphOf(["nodes", "relationships"], { relationshipLimit: 2 }).graph;
  assert.deepEqual([few.relationshipCount, few.truncated], [2, true]);
  assert.equal(graphOf(["nodes"], { nodeLimit: 7 }).graph.truncated, false);
});

test("blocks that bring nothing new are not kept", () => {
  const { graph } = graphOf(["nodes"]);
  const { byteLength } = graph;
  assert.ok(byteLength > 0);
  assert.equal(graphOf(["nodes", "nodes"]).graph.byteLength, byteLength);
  const waiting = graphOf(["relationships", "nodes", "relationships", "nodes"]).graph;
  assert.equal(waiting.relationshipCount, 3);
  for (let i = 0; i < 3; i++) assert.equal(waiting.relationship(i).elementId, waiting.relationshipElementId(i));
  assert.equal(waiting.byteLength, graphOf(["relationships", "nodes"]).graph.byteLength);
});

test("rows before the first wanted one are left out", () => {
  const builder = new GraphBuilder();
  builder.add(blocksOf("nodes")[0]!, 5);
  assert.equal(builder.graph.nodeCount, 2);
});
