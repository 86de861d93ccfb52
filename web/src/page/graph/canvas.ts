import type { Graph } from "../../index.js";
import type { Colours } from "../core/theme.js";
import { Camera } from "./camera.js";
import { CanvasRenderer } from "./canvas2d.js";
import { boxOf } from "./geometry.js";
import { edgeAt, nodeAt } from "./hits.js";
import { Labels } from "./labels.js";
import { Layout } from "./layout.js";
import type { GraphLooks } from "./looks.js";
import { Pace } from "./pace.js";
import { Pointer } from "./pointer.js";
import type { Renderer } from "./renderer.js";
import { faded, hidden, hovered, pinned, Scene, selected } from "./scene.js";
import { WebGLRenderer } from "./webgl.js";

/** What is chosen: nodes, or one relationship. */
export interface Selection {
  nodes: number[];
  edge: number | undefined;
}

/** What the canvas tells. */
export interface CanvasEvents {
  select(selection: Selection): void;
  /** A node was clicked twice, or Enter was pressed on it. */
  expand(node: number): void;
  /** A menu is wanted at a place of the root: of a node, which is chosen then, or of the whole graph. */
  menu(node: number | undefined, x: number, y: number): void;
  /** Nodes begin or cease to move. */
  moving(moving: boolean): void;
}

/** How long a frame may take for what has arrived, in milliseconds. */
const growTime = 6;
/** How long nothing moves before all is drawn, in milliseconds. */
const restTime = 150;

/** A graph on a canvas: drawn while it grows, moved by its layout, looked at and touched by the user. */
export class GraphCanvas {
  readonly camera = new Camera();
  readonly root: HTMLElement;
  readonly colours: () => Colours;
  scene: Scene;
  readonly #events: CanvasEvents;
  readonly #canvas = document.createElement("canvas");
  readonly #overlay = document.createElement("canvas");
  readonly #renderer: Renderer;
  readonly #labels: Labels;
  readonly #layout: Layout;
  readonly #pointer: Pointer;
  readonly #resized: ResizeObserver;
  #asked = false;
  #closed = false;
  #hovered: number | undefined;
  #edge: number | undefined;
  #fading: ((node: number) => boolean) | undefined;
  #growing = false;
  readonly #pace = new Pace();
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** colours is asked for each picture. */
  constructor(root: HTMLElement, graph: Graph, looks: GraphLooks, colours: () => Colours, events: CanvasEvents) {
    this.root = root;
    this.colours = colours;
    this.#events = events;
    this.scene = new Scene(graph, looks);
    this.#canvas.className = "graph-canvas";
    this.#overlay.className = "graph-overlay";
    root.replaceChildren(this.#canvas, this.#overlay);
    this.#renderer = WebGLRenderer.on(this.#canvas) ?? new CanvasRenderer(this.#canvas);
    this.#labels = new Labels(this.#overlay);
    this.#layout = new Layout(
      () => this.#moved(),
      () => {
        this.#events.moving(false);
        this.#moved();
      },
    );
    this.#pointer = new Pointer(this);
    this.#resized = new ResizeObserver(() => this.#size());
    this.#resized.observe(root);
    this.#size();
  }

  /** Begins with another graph. */
  begin(graph: Graph): void {
    this.#layout.stop();
    this.scene = new Scene(graph, this.scene.looks);
    this.camera.moved = false;
    this.#hovered = this.#edge = undefined;
    this.#fading = undefined;
    this.ask();
  }

