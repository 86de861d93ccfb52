import { caption, type Graph } from "../../index.js";
import { edgeColour, nodeColour, type GraphLooks } from "./looks.js";

/** What a node or relationship is besides its place, as bits. */
export const hidden = 1;
export const selected = 2;
export const pinned = 4;
export const faded = 8;
export const hovered = 16;

const smallest = 5;
const largest = 20;
/** Curvature between parallel relationships, as a share of their length. */
const bend = 0.22;

/** A graph as it is drawn: typed arrays by the indices of the graph, that grow with it. */
export class Scene {
  graph: Graph;
  nodes = 0;
  edges = 0;
  /** x and y of each node. */
  places = new Float32Array(2 * 64);
  radii = new Float32Array(64);
  flags = new Uint8Array(64);
  degrees = new Uint32Array(64);
  sources = new Uint32Array(64);
  targets = new Uint32Array(64);
  edgeFlags = new Uint8Array(64);
  bends = new Float32Array(64);
  /** Counts up with every change of what there is, or how it looks. */
  version = 0;
  readonly #pairs = new Map<number, number>();
  #looks: GraphLooks;
  /** Of each node, its relationships one behind the other; made when it is needed. */
  #incidence: { starts: Uint32Array; edges: Uint32Array } | undefined;

  constructor(graph: Graph, looks: GraphLooks) {
    this.graph = graph;
    this.#looks = looks;
  }

  set looks(looks: GraphLooks) {
    this.#looks = looks;
    for (let node = 0; node < this.nodes; node++) this.#size(node);
    this.version++;
  }

  get looks(): GraphLooks {
    return this.#looks;
  }

  /**
   * Takes over what the graph has and the scene has not, until the deadline (of performance.now). True when there
   * is more to take.
   */
  grow(deadline = Infinity): boolean {
    const { graph } = this;
    const before = this.nodes;
    while (this.nodes < graph.nodeCount) {
      if ((this.nodes & 255) === 255 && performance.now() > deadline) return this.#grown(true);
      this.#addNode();
    }
    const { source, target } = graph;
    while (this.edges < graph.relationshipCount) {
      if ((this.edges & 255) === 255 && performance.now() > deadline) return this.#grown(true);
      this.#addEdge(source[this.edges]!, target[this.edges]!, before);
    }
    return this.#grown(false);
  }

