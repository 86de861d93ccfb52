import type { Graph } from "../../index.js";

/** How many nodes have each label, and how many relationships each type; the most frequent first. */
export function countsOf(graph: Graph): { labels: [string, number][]; types: [string, number][] } {
  const sets = tally(graph.labelSet);
  const kinds = tally(graph.typeOf);
  return {
    labels: summed(
      graph.labelSets.flatMap((set, i) => set.map((label): [string, number] => [label, sets.get(i) ?? 0])),
    ),
    types: summed(graph.types.map((type, i) => [type, kinds.get(i) ?? 0])),
  };
}

function tally(numbers: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

function summed(counts: [string, number][]): [string, number][] {
  const sums = new Map<string, number>();
  for (const [name, n] of counts) sums.set(name, (sums.get(name) ?? 0) + n);
  return [...sums]
    .filter(([, n]) => n > 0)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 200);
}
