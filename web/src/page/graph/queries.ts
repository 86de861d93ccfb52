import { idOf } from "../core/cypher.js";
import type { StatementRun } from "../core/run.js";
import { ask } from "../core/workspace.js";

const mostNeighbours = 500;
const mostAsked = 5000;

/** Adds to the graph of a statement what a query gives; the numbers of the nodes that came, and how many were new. */
async function add(
  run: StatementRun,
  cypher: string,
  values: Record<string, unknown>,
): Promise<{ nodes: number; relationships: number }> {
  const { builder } = run;
  const before = { nodes: builder.graph.nodeCount, relationships: builder.graph.relationshipCount };
  const result = await ask(cypher, values);
  for await (const _ of result.blocks({ graph: builder }));
  run.version.value++;
  return {
    nodes: builder.graph.nodeCount - before.nodes,
    relationships: builder.graph.relationshipCount - before.relationships,
  };
}

/** The neighbours of nodes. */
export function expand(run: StatementRun, nodes: readonly number[]): Promise<{ nodes: number; relationships: number }> {
  const ids = nodes.map(node => run.graph.nodeElementId(node));
  return add(run, `MATCH (n) WHERE ${idOf("n")} IN $ids MATCH (n)-[r]-(m) RETURN n, r, m LIMIT ${mostNeighbours}`, {
    ids,
  });
}

/** The relationships between nodes. */
export function between(
  run: StatementRun,
  nodes: readonly number[],
): Promise<{ nodes: number; relationships: number }> {
  const ids = nodes.slice(0, mostAsked).map(node => run.graph.nodeElementId(node));
  return add(run, `MATCH (a)-[r]->(b) WHERE ${idOf("a")} IN $ids AND ${idOf("b")} IN $ids RETURN a, r, b LIMIT 50000`, {
    ids,
  });
}

/** A shortest path between two nodes: its nodes, or undefined if there is none. */
export async function shortestPath(run: StatementRun, from: number, to: number): Promise<number[] | undefined> {
  const { builder } = run;
  const ends = `MATCH (a) WHERE ${idOf("a")} = $from MATCH (b) WHERE ${idOf("b")} = $to`;
  const cypher = `${ends} MATCH p = shortestPath((a)-[*..20]-(b)) RETURN p`;
  const result = await ask(cypher, { from: builder.graph.nodeElementId(from), to: builder.graph.nodeElementId(to) });
  let nodes: number[] | undefined;
  for await (const { block, from: row } of result.blocks({ graph: builder })) {
    const path = block.value(row, 0) as { nodes: { elementId: string }[] };
    nodes = path.nodes.map(({ elementId }) => builder.graph.nodeIndex(elementId)).filter(node => node >= 0);
  }
  run.version.value++;
  return nodes;
}

/** The text of a query that gives the chosen nodes. */
export function queryFor(run: StatementRun, nodes: readonly number[]): string {
  const ids = nodes.slice(0, 100).map(node => JSON.stringify(run.graph.nodeElementId(node)));
  return `MATCH (n) WHERE ${idOf("n")} IN [${ids.join(", ")}]\nOPTIONAL MATCH (n)-[r]-(m)\nRETURN n, r, m`;
}