  #grown(more: boolean): boolean {
    this.#incidence = undefined;
    this.version++;
    return more;
  }

  #addNode(): void {
    const node = this.nodes++;
    if (node >= this.radii.length) {
      this.places = grown(this.places);
      this.radii = grown(this.radii);
      this.flags = grown(this.flags);
      this.degrees = grown(this.degrees);
    }
    const radius = 12 * Math.sqrt(node + 0.5);
    const angle = node * 2.399963229728653; // the golden angle fills a disc evenly
    this.places[2 * node] = radius * Math.cos(angle);
    this.places[2 * node + 1] = radius * Math.sin(angle);
    this.#size(node);
  }

  #addEdge(from: number, to: number, oldNodes: number): void {
    const edge = this.edges++;
    if (edge >= this.sources.length) {
      this.sources = grown(this.sources);
      this.targets = grown(this.targets);
      this.edgeFlags = grown(this.edgeFlags);
      this.bends = grown(this.bends);
    }
    this.sources[edge] = from;
    this.targets[edge] = to;
    const low = Math.min(from, to);
    const key = low * 0x400_0000 + Math.max(from, to);
    const place = this.#pairs.get(key) ?? 0;
    this.#pairs.set(key, place + 1);
    const side = (place & 1 ? 1 : -1) * Math.ceil(place / 2) * bend;
    this.bends[edge] = from === to ? 1 + place * 0.6 : from === low ? side : -side;
    this.#counted(from);
    this.#counted(to);
    this.#near(from, to, oldNodes);
    this.#near(to, from, oldNodes);
  }

  #counted(node: number): void {
    this.degrees[node]!++;
    this.#size(node);
  }

  /** A new node begins beside the old one that it is joined to. */
  #near(node: number, other: number, oldNodes: number): void {
    if (oldNodes === 0 || node < oldNodes || other >= oldNodes) return;
    const angle = node * 2.399963229728653;
    this.places[2 * node] = this.places[2 * other]! + 40 * Math.cos(angle);
    this.places[2 * node + 1] = this.places[2 * other + 1]! + 40 * Math.sin(angle);
  }

  #size(node: number): void {
    const factor = this.#looks.node(this.graph.labels(node)).size ?? 1;
    this.radii[node] = factor * Math.min(smallest + 1.7 * Math.sqrt(this.degrees[node]!), largest);
  }

  colour(node: number): string {
    return nodeColour(this.#looks, this.graph, node);
  }

  edgeColour(edge: number): string | undefined {
    return edgeColour(this.#looks, this.graph, edge);
  }

  edgeWidth(edge: number): number {
    return 1.3 * (this.#looks.edge(this.graph.type(edge)).size ?? 1);
  }

  /** The text at a node. */
  caption(node: number): string {
    const wanted = this.#looks.node(this.graph.labels(node)).caption;
    if (wanted === "") return "";
    const value = wanted === undefined ? undefined : this.graph.nodeProperty(node, wanted);
    return (value === undefined ? caption(this.graph, node) : String(value)).slice(0, 80);
  }

  edgeCaption(edge: number): string {
    const wanted = this.#looks.edge(this.graph.type(edge)).caption;
    if (wanted === "") return "";
    const value = wanted === undefined ? undefined : this.graph.relationshipProperty(edge, wanted);
    return (value === undefined ? this.graph.type(edge) : String(value)).slice(0, 60);
  }

  /** The relationships of a node. */
  edgesOf(node: number): Uint32Array {
    const { starts, edges } = (this.#incidence ??= this.#joined());
    return edges.subarray(starts[node]!, starts[node + 1]!);
  }

  other(edge: number, node: number): number {
    return this.sources[edge] === node ? this.targets[edge]! : this.sources[edge]!;
  }

  shows(edge: number): boolean {
    return (
      ((this.flags[this.sources[edge]!]! | this.flags[this.targets[edge]!]! | this.edgeFlags[edge]!) & hidden) === 0
    );
  }

  /** Sets or clears a bit of nodes. */
  flag(bit: number, on: boolean, nodes: Iterable<number>): void {
    for (const node of nodes) this.flags[node] = on ? this.flags[node]! | bit : this.flags[node]! & ~bit;
    this.version++;
  }

  clear(bit: number): void {
    for (let node = 0; node < this.nodes; node++) this.flags[node]! &= ~bit;
    for (let edge = 0; edge < this.edges; edge++) this.edgeFlags[edge]! &= ~bit;
    this.version++;
  }

  nodesWith(bit: number): number[] {
    const found: number[] = [];
    for (let node = 0; node < this.nodes; node++) if (this.flags[node]! & bit) found.push(node);
    return found;
  }

  #joined(): { starts: Uint32Array; edges: Uint32Array } {
    const starts = new Uint32Array(this.nodes + 1);
    for (let edge = 0; edge < this.edges; edge++) {
      starts[this.sources[edge]! + 1]!++;
      if (this.sources[edge] !== this.targets[edge]) starts[this.targets[edge]! + 1]!++;
    }
    for (let node = 0; node < this.nodes; node++) starts[node + 1]! += starts[node]!;
    const next = starts.slice();
    const edges = new Uint32Array(starts[this.nodes]!);
    for (let edge = 0; edge < this.edges; edge++) {
      edges[next[this.sources[edge]!]!++] = edge;
      if (this.sources[edge] !== this.targets[edge]) edges[next[this.targets[edge]!]!++] = edge;
    }
    return { starts, edges };
  }
}

/** Twice the room. */
function grown<T extends Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(array: T): T {
  const made = new (array.constructor as new (length: number) => T)(2 * array.length);
  made.set(array as never);
  return made;
}
