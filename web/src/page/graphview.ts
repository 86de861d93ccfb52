import { DEFAULT_EDGE_CURVATURE, EdgeCurvedArrowProgram, indexParallelEdgesIndex } from "@sigma/edge-curve";
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { EdgeArrowProgram } from "sigma/rendering";
import type { Graph } from "../index.js";
import { addToGraphology } from "../presets/graphology.js";
import { element } from "./dom.js";
import { drawHover, drawLabel } from "./labels.js";
import { Layout } from "./layout.js";
import type { Palette } from "./palette.js";
import { themeColours } from "./theme.js";

const smallest = 5;
const largest = 18;

/** Draws a graph with WebGL. A node's key is its index in the graph, in digits. */
export class GraphView {
  /** Called with the node that was clicked, or undefined for the ground. */
  onSelect: (node: number | undefined) => void = () => {};
  /** Called with the node that was clicked twice. */
  onExpand: (node: number) => void = () => {};
  /** Called when nodes begin and cease to move. */
  onArranging: (moving: boolean) => void = () => {};
  readonly #root: HTMLElement;
  readonly #palette: Palette;
  readonly #graph = new MultiDirectedGraph();
  readonly #layout: Layout;
  #sigma: Sigma | undefined;
  #hovered: string | undefined;
  #selected: string | undefined;
  #highlighted: string | undefined;
  #near = new Set<string>();

  constructor(root: HTMLElement, palette: Palette) {
    this.#root = root;
    this.#palette = palette;
    this.#layout = new Layout(this.#graph, () => this.onArranging(false));
  }

  get nodes(): number {
    return this.#graph.order;
  }

  get relationships(): number {
    return this.#graph.size;
  }

  /** Begins a new graph. */
  begin(): void {
    this.#layout.stop();
    this.#hovered = this.#selected = this.#highlighted = undefined;
    this.#near.clear();
    this.#graph.clear();
  }

  /** Draws what the graph has and the view has not. */
  grow(graph: Graph): void {
    const delta = { nodes: [this.nodes, graph.nodeCount], relationships: [this.relationships, graph.relationshipCount], filled: [] } as const;
    addToGraphology(this.#graph, graph, delta, { color: (_, node) => this.#palette.colour(graph.labels(node)[0] ?? "") });
    if (delta.relationships[1] > delta.relationships[0]) this.#shapeEdges();
    this.#resize();
    this.#ensureDrawn();
  }

  /** Lets the nodes find their places. */
  arrange(): void {
    this.#ensureDrawn();
    const { clientWidth, clientHeight } = this.#root;
    this.#layout.stretch = clientHeight > 0 ? Math.min(Math.max(clientWidth / clientHeight, 0.6), 1.7) : 1;
    this.onArranging(true);
    this.#layout.start();
  }

  /** Shows the nodes of one label above the others; undefined for all alike. */
  highlight(label: string | undefined): void {
    this.#highlighted = label;
    this.#sigma?.refresh({ skipIndexation: true });
  }

  select(id: string | undefined): void {
    this.#selected = id;
    this.#sigma?.refresh({ skipIndexation: true });
  }

  zoom(by: "in" | "out" | "fit"): void {
    const camera = this.#sigma?.getCamera();
    if (by === "in") void camera?.animatedZoom({ duration: 200 });
    else if (by === "out") void camera?.animatedUnzoom({ duration: 200 });
    else void camera?.animatedReset({ duration: 300 });
  }

  /** Where on the page a node is drawn. */
  placeOf(node: number): { x: number; y: number } | undefined {
    if (!this.#sigma) return undefined;
    const { x, y } = this.#graph.getNodeAttributes(String(node)) as { x: number; y: number };
    const place = this.#sigma.graphToViewport({ x, y });
    const { left, top } = this.#root.getBoundingClientRect();
    return { x: place.x + left, y: place.y + top };
  }

  /** Takes over the theme's colours. */
  recolour(): void {
    const colours = themeColours();
    this.#sigma?.setSetting("labelColor", { color: colours.text });
    this.#sigma?.setSetting("edgeLabelColor", { color: colours.muted });
    this.#sigma?.setSetting("defaultEdgeColor", colours.edge);
    this.#sigma?.refresh();
  }

  /** Parallel relationships are drawn as curves, so that each can be seen. */
  #shapeEdges(): void {
    indexParallelEdgesIndex(this.#graph as never, { edgeIndexAttribute: "place", edgeMinIndexAttribute: "first", edgeMaxIndexAttribute: "last" });
    this.#graph.forEachEdge((id, { place, first, last }) => {
      if (typeof place !== "number") {
        this.#graph.mergeEdgeAttributes(id, { type: "straight" });
        return;
      }
      const curvature = typeof first === "number" ? curve(place, first, last as number) : curve(place, -(last as number), last as number);
      this.#graph.mergeEdgeAttributes(id, { type: curvature === 0 ? "straight" : "curved", curvature });
    });
  }

