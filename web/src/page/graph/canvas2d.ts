import type { Colours } from "../core/theme.js";
import type { Camera } from "./camera.js";
import { headOf, lineOf } from "./geometry.js";
import type { Renderer } from "./renderer.js";
import { faded, hidden, hovered, pinned, selected, type Scene } from "./scene.js";

/** More lines than this are drawn without heads. */
const heads = 4000;

/** Draws without WebGL, for browsers that give none; good for some thousand nodes. */
export class CanvasRenderer implements Renderer {
  readonly #context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
  }

  draw(scene: Scene, camera: Camera, colours: Colours, oneIn: number): void {
    const context = this.#context;
    const ratio = this.#canvas.width / camera.width;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const scale = camera.scale * ratio;
    context.setTransform(
      scale,
      0,
      0,
      scale,
      this.#canvas.width / 2 - camera.x * scale,
      this.#canvas.height / 2 - camera.y * scale,
    );
    const unit = camera.zoom / camera.scale;
    for (let edge = 0; edge < scene.edges; edge += oneIn) if (scene.shows(edge)) this.#line(scene, edge, unit, colours);
    for (let node = 0; node < scene.nodes; node++)
      if (!(scene.flags[node]! & hidden)) this.#node(scene, node, unit, colours);
  }

  close(): void {}

  #line(scene: Scene, edge: number, unit: number, colours: Colours): void {
    const context = this.#context;
    const flags = scene.edgeFlags[edge]!;
    const lit = (flags & (hovered | selected)) !== 0;
    const colour = lit ? colours.accent : flags & faded ? colours.fadedEdge : (scene.edgeColour(edge) ?? colours.edge);
    const line = lineOf(scene, edge, unit);
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = scene.edgeWidth(edge) * (lit ? 1.7 : 1) * unit;
    context.beginPath();
    if (line.loop) context.arc(...line.centre, line.radius, 0, 2 * Math.PI);
    else {
      context.moveTo(...line.from);
      context.quadraticCurveTo(...line.control, ...line.to);
    }
    context.stroke();
    if (line.loop || scene.edges > heads) return;
    context.beginPath();
    for (const corner of headOf(line, (4 + 2.2 * scene.edgeWidth(edge)) * unit)) context.lineTo(...corner);
    context.fill();
  }

  #node(scene: Scene, node: number, unit: number, colours: Colours): void {
    const context = this.#context;
    const flags = scene.flags[node]!;
    const [x, y, radius] = [scene.places[2 * node]!, scene.places[2 * node + 1]!, scene.radii[node]! * unit];
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = flags & faded ? colours.faded : scene.colour(node);
    context.fill();
    if (flags & pinned) {
      context.beginPath();
      context.arc(x, y, radius * 0.3, 0, 2 * Math.PI);
      context.fillStyle = colours.ground;
      context.fill();
    }
    if (!(flags & (selected | hovered))) return;
    context.beginPath();
    context.arc(x, y, radius + 3 * unit, 0, 2 * Math.PI);
    context.strokeStyle = colours.accent;
    context.lineWidth = 2.4 * unit;
    context.stroke();
  }
}
