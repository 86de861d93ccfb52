import type { Graph } from "../../index.js";

/** How many nodes have each label, and how many relationships each type; the most frequent first. */
export function countsOf(graph: Graph): { labels: [string, number][]; types: [string, number][] } {
  const sets = tally(graph.labelSet, graph.labelSets.length);
  const kinds = tally(graph.typeOf, graph.types.length);
  return {
    labels: summed(graph.labelSets.flatMap((set, i) => set.map((label): [string, number] => [label, sets[i]!]))),
    types: summed(graph.types.map((type, i) => [type, kinds[i]!])),
  };
}

/** How often each of so many small numbers is there. */
function tally(numbers: Uint32Array, different: number): Uint32Array {
  const counts = new Uint32Array(different);
  for (const number of numbers) counts[number]!++;
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
