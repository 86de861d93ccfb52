import type { Colours } from "../core/theme.js";
import type { Camera } from "./camera.js";
import { lineOf, middleOf } from "./geometry.js";
import { faded, hidden, hovered, selected, type Scene } from "./scene.js";

const font = "system-ui, sans-serif";
const mostLabels = 120;
/** Smaller nodes have no caption, in pixels. */
const smallestLabelled = 3.4;
/** What a letter takes on average, and a line with the room around it, in pixels. */
const letter = 6.9;
const lineHeight = 20;
const longestCaption = 28;
/** Captions of relationships are written if no more than so many are in sight. */
const mostEdges = 45;

/** Writes captions above the drawn graph: those of large nodes first, and none upon another. */
export class Labels {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #order: Uint32Array = new Uint32Array(0);
  /** How many nodes and relationships the order was made of. */
  #orderOf = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
  }

  draw(scene: Scene, camera: Camera, colours: Colours, moving: boolean): void {
    const context = this.#context;
    const ratio = this.#canvas.width / camera.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    context.lineJoin = "round";
    this.#sort(scene, moving);
    if (!moving) this.#edges(scene, camera, colours);
    this.#nodes(scene, camera, colours);
  }

  /** Puts nodes with many relationships first; while a graph moves or grows, only when it has become much larger. */
  #sort(scene: Scene, moving: boolean): void {
    const size = scene.nodes + scene.edges;
    const same = moving ? size >= this.#orderOf && size < 1.5 * this.#orderOf : size === this.#orderOf;
    if (same && this.#order.length <= scene.nodes) return;
    this.#order = Uint32Array.from({ length: scene.nodes }, (_, node) => node).sort(
      (a, b) => scene.degrees[b]! - scene.degrees[a]!,
    );
    this.#orderOf = size;
  }

  #nodes(scene: Scene, camera: Camera, colours: Colours): void {
    const taken: [left: number, top: number, right: number][] = [];
    const marked: number[] = [];
    let written = 0;
    for (const node of this.#order) {
      if (written >= mostLabels) break;
      const flags = scene.flags[node]!;
      if (flags & (hidden | faded)) continue;
      if (flags & (selected | hovered)) {
        marked.push(node);
        continue;
      }
      const radius = scene.radii[node]! * camera.zoom;
      if (radius < smallestLabelled) continue;
      const [x, y] = camera.toScreen(scene.places[2 * node]!, scene.places[2 * node + 1]!);
      if (x < -20 || y < -20 || x > camera.width + 20 || y > camera.height + 20) continue;
      // not even a short one has room
      if (taken.some(([from, top, to]) => Math.abs(top - y) < lineHeight && from < x + radius + 40 && to > x)) continue;
      const caption = scene.caption(node);
      const text = caption.length > longestCaption ? caption.slice(0, longestCaption - 1) + "…" : caption;
      const [left, right] = [x - radius, x + radius + 8 + text.length * letter];
      if (taken.some(([from, top, to]) => Math.abs(top - y) < lineHeight && from < right && to > left)) continue;
      taken.push([left, y, right]);
      this.#node(text, x, y, radius, colours);
      written++;
    }
    for (const node of marked.slice(0, 100)) {
      const [x, y] = camera.toScreen(scene.places[2 * node]!, scene.places[2 * node + 1]!);
      this.#plate(scene.caption(node), x, y, scene.radii[node]! * camera.zoom, colours);
    }
  }

  /** A caption beside its node, with a halo that lifts it off the lines behind. */
  #node(text: string, x: number, y: number, radius: number, colours: Colours): void {
    if (!text) return;
    const context = this.#context;
    context.font = `500 12px ${font}`;
    context.lineWidth = 3.5;
    context.strokeStyle = colours.ground;
    context.strokeText(text, x + radius + 5, y + 4);
    context.fillStyle = colours.text;
    context.fillText(text, x + radius + 5, y + 4);
  }

  /** The whole caption on a plate. */
  #plate(text: string, x: number, y: number, radius: number, colours: Colours): void {
    if (!text) return;
    const context = this.#context;
    context.font = `600 12px ${font}`;
    const width = context.measureText(text).width + 16;
    context.beginPath();
    context.roundRect(x + radius + 7, y - 11, width, 22, 6);
    context.fillStyle = colours.raised;
    context.shadowColor = "rgba(0, 0, 0, 0.25)";
    context.shadowBlur = 8;
    context.fill();
    context.shadowBlur = 0;
    context.fillStyle = colours.text;
    context.fillText(text, x + radius + 15, y + 4);
  }

  #edges(scene: Scene, camera: Camera, colours: Colours): void {
    const context = this.#context;
    const unit = camera.zoom / camera.scale;
    const inSight: { text: string; x: number; y: number; angle: number; lit: boolean }[] = [];
    if (scene.edges > 20_000 && camera.scale < 0.5) return;
    for (let edge = 0; edge < scene.edges; edge++) {
      const flags = scene.edgeFlags[edge]!;
      const lit = (flags & (hovered | selected)) !== 0;
      const length = this.#length(scene, edge) * camera.scale;
      if ((length < 96 && !lit) || !scene.shows(edge) || flags & faded) continue;
      const middle = middleOf(lineOf(scene, edge, unit));
      const [x, y] = camera.toScreen(middle.x, middle.y);
      if (x < 0 || y < 0 || x > camera.width || y > camera.height) continue;
      inSight.push({ text: scene.edgeCaption(edge), x, y, angle: middle.angle, lit });
      if (inSight.length > mostEdges) return;
    }
    context.font = `500 10px ${font}`;
    context.textAlign = "center";
    for (const { text, x, y, angle, lit } of inSight) {
      context.save();
      context.translate(x, y);
      context.rotate(Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle);
      context.lineWidth = 3;
      context.strokeStyle = colours.ground;
      context.strokeText(text, 0, 3);
      context.fillStyle = lit ? colours.accent : colours.muted;
      context.fillText(text, 0, 3);
      context.restore();
    }
    context.textAlign = "start";
  }

  #length(scene: Scene, edge: number): number {
    const [from, to] = [scene.sources[edge]!, scene.targets[edge]!];
    if (from === to) return 100;
    return Math.hypot(
      scene.places[2 * from]! - scene.places[2 * to]!,
      scene.places[2 * from + 1]! - scene.places[2 * to + 1]!,
    );
  }
}