  /** Draws what the graph has and the canvas has not, some each frame. */
  grow(): void {
    if (this.#growing) return;
    this.#growing = true;
    const step = (): void => {
      if (this.#closed) return;
      this.#growing = this.scene.grow(performance.now() + growTime);
      if (!this.camera.moved) this.#fit(false);
      this.ask();
      if (this.#growing) requestAnimationFrame(step);
    };
    step();
  }

  /** Whether all of the graph is drawn. */
  get caughtUp(): boolean {
    return (
      !this.#growing &&
      this.scene.nodes === this.scene.graph.nodeCount &&
      this.scene.edges === this.scene.graph.relationshipCount
    );
  }

  /** What lies over the edges of the picture. */
  set insets(insets: Camera["insets"]) {
    if (JSON.stringify(insets) === JSON.stringify(this.camera.insets)) return;
    this.camera.insets = insets;
    if (!this.camera.moved) this.#fit(false);
  }

  set looks(looks: GraphLooks) {
    this.scene.looks = looks;
    this.ask();
  }

  /** Lets the nodes find their places. */
  arrange(): void {
    if (this.#closed) return;
    if (!this.caughtUp) {
      requestAnimationFrame(() => this.arrange());
      return;
    }
    const { width, height } = this.camera;
    this.#layout.stretch = Math.min(Math.max(width / height, 0.6), 1.7);
    this.#events.moving(true);
    this.#layout.start(this.scene);
  }

  fit(nodes?: readonly number[]): void {
    this.camera.moved = nodes !== undefined;
    this.#fit(true, nodes);
  }

  zoom(factor: number): void {
    this.camera.zoomAt(factor);
    this.ask();
  }

  get selection(): Selection {
    return { nodes: this.scene.nodesWith(selected), edge: this.#edge };
  }

  /** Chooses nodes or a relationship; add keeps what was chosen, and lets go what was chosen twice. */
  select(nodes: readonly number[], { edge, add = false }: { edge?: number | undefined; add?: boolean } = {}): void {
    const { scene } = this;
    const before = new Set(add ? scene.nodesWith(selected) : []);
    scene.clear(selected);
    for (const node of nodes) {
      if (add && before.has(node)) before.delete(node);
      else before.add(node);
    }
    scene.flag(selected, true, before);
    this.#edge = edge;
    if (edge !== undefined) scene.edgeFlags[edge]! |= selected;
    this.#events.select(this.selection);
    this.ask();
  }

  /** Tells that a node is to be expanded. */
  expandOf(node: number): void {
    this.#events.expand(node);
  }

  /** Tells that a menu is wanted. */
  menuAt(node: number | undefined, x: number, y: number): void {
    if (node !== undefined && !(this.scene.flags[node]! & selected)) this.select([node]);
    this.#events.menu(node, x, y);
  }

  /** The nodes that are not hidden. */
  shownNodes(): number[] {
    return Array.from({ length: this.scene.nodes }, (_, node) => node).filter(
      node => !(this.scene.flags[node]! & hidden),
    );
  }

  /** The node under the pointer; its neighbourhood stands out. */
  hover(node: number | undefined): void {
    if (node === this.#hovered) return;
    this.#hovered = node;
    this.root.style.cursor = node === undefined ? "" : "pointer";
    this.#shade();
  }

  /** Fades the nodes that do not pass; undefined for none. */
  fade(keeps: ((node: number) => boolean) | undefined): void {
    this.#fading = keeps;
    this.#shade();
  }

  pin(nodes: readonly number[], on: boolean): void {
    this.scene.flag(pinned, on, nodes);
    for (const node of nodes) this.#layout.hold(node);
    this.ask();
  }

  hide(nodes: readonly number[]): void {
    this.scene.flag(hidden, true, nodes);
    this.scene.flag(selected, false, nodes);
    this.select([]);
  }

  /** Hides the neighbours of nodes that have no other neighbour in sight. */
  collapse(nodes: readonly number[]): number {
    const { scene } = this;
    const kept = new Set(nodes);
    const leaves = new Set<number>();
    for (const node of nodes) {
      for (const edge of scene.edgesOf(node)) {
        const other = scene.other(edge, node);
        const onlyHere = [...scene.edgesOf(other)].every(
          joined => kept.has(scene.other(joined, other)) || (scene.flags[scene.other(joined, other)]! & hidden) !== 0,
        );
        if (!kept.has(other) && onlyHere) leaves.add(other);
      }
    }
    scene.flag(hidden, true, leaves);
    this.ask();
    return leaves.size;
  }

  /** Shows what was hidden: all, or the neighbours of a node. */
  reveal(node?: number): void {
    const { scene } = this;
    if (node === undefined) scene.clear(hidden);
    else
      scene.flag(
        hidden,
        false,
        [...scene.edgesOf(node)].map(edge => scene.other(edge, node)),
      );
    this.ask();
  }

  drag(node: number, to: readonly [number, number] | undefined): void {
    if (to) {
      this.scene.places[2 * node] = to[0];
      this.scene.places[2 * node + 1] = to[1];
    }
    this.#layout.hold(node, to);
    this.ask();
  }

  /** The node at a place of the root, in pixels; a finger needs more room. */
  nodeAt(x: number, y: number, room = 3): number | undefined {
    return nodeAt(this.scene, this.camera, x, y, room);
  }

  /** The relationship at a place of the root. */
  edgeAt(x: number, y: number, room = 5): number | undefined {
    return edgeAt(this.scene, this.camera, x, y, room);
  }

  /** Draws soon. */
  ask(): void {
    if (this.#asked || this.#closed) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  /** The picture as it is, at once. */
  picture(): HTMLCanvasElement {
    this.#draw(true);
    const made = document.createElement("canvas");
    made.width = this.#canvas.width;
    made.height = this.#canvas.height;
    const context = made.getContext("2d")!;
    context.fillStyle = this.colours().ground;
    context.fillRect(0, 0, made.width, made.height);
    context.drawImage(this.#canvas, 0, 0);
    context.drawImage(this.#overlay, 0, 0);
    return made;
  }

  /** Where on the page a node is drawn. */
  placeOf(node: number): { x: number; y: number } | undefined {
    if (node >= this.scene.nodes) return undefined;
    const [x, y] = this.camera.toScreen(this.scene.places[2 * node]!, this.scene.places[2 * node + 1]!);
    const { left, top } = this.root.getBoundingClientRect();
    return { x: x + left, y: y + top };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#rest);
    this.#resized.disconnect();
    this.#pointer.close();
    this.#layout.close();
    this.#renderer.close();
  }

  #moved(): void {
    if (!this.camera.moved) this.#fit(false);
    this.ask();
  }

  #fit(smooth: boolean, nodes?: readonly number[]): void {
    const box = boxOf(this.scene, nodes);
    if (box) this.camera.fit(box, smooth);
    this.ask();
  }

  /** Draws all, or what the time allows while things move; in that case all soon after. */
  #draw(whole = false): void {
    if (this.#closed || this.camera.width < 2) return;
    const gliding = this.camera.step();
    const colours = this.colours();
    const oneIn = whole ? 1 : this.#pace.frame(this.scene.edges, performance.now());
    clearTimeout(this.#rest);
    if (!whole) this.#rest = setTimeout(() => this.#rests(oneIn), restTime);
    this.#renderer.draw(this.scene, this.camera, colours, oneIn);
    this.#labels.draw(this.scene, this.camera, colours, gliding || this.#layout.moving);
    if (gliding) this.ask();
  }

  /** Nothing has moved for a while. */
  #rests(oneIn: number): void {
    this.#pace.rest();
    if (oneIn > 1) this.#draw(true);
  }

  #size(): void {
    const { clientWidth, clientHeight } = this.root;
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
    this.camera.width = Math.max(clientWidth, 1);
    this.camera.height = Math.max(clientHeight, 1);
    for (const canvas of [this.#canvas, this.#overlay]) {
      canvas.width = Math.max(Math.round(clientWidth * ratio), 1);
      canvas.height = Math.max(Math.round(clientHeight * ratio), 1);
    }
    this.#moved();
  }

  /** Fades what is neither near the pointer nor picked out. */
  #shade(): void {
    const { scene } = this;
    scene.clear(faded);
    scene.clear(hovered);
    const near = this.#hovered === undefined ? undefined : new Set([this.#hovered]);
    if (this.#hovered !== undefined) {
      scene.flag(hovered, true, [this.#hovered]);
      for (const edge of scene.edgesOf(this.#hovered)) {
        near!.add(scene.other(edge, this.#hovered));
        scene.edgeFlags[edge]! |= hovered;
      }
    }
    const keeps = this.#fading;
    if (near || keeps) {
      for (let node = 0; node < scene.nodes; node++)
        if ((near && !near.has(node)) || (!near && keeps && !keeps(node))) scene.flags[node]! |= faded;
      for (let edge = 0; edge < scene.edges; edge++) {
        if (
          !(scene.edgeFlags[edge]! & hovered) &&
          ((scene.flags[scene.sources[edge]!]! | scene.flags[scene.targets[edge]!]!) & faded || near)
        )
          scene.edgeFlags[edge]! |= faded;
      }
    }
    scene.version++;
    this.ask();
  }
}
