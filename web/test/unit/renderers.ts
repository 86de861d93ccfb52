// Runs in the browser: gives a graph from the test vectors to each renderer that needs one, and tells what it made of
// it.
import { Graph as Cosmos } from "@cosmos.gl/graph";
import ForceGraph3D from "3d-force-graph";
import graphology from "graphology";
import Sigma from "sigma";
import { GraphBuilder } from "../../src/graph.js";
import { cosmosData } from "../../src/presets/cosmos.js";
import { forceData, growForceData } from "../../src/presets/force.js";
import { addToGraphology } from "../../src/presets/graphology.js";
import { BlockReader } from "../../src/rowblock.js";

const frame = () => new Promise(resolve => requestAnimationFrame(resolve));

function place(): HTMLDivElement {
  const element = document.createElement("div");
  element.style.cssText = "width: 400px; height: 300px";
  document.body.append(element);
  return element;
}

/** Reads blocks, in steps. */
function grow(
  steps: string[][],
  step: (builder: GraphBuilder, delta: ReturnType<GraphBuilder["add"]>) => void = () => {},
) {
  const builder = new GraphBuilder({ ends: "placeholder" });
  for (const blocks of steps) {
    const reader = new BlockReader();
    for (const hex of blocks) {
      const bytes = Uint8Array.from(hex.match(/../g)!, byte => parseInt(byte, 16));
      step(builder, builder.add(reader.read(bytes.buffer)));
    }
  }
  return builder.graph;
}

async function cosmos(steps: string[][]) {
  const graph = grow(steps);
  const renderer = new Cosmos(place(), { enableSimulation: true });
  await (renderer as unknown as { ready?: Promise<void> }).ready;
  const data = cosmosData(graph);
  renderer.setPointPositions(data.pointPositions);
  renderer.setPointColors(data.pointColors);
  renderer.setPointSizes(data.pointSizes);
  renderer.setLinks(data.links);
  renderer.render();
  for (let i = 0; i < 3; i++) await frame();
  const positions = renderer.getPointPositions();
  const answer = { points: positions.length / 2, finite: [...positions].every(Number.isFinite) };
  renderer.destroy();
  return answer;
}

async function force3D(steps: string[][]) {
  const data = forceData(grow([]));
  const renderer = new ForceGraph3D(place(), { controlType: "orbit" });
  grow(steps, ({ graph }, delta) => {
    growForceData(data, graph, delta);
    renderer.graphData({ ...data });
  });
  renderer.cooldownTicks(3);
  for (let i = 0; i < 10; i++) await frame();
  const { nodes, links } = renderer.graphData() as {
    nodes: { x?: number; name: string }[];
    links: { source: { name?: string } }[];
  };
  const answer = {
    nodes: nodes.length,
    links: links.length,
    finite: nodes.every(({ x }) => Number.isFinite(x)),
    source: links[0]!.source.name,
  };
  renderer._destructor();
  return answer;
}

async function sigma(steps: string[][]) {
  const target = new graphology.MultiDirectedGraph();
  const renderer = new Sigma(target, place());
  grow(steps, ({ graph }, delta) => addToGraphology(target, graph, delta));
  await frame();
  await frame();
  const shown = renderer.getNodeDisplayData("0");
  const answer = { nodes: target.order, edges: target.size, label: shown?.label, finite: Number.isFinite(shown?.x) };
  renderer.kill();
  return answer;
}

Object.assign(globalThis, { renderers: { cosmos, force3D, sigma } });
