import type { Camera } from "./camera.js";
import { lineOf } from "./geometry.js";
import { hidden, type Scene } from "./scene.js";

type Place = readonly [x: number, y: number];

/** The node at a place of the screen, or no farther from it than some pixels. */
export function nodeAt(scene: Scene, camera: Camera, x: number, y: number, room: number): number | undefined {
  let [found, nearest] = [-1, Infinity];
  const [atX, atY] = camera.toScene(x, y);
  for (let node = 0; node < scene.nodes; node++) {
    if (scene.flags[node]! & hidden) continue;
    const away =
      Math.hypot(scene.places[2 * node]! - atX, scene.places[2 * node + 1]! - atY) * camera.scale -
      Math.max(scene.radii[node]! * camera.zoom, 2);
    if (away < room && away < nearest) [found, nearest] = [node, away];
  }
  return found < 0 ? undefined : found;
}

/** The relationship at a place of the screen, or no farther from it than some pixels. */
export function edgeAt(scene: Scene, camera: Camera, x: number, y: number, room: number): number | undefined {
  const unit = camera.zoom / camera.scale;
  const at = camera.toScene(x, y);
  const reach = room / camera.scale;
  for (let edge = 0; edge < scene.edges; edge++) {
    if (!scene.shows(edge)) continue;
    const line = lineOf(scene, edge, unit);
    if (line.loop) {
      const [centreX, centreY] = line.centre;
      if (Math.abs(Math.hypot(at[0] - centreX, at[1] - centreY) - line.radius) < reach) return edge;
    } else if (
      near(line.from, line.control, line.to, at, reach) &&
      distance(line.from, line.control, line.to, at) < reach
    ) {
      return edge;
    }
  }
  return undefined;
}

/** Whether a place lies in the box around a curve; the curve itself is dearer to try. */
function near(from: Place, control: Place, to: Place, [x, y]: Place, reach: number): boolean {
  return (
    x > Math.min(from[0], control[0], to[0]) - reach &&
    x < Math.max(from[0], control[0], to[0]) + reach &&
    y > Math.min(from[1], control[1], to[1]) - reach &&
    y < Math.max(from[1], control[1], to[1]) + reach
  );
}

/** From a place to a curve, closely enough to click it. */
function distance(from: Place, control: Place, to: Place, [x, y]: Place): number {
  let least = Infinity;
  let [lastX, lastY] = from;
  for (let step = 1; step <= 12; step++) {
    const t = step / 12;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    const [nextX, nextY] = [a * from[0] + b * control[0] + c * to[0], a * from[1] + b * control[1] + c * to[1]];
    const [dx, dy] = [nextX - lastX, nextY - lastY];
    const share = Math.min(Math.max(((x - lastX) * dx + (y - lastY) * dy) / (dx * dx + dy * dy || 1), 0), 1);
    least = Math.min(least, Math.hypot(lastX + dx * share - x, lastY + dy * share - y));
    [lastX, lastY] = [nextX, nextY];
  }
  return least;
}
