import { jsonValue } from "../../index.js";
import { save } from "../ui/download.js";
import type { GraphCanvas } from "./canvas.js";
import { boxOf, headOf, lineOf } from "./geometry.js";
import { hidden } from "./scene.js";

export type GraphFormat = "png" | "svg" | "json";

/**
 * Saves the graph: PNG is what is seen, SVG all that is not hidden, JSON the nodes and relationships with all
 * properties.
 */
export async function exportGraph(format: GraphFormat, canvas: GraphCanvas): Promise<void> {
  if (format === "json") await save("graph.json", "application/json", json(canvas));
  else if (format === "svg") await save("graph.svg", "image/svg+xml", svg(canvas));
  else await save("graph.png", "image/png", [await png(canvas)]);
}

function png(canvas: GraphCanvas): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    canvas.picture().toBlob(blob => {
      if (blob) void blob.arrayBuffer().then(bytes => resolve(new Uint8Array(bytes)));
      else reject(new Error("the browser makes no picture of this size"));
    }, "image/png");
  });
}

function* json({ scene }: GraphCanvas): Generator<string> {
  const { graph } = scene;
  yield '{"nodes":[';
  for (let node = 0; node < scene.nodes; node++) {
    const { labels = [], properties = {} } = graph.node(node) ?? {};
    yield (node === 0 ? "\n" : ",\n") +
      JSON.stringify({ id: graph.nodeElementId(node), labels, properties: jsonValue(properties) });
  }
  yield '\n],"relationships":[';
  for (let edge = 0; edge < scene.edges; edge++) {
    const { type, properties } = graph.relationship(edge);
    const ends = { start: graph.nodeElementId(scene.sources[edge]!), end: graph.nodeElementId(scene.targets[edge]!) };
    yield (edge === 0 ? "\n" : ",\n") +
      JSON.stringify({ id: graph.relationshipElementId(edge), type, ...ends, properties: jsonValue(properties) });
  }
  yield "\n]}\n";
}

function* svg({ scene, camera, colours: colourNames }: GraphCanvas): Generator<string> {
  const colours = colourNames();
  const [left, top, right, bottom] = boxOf(scene) ?? [0, 0, 1, 1];
  const scale = Math.max(camera.scale, 0.2);
  const unit = camera.zoom / scale;
  const at = ([x, y]: readonly [number, number]): string =>
    `${((x - left) * scale + 60).toFixed(1)} ${((y - top) * scale + 40).toFixed(1)}`;
  const [width, height] = [(right - left) * scale + 220, (bottom - top) * scale + 80];
  const font = 'font-family="system-ui, sans-serif" font-size="12"';
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}"`;
  yield `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n`;
  yield `<rect width="100%" height="100%" fill="${colours.ground}"/>\n`;
  for (let edge = 0; edge < scene.edges; edge++) {
    if (!scene.shows(edge)) continue;
    const line = lineOf(scene, edge, unit);
    const colour = scene.edgeColour(edge) ?? colours.edge;
    const stroke = `fill="none" stroke="${colour}" stroke-width="${(scene.edgeWidth(edge) * camera.zoom).toFixed(2)}"`;
    if (line.loop) {
      const [x, y] = at(line.centre).split(" ");
      yield `<circle cx="${x}" cy="${y}" r="${(line.radius * scale).toFixed(1)}" ${stroke}/>\n`;
      continue;
    }
    const title = `<title>${escaped(scene.edgeCaption(edge))}</title>`;
    yield `<path d="M${at(line.from)}Q${at(line.control)} ${at(line.to)}" ${stroke}>${title}</path>\n`;
    yield `<polygon points="${headOf(line, (4 + 2.2 * scene.edgeWidth(edge)) * unit)
      .map(at)
      .join(" ")}" fill="${colour}"/>\n`;
  }
  for (let node = 0; node < scene.nodes; node++) {
    if (scene.flags[node]! & hidden) continue;
    const [x, y] = at([scene.places[2 * node]!, scene.places[2 * node + 1]!]).split(" ") as [string, string];
    const radius = scene.radii[node]! * camera.zoom;
    yield `<circle cx="${x}" cy="${y}" r="${radius.toFixed(1)}" fill="${scene.colour(node)}"/>\n`;
    if (scene.nodes > 2000) continue;
    const place = `x="${(Number(x) + radius + 5).toFixed(1)}" y="${(Number(y) + 4).toFixed(1)}"`;
    yield `<text ${place} fill="${colours.text}">${escaped(scene.caption(node))}</text>\n`;
  }
  yield "</svg>\n";
}

function escaped(text: string): string {
  const plain = text.toWellFormed().replace(/\p{Cc}|[\ufffe\uffff]/gu, " "); // XML has no form for most of these
  return plain.replace(/[&<>"]/g, letter => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]!);
}
