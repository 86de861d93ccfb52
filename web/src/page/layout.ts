import type Graph from "graphology";
import { inferSettings } from "graphology-layout-forceatlas2";
import { graphToByteArrays } from "graphology-layout-forceatlas2/helpers.js";
import defaults from "graphology-layout-forceatlas2/defaults.js";

/** To the layout's worker. */
export interface LayoutStart {
  run: number;
  nodes: Float32Array;
  edges: Float32Array;
  settings: object;
  /** Milliseconds. */
  duration: number;
}

/** From the layout's worker. */
export interface LayoutStep {
  run: number;
  positions: Float32Array;
  done: boolean;
}

/** Finds places for nodes, in a worker, while the page shows how they move. */
export class Layout {
  readonly #graph: Graph;
  readonly #onDone: () => void;
  readonly #worker = new Worker(new URL("./layout.js", import.meta.url), { type: "module" });
  #run = 0;
  #ids: string[] = [];
  /** A node that the user holds stays where it is. */
  held: string | undefined;

  /** onDone is called when the nodes have found their places. */
  constructor(graph: Graph, onDone: () => void) {
    this.#graph = graph;
    this.#onDone = onDone;
    this.#worker.onmessage = ({ data }: MessageEvent<LayoutStep>) => this.#step(data);
  }

  /** Begins, or begins again from where the nodes are. */
  start(duration = durationFor(this.#graph.order)): void {
    this.stop();
    if (this.#graph.order < 2) {
      this.#onDone();
      return;
    }
    this.#ids = this.#graph.nodes();
    const { nodes, edges } = graphToByteArrays(this.#graph, () => 1);
    const settings = {
      ...defaults, ...inferSettings(this.#graph), barnesHutOptimize: this.#graph.order > 1000, gravity: 0.6, scalingRatio: 12, slowDown: 4,
      strongGravityMode: false, adjustSizes: this.#graph.order < 600,
    };
    this.#worker.postMessage({ run: this.#run, nodes, edges, settings, duration } satisfies LayoutStart, [nodes.buffer, edges.buffer]);
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
      return { ...attributes, x: positions[2 * i]!, y: positions[2 * i + 1]! };
    }, { attributes: ["x", "y"] });
    if (done) this.#onDone();
  }
}

function durationFor(nodes: number): number {
  return Math.min(1200 + nodes * 3, 12_000);
}