  #resize(): void {
    this.#graph.forEachNode((id) => {
      this.#graph.setNodeAttribute(id, "size", Math.min(smallest + 1.6 * Math.sqrt(this.#graph.degree(id)), largest));
    });
  }

  #ensureDrawn(): void {
    if (this.#sigma || this.#root.clientWidth === 0) return;
    if (!canDraw()) {
      this.#root.replaceChildren(element("p", { class: "note" }, "This browser does not offer WebGL here, so the graph cannot be drawn. The table has it all."));
      return;
    }
    const colours = themeColours();
    const sigma = new Sigma(this.#graph, this.#root, {
      defaultEdgeType: "straight", edgeProgramClasses: { straight: EdgeArrowProgram, curved: EdgeCurvedArrowProgram },
      labelFont: "system-ui, sans-serif", labelSize: 12, labelWeight: "500", labelColor: { color: colours.text }, edgeLabelSize: 10,
      edgeLabelFont: "system-ui, sans-serif", edgeLabelColor: { color: colours.muted }, defaultEdgeColor: colours.edge, renderEdgeLabels: true,
      labelDensity: 0.5, labelGridCellSize: 110, labelRenderedSizeThreshold: 8, zIndex: true, minCameraRatio: 0.03, maxCameraRatio: 4,
      stagePadding: 60, hideEdgesOnMove: false, defaultDrawNodeHover: drawHover, defaultDrawNodeLabel: drawLabel, allowInvalidContainer: true,
      nodeReducer: (id, data) => this.#nodeLook(id, data as never), edgeReducer: (id, data) => this.#edgeLook(id, data as never),
    });
    this.#sigma = sigma;
    this.#listen(sigma);
  }

  #listen(sigma: Sigma): void {
    sigma.on("enterNode", ({ node }) => this.#hover(node));
    sigma.on("leaveNode", () => this.#hover(undefined));
    sigma.on("clickNode", ({ node }) => this.#choose(node));
    sigma.on("clickStage", () => this.#choose(undefined));
    sigma.on("doubleClickNode", (event) => {
      event.preventSigmaDefault();
      this.onExpand(Number(event.node));
    });
    sigma.on("downNode", ({ node }) => {
      this.#layout.held = node;
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox());
    });
    sigma.on("moveBody", ({ event }) => {
      if (!this.#layout.held) return;
      this.#graph.mergeNodeAttributes(this.#layout.held, sigma.viewportToGraph(event));
      event.preventSigmaDefault();
      event.original.preventDefault();
    });
    const drop = () => {
      this.#layout.held = undefined;
      sigma.setCustomBBox(null);
    };
    sigma.on("upNode", drop);
    sigma.on("upStage", drop);
  }

  #hover(id: string | undefined): void {
    this.#hovered = id;
    this.#near = new Set(id === undefined ? [] : this.#graph.neighbors(id));
    this.#root.style.cursor = id === undefined ? "" : "pointer";
    this.#sigma?.refresh({ skipIndexation: true });
  }

  #choose(id: string | undefined): void {
    this.select(id);
    this.onSelect(id === undefined ? undefined : Number(id));
  }

  #nodeLook(id: string, data: { labels: readonly string[]; color: string; label: string; size: number }): object {
    const focus = this.#hovered ?? this.#selected;
    const faded = (this.#highlighted !== undefined && !data.labels.includes(this.#highlighted))
      || (this.#hovered !== undefined && id !== this.#hovered && !this.#near.has(id));
    if (faded) return { ...data, color: themeColours().faded, label: "", zIndex: 0 };
    return { ...data, zIndex: id === focus ? 2 : 1, highlighted: id === this.#selected, forceLabel: this.#hovered !== undefined && this.#near.has(id) };
  }

  #edgeLook(id: string, given: { label: string }): object {
    const colours = themeColours();
    const data = { ...given, size: 1.4 };
    if (this.#hovered !== undefined) {
      if (!this.#graph.hasExtremity(id, this.#hovered)) return { ...data, color: colours.fadedEdge, label: "", zIndex: 0 };
      return { ...data, color: colours.accent, size: data.size * 1.4, forceLabel: true, zIndex: 1 };
    }
    const quiet = this.#sigma !== undefined && this.#sigma.getCamera().ratio > 0.55 && this.#graph.size > 60;
    return { ...data, color: this.#highlighted === undefined ? colours.edge : colours.fadedEdge, label: quiet ? "" : data.label };
  }
}

let drawable: boolean | undefined;

/** Whether there is WebGL: without a graphics driver some browsers have none. */
function canDraw(): boolean {
  drawable ??= document.createElement("canvas").getContext("webgl2") !== null;
  return drawable;
}

/** Curves of relationships between the same two nodes fan out; the middle one of an odd number is straight. */
function curve(place: number, first: number, last: number): number {
  if (last <= 0) return 0;
  if (first < 0) return (place / last) * DEFAULT_EDGE_CURVATURE;
  return (0.15 + 0.35 * (last === first ? 1 : (place - first) / (last - first))) * (last > 0 ? 1 : 0);
}
