import defaults from "graphology-layout-forceatlas2/defaults.js";
import { hidden, pinned, type Scene } from "./scene.js";

/** To the layout's worker. */
export type LayoutOrder =
  | { order: "start"; run: number; nodes: Float32Array; edges: Float32Array; settings: object; iterations: number }
  | { order: "more" | "stop"; run: number }
  /** A node is dragged to a place, or let go. node counts those that are laid out. */
  | { order: "hold"; run: number; node: number; x: number; y: number; holds: boolean };

/** From the layout's worker. */
export interface LayoutStep {
  run: number;
  /** x and y of the nodes that are laid out. */
  places: Float32Array<ArrayBuffer>;
  done: boolean;
}

/** Words of a node in ForceAtlas2's arrays: place, forces, mass, convergence, size, whether it stays. */
export const wordsPerNode = 10;
const wordsPerEdge = 3;
/** A unit of the layout in units of the scene. */
const spread = 10;

/** Finds places for the nodes that are shown, in a worker, while the page shows how they move. */
export class Layout {
  readonly #onStep: () => void;
  readonly #onDone: () => void;
  #worker: Worker | undefined;
  #run = 0;
  #scene: Scene | undefined;
  /** The nodes that are laid out. */
  #nodes = new Uint32Array(0);
  /** Of each node of the scene, which it is among those; -1 for none. */
  #placeOf = new Int32Array(0);
  #held: number | undefined;
  /** How much wider than high the picture is to be. */
  stretch = 1;
  moving = false;

  /** onStep is called when nodes have moved, onDone when they have found their places. */
  constructor(onStep: () => void, onDone: () => void) {
    this.#onStep = onStep;
    this.#onDone = onDone;
  }

  /** Begins, or begins again from where the nodes are. */
  start(scene: Scene): void {
    this.stop();
    this.#scene = scene;
    const nodes = new Uint32Array(scene.nodes);
    this.#placeOf = new Int32Array(scene.nodes).fill(-1);
    let count = 0;
    for (let node = 0; node < scene.nodes; node++) {
      if (scene.flags[node]! & hidden) continue;
      this.#placeOf[node] = count;
      nodes[count++] = node;
    }
    this.#nodes = nodes.subarray(0, count);
    if (count < 2) return this.#end();
    this.moving = true;
    const matrix = this.#matrix(scene);
    const edges = this.#edges(scene);
    // Gravity that grows with the distance keeps what is not joined to the rest from drifting away.
    const settings = {
      ...defaults,
      linLogMode: true,
      strongGravityMode: true,
      gravity: 0.02,
      scalingRatio: 1,
      slowDown: 5,
      barnesHutOptimize: count > 1000,
    };
    const iterations = Math.max(150, Math.round(600 / (1 + count / 2000)));
    this.#post({ order: "start", run: this.#run, nodes: matrix, edges, settings, iterations }, [
      matrix.buffer,
      edges.buffer,
    ]);
  }

  stop(): void {
    if (this.moving) this.#post({ order: "stop", run: this.#run });
    this.moving = false;
    this.#run++;
  }

  close(): void {
    this.stop();
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** The user drags a node to a place of the scene; without a place, lets it go. */
  hold(node: number, place?: readonly [number, number]): void {
    this.#held = place ? node : undefined;
    const at = this.#placeOf[node] ?? -1;
    const scene = this.#scene;
    if (!this.moving || at < 0 || !scene) return;
    const [x, y] = place ?? [scene.places[2 * node]!, scene.places[2 * node + 1]!];
    const holds = place !== undefined || (scene.flags[node]! & pinned) !== 0;
    this.#post({ order: "hold", run: this.#run, node: at, x: x / spread / this.stretch, y: y / spread, holds });
  }

  #matrix(scene: Scene): Float32Array<ArrayBuffer> {
    const matrix = new Float32Array(this.#nodes.length * wordsPerNode);
    for (let i = 0; i < this.#nodes.length; i++) {
      const node = this.#nodes[i]!;
      const at = i * wordsPerNode;
      matrix[at] = scene.places[2 * node]! / spread / this.stretch;
      matrix[at + 1] = scene.places[2 * node + 1]! / spread;
      matrix[at + 6] = 1 + scene.degrees[node]!;
      matrix[at + 7] = 1;
      matrix[at + 8] = 1;
      matrix[at + 9] = scene.flags[node]! & pinned || node === this.#held ? 1 : 0;
    }
    return matrix;
  }

  #edges(scene: Scene): Float32Array<ArrayBuffer> {
    const edges = new Float32Array(scene.edges * wordsPerEdge);
    let count = 0;
    for (let edge = 0; edge < scene.edges; edge++) {
      const from = this.#placeOf[scene.sources[edge]!]!;
      const to = this.#placeOf[scene.targets[edge]!]!;
      if (from < 0 || to < 0 || from === to) continue;
      edges[count] = from * wordsPerNode;
      edges[count + 1] = to * wordsPerNode;
      edges[count + 2] = 1;
      count += wordsPerEdge;
    }
    return edges.slice(0, count);
  }

  #post(order: LayoutOrder, transfer: Transferable[] = []): void {
    if (!this.#worker) {
      this.#worker = new Worker(new URL("./layout.js", import.meta.url), { type: "module" });
      this.#worker.onmessage = ({ data }: MessageEvent<LayoutStep>) => this.#step(data);
    }
    this.#worker.postMessage(order, transfer);
  }

  #step({ run, places, done }: LayoutStep): void {
    if (run !== this.#run || !this.#scene) return;
    const scene = this.#scene;
    for (let i = 0; i < this.#nodes.length; i++) {
      const node = this.#nodes[i]!;
      if (node === this.#held) continue;
      scene.places[2 * node] = places[2 * i]! * this.stretch * spread;
      scene.places[2 * node + 1] = places[2 * i + 1]! * spread;
    }
    this.#onStep();
    if (done) this.#end();
    else requestAnimationFrame(() => run === this.#run && this.#post({ order: "more", run }));
  }

  #end(): void {
    this.moving = false;
    this.#onDone();
  }
}
