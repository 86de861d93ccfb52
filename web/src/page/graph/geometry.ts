import type { Scene } from "./scene.js";

/** A relationship's line in the scene: a quadratic curve, or a circle for one that ends where it starts. */
export type Line =
  | { loop: false; from: [number, number]; control: [number, number]; to: [number, number] }
  | { loop: true; centre: [number, number]; radius: number };

/** unit is the length of a pixel in the scene; lines end at the rims of the nodes, whose radii are in pixels. */
export function lineOf(scene: Scene, edge: number, unit: number): Line {
  const source = scene.sources[edge]!;
  const target = scene.targets[edge]!;
  const [x, y] = [scene.places[2 * source]!, scene.places[2 * source + 1]!];
  const bend = scene.bends[edge]!;
  if (source === target) {
    const radius = scene.radii[source]! * unit * bend;
    return { loop: true, centre: [x, y - scene.radii[source]! * unit - radius * 0.75], radius };
  }
  const [toX, toY] = [scene.places[2 * target]!, scene.places[2 * target + 1]!];
  const control: [number, number] = [(x + toX) / 2 - (toY - y) * bend, (y + toY) / 2 + (toX - x) * bend];
  const back = scene.radii[target]! * unit;
  const length = Math.hypot(toX - control[0], toY - control[1]) || 1;
  const share = Math.min(back / length, 0.9);
  return {
    loop: false,
    from: [x, y],
    control,
    to: [toX + (control[0] - toX) * share, toY + (control[1] - toY) * share],
  };
}

/** The middle of a line, where its caption stands, and its direction there. */
export function middleOf(line: Line): { x: number; y: number; angle: number } {
  if (line.loop) return { x: line.centre[0], y: line.centre[1] - line.radius, angle: 0 };
  const { from, control, to } = line;
  return {
    x: (from[0] + 2 * control[0] + to[0]) / 4,
    y: (from[1] + 2 * control[1] + to[1]) / 4,
    angle: Math.atan2(to[1] - from[1], to[0] - from[0]),
  };
}

/** The corners of the head at a line's end, size long. */
export function headOf(line: Line, size: number): [number, number][] {
  if (line.loop) return [];
  const { control, to } = line;
  const length = Math.hypot(to[0] - control[0], to[1] - control[1]) || 1;
  const [dx, dy] = [(to[0] - control[0]) / length, (to[1] - control[1]) / length];
  const [baseX, baseY] = [to[0] - dx * size, to[1] - dy * size];
  return [
    to,
    [baseX - dy * size * 0.42, baseY + dx * size * 0.42],
    [baseX + dy * size * 0.42, baseY - dx * size * 0.42],
  ];
}

/** The box around the nodes that are shown, or undefined where there are none. */
export function boxOf(scene: Scene, nodes?: readonly number[]): [number, number, number, number] | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (node: number): void => {
    if (scene.flags[node]! & 1) return;
    const [x, y] = [scene.places[2 * node]!, scene.places[2 * node + 1]!];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  };
  if (nodes) nodes.forEach(add);
  else for (let node = 0; node < scene.nodes; node++) add(node);
  return left <= right ? [left, top, right, bottom] : undefined;
}
