import type Graph from "graphology";
import { graphToByteArrays } from "graphology-layout-forceatlas2/helpers.js";
import defaults from "graphology-layout-forceatlas2/defaults.js";

/** To the layout's worker. */
export interface LayoutStart {
  run: number;
  nodes: Float32Array;
  edges: Float32Array;
  settings: object;
  iterations: number;
}

/** From the layout's worker. */
export interface LayoutStep {
  run: number;
  positions: Float32Array;
  done: boolean;
}

/** Words of a node in the library's arrays, of which the first two are its place. */
const wordsPerNode = 10;

/** Finds places for nodes, in a worker, while the page shows how they move. */
export class Layout {
  readonly #graph: Graph;
  readonly #onDone: () => void;
  readonly #worker = new Worker(new URL("./layout.js", import.meta.url), { type: "module" });
  #run = 0;
  #ids: string[] = [];
  /** How much wider than high the picture is to be. */
  stretch = 1;
  /** A node that the user holds stays where it is. */
  held: string | undefined;

  /** onDone is called when the nodes have found their places. */
  constructor(graph: Graph, onDone: () => void) {
    this.#graph = graph;
    this.#onDone = onDone;
    this.#worker.onmessage = ({ data }: MessageEvent<LayoutStep>) => this.#step(data);
  }

  /** Begins, or begins again from where the nodes are. */
  start(): void {
    this.stop();
    if (this.#graph.order < 2) {
      this.#onDone();
      return;
    }
    this.#ids = this.#graph.nodes();
    const { nodes, edges } = graphToByteArrays(this.#graph, () => 1);
    for (let x = 0; x < nodes.length; x += wordsPerNode) nodes[x]! /= this.stretch;
    // Gravity that grows with the distance keeps what is not joined to the rest from drifting away.
    const settings = {
      ...defaults, linLogMode: true, strongGravityMode: true, gravity: 0.05, scalingRatio: 1, slowDown: 5,
      barnesHutOptimize: this.#graph.order > 1000,
    };
    this.#worker.postMessage({ run: this.#run, nodes, edges, settings, iterations: iterationsFor(this.#graph.order) } satisfies LayoutStart, [nodes.buffer, edges.buffer]);
  }

  stop(): void {
    this.#run++;
  }

  #step({ run, positions, done }: LayoutStep): void {
    if (run !== this.#run) return;
    const places = new Map(this.#ids.map((id, i) => [id, i]));
    this.#graph.updateEachNodeAttributes((id, attributes) => {
      const i = places.get(id);
      if (i === undefined || id === this.held) return attributes;
      return { ...attributes, x: positions[2 * i]! * this.stretch, y: positions[2 * i + 1]! };
    }, { attributes: ["x", "y"] });
    if (done) this.#onDone();
  }
}

function iterationsFor(nodes: number): number {
  return Math.max(150, Math.round(600 / (1 + nodes / 2000)));
}
