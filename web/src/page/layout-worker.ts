// Runs ForceAtlas2 in a worker of the page's own: the library's makes one out of a string, which a strict content security policy forbids.
import iterate from "graphology-layout-forceatlas2/iterate.js";
import type { LayoutStart, LayoutStep } from "./layout.js";

const scope = globalThis as unknown as { postMessage(message: LayoutStep): void; onmessage: (event: MessageEvent<LayoutStart>) => void };

/** How long to compute between two pictures, in milliseconds. */
const slice = 24;
/** How long to compute in all. */
const longest = 15_000;
/** Words of a node in the library's arrays, of which the first two are its place. */
const wordsPerNode = 10;

let running = 0;

scope.onmessage = ({ data }) => {
  const run = ++running;
  const ends = performance.now() + longest;
  let left = data.iterations;
  const step = () => {
    if (run !== running) return;
    const until = performance.now() + slice;
    do iterate(data.settings, data.nodes, data.edges);
    while (--left > 0 && performance.now() < until);
    const done = left <= 0 || performance.now() > ends;
    scope.postMessage({ run: data.run, positions: positionsOf(data.nodes), done });
    if (!done) setTimeout(step, 0);
  };
  step();
};

function positionsOf(nodes: Float32Array): Float32Array {
  const positions = new Float32Array((nodes.length / wordsPerNode) * 2);
  for (let i = 0; i < positions.length / 2; i++) {
    positions[2 * i] = nodes[wordsPerNode * i]!;
    positions[2 * i + 1] = nodes[wordsPerNode * i + 1]!;
  }
  return positions;
}
