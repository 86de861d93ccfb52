// Runs ForceAtlas2 in a worker of the page's own: the library's makes one out of a string, which a strict content
// security policy forbids.
import iterate from "graphology-layout-forceatlas2/iterate.js";
import { wordsPerNode, type LayoutOrder, type LayoutStep } from "./layout.js";

const scope = globalThis as unknown as {
  postMessage(message: LayoutStep, transfer: Transferable[]): void;
  onmessage: (event: MessageEvent<LayoutOrder>) => void;
};

/** How long to compute between two pictures, in milliseconds. */
const slice = 24;
/** How long to compute in all. */
const longest = 20_000;
/** Where a node's word says that it stays. */
const fixed = 9;

let current:
  | {
      run: number;
      nodes: Float32Array;
      edges: Float32Array;
      settings: object;
      left: number;
      ends: number;
      waiting: boolean;
    }
  | undefined;

scope.onmessage = ({ data }) => {
  if (data.order === "start") {
    const { run, nodes, edges, settings, iterations } = data;
    current = { run, nodes, edges, settings, left: iterations, ends: performance.now() + longest, waiting: false };
    step(current);
  } else if (current && data.run === current.run) {
    if (data.order === "stop") current = undefined;
    else if (data.order === "hold") hold(current.nodes, data);
    else if (current.waiting) {
      current.waiting = false;
      step(current);
    }
  }
};

/**
 * Computes until it is time for a picture. The next waits until the page has taken this one, so that a slow page is
 * not flooded.
 */
function step(own: NonNullable<typeof current>): void {
  if (own !== current) return;
  const until = performance.now() + slice;
  do iterate(own.settings, own.nodes, own.edges);
  while (--own.left > 0 && performance.now() < until);
  const done = own.left <= 0 || performance.now() > own.ends;
  const places = placesOf(own.nodes);
  own.waiting = true;
  scope.postMessage({ run: own.run, places, done }, [places.buffer]);
  if (done) current = undefined;
}

function hold(nodes: Float32Array, { node, x, y, holds }: Extract<LayoutOrder, { order: "hold" }>): void {
  const at = node * wordsPerNode;
  if (at >= nodes.length) return;
  nodes[at] = x;
  nodes[at + 1] = y;
  nodes[at + fixed] = holds ? 1 : 0;
}

function placesOf(nodes: Float32Array): Float32Array<ArrayBuffer> {
  const places = new Float32Array((nodes.length / wordsPerNode) * 2);
  for (let i = 0; i < places.length / 2; i++) {
    places[2 * i] = nodes[wordsPerNode * i]!;
    places[2 * i + 1] = nodes[wordsPerNode * i + 1]!;
  }
  return places;
}
