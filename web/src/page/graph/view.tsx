import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { firstNodes, type StatementRun } from "../core/run.js";
import { styles } from "../core/styles.js";
import { many } from "../core/text.js";
import { isDark, themeColours } from "../core/theme.js";
import { drawn } from "../core/workspace.js";
import { ExportMenu } from "../ui/export-menu.js";
import { GraphActions } from "./actions.js";
import type { Camera } from "./camera.js";
import { GraphCanvas, type CanvasEvents, type Selection } from "./canvas.js";
import { Details } from "./details.js";
import type { GraphFormat } from "./export.js";
import { Legend } from "./legend.js";
import { looksOf } from "./looks.js";
import { Search } from "./search.js";
import { GraphMenu, GraphTools, type MenuPlace } from "./tools.js";

const formats: [GraphFormat, string][] = [
  ["png", "PNG"],
  ["svg", "SVG"],
  ["json", "JSON"],
];
const none: Selection = { nodes: [], edge: undefined };
const drawSteps = [firstNodes, 50_000, 500_000];

/** The nodes and relationships of a result. */
export function GraphView({ run }: { run: StatementRun }) {
  const { root, canvas, actions, selection, told, picked, setPicked, menu, setMenu } = useGraph(run);
  const { graph } = run;
  const { nodes } = selection;
  const size = `${many(graph.nodeCount, "node")} and ${many(graph.relationshipCount, "relationship")}`;
  const pick = (label: string | undefined): void => {
    setPicked(label);
    canvas().fade(label === undefined ? undefined : node => graph.labels(node).includes(label));
  };
  const look = (found: number[]): void => {
    canvas().select(found);
    if (found.length > 0) canvas().fit(found);
  };
  const closeMenu = (): void => {
    setMenu(undefined);
    root.current?.focus();
  };
  return (
    <div class="graph-view">
      <div id="graph" ref={root} role="application" aria-label={`Graph of ${size}. ${keys}`} />
      <Legend graph={graph} version={run.version.value} picked={picked} pick={pick} />
      <div class="view-tools">
        <Search graph={graph} found={look} />
        <ExportMenu what="the graph" id="export-graph" formats={formats} choose={format => actions.export(format)} />
      </div>
      <GraphTools actions={actions} nodes={nodes} canvas={canvas} />
      {menu && <GraphMenu place={menu} actions={actions} nodes={nodes} canvas={canvas} close={closeMenu} />}
      {(told || graph.truncated) && (
        <p class="graph-told" role="status">
          {told}
          {told && graph.truncated ? " " : ""}
          {graph.truncated && <More run={run} />}
        </p>
      )}
      <Details graph={graph} selection={selection} close={() => canvas().select([])} choose={node => look([node])} />
      {graph.nodeCount === 0 && run.ended && <p class="note">No nodes in this result.</p>}
    </div>
  );
}

/** What the view of a statement's graph holds; another graph begins anew. */
function useGraph(run: StatementRun) {
  const current = useRef(run);
  current.current = run;
  const [selection, setSelection] = useState<Selection>(none);
  const [picked, setPicked] = useState<string>();
  const [told, setTold] = useState("");
  const [menu, setMenu] = useState<MenuPlace>();
  const { root, canvas } = useCanvas(run, {
    select: setSelection,
    expand: node => actions.expand([node]),
    menu: (node, x, y) => setMenu({ node, x, y }),
    moving: moving => (drawn.value = { ...drawn.peek(), moving }),
  });
  const actions = useMemo(() => new GraphActions(canvas, () => current.current, setTold), []);
  useEffect(() => {
    setSelection(none);
    setPicked(undefined);
    setTold("");
    setMenu(undefined);
  }, [run.graph]);
  return { root, canvas, actions, selection, told, picked, setPicked, menu, setMenu };
}

/** The room that the legend and the tools take of the view. */
function insetsOf({ parentElement, clientWidth }: HTMLElement): Camera["insets"] {
  const legend = parentElement!.querySelector<HTMLElement>("#legend");
  const bottom = 62;
  if (clientWidth < 600) return { left: 8, top: 52, right: 36, bottom };
  const width = legend && legend.offsetHeight > 60 ? legend.offsetWidth + 16 : 8; // folded, it is in nobody's way
  return { left: Math.min(width, clientWidth / 3), top: 12, right: 48, bottom };
}

const keys = "Arrow keys choose nodes, Enter expands, Delete hides, M opens a menu, plus and minus zoom.";

/** The canvas that draws the graph of a statement, and what lets it grow and arrange itself. */
function useCanvas(run: StatementRun, events: CanvasEvents) {
  const root = useRef<HTMLDivElement>(null);
  const held = useRef<GraphCanvas>(undefined);
  const arranged = useRef(0);
  const version = run.version.value;
  const { graph } = run;
  useEffect(() => {
    const canvas = new GraphCanvas(root.current!, graph, looksOf(styles.peek()), themeColours, events);
    held.current = canvas;
    placeOf.current = node => canvas.placeOf(node);
    return () => {
      placeOf.current = undefined;
      canvas.close();
    };
  }, []);
  useSignalEffect(() => {
    if (held.current) held.current.looks = looksOf(styles.value);
  });
  useSignalEffect(() => {
    void isDark();
    held.current?.ask();
  });
  useEffect(() => {
    held.current!.begin(graph);
    arranged.current = 0;
  }, [graph]);
  useEffect(() => {
    const canvas = held.current!;
    canvas.grow();
    const { nodeCount: nodes, relationshipCount: relationships, truncated } = graph;
    const whole = run.ended && !run.filling;
    const more = nodes > 1.5 * arranged.current || (whole && nodes + relationships > arranged.current);
    drawn.value = { nodes, relationships, truncated, moving: drawn.peek().moving || (more && nodes > 0) };
    if (!more || nodes === 0) return;
    arranged.current = whole ? nodes + relationships : nodes;
    canvas.arrange();
  }, [graph, version, run.state.value]);
  useEffect(() => {
    held.current!.insets = insetsOf(root.current!);
  });
  return { root, canvas: (): GraphCanvas => held.current! };
}

/** Says that not all is drawn, and offers more. */
function More({ run }: { run: StatementRun }) {
  const next = drawSteps.find(limit => limit > run.nodeLimit);
  return (
    <>
      Only the first {run.nodeLimit.toLocaleString()} nodes are drawn.
      {next && run.ended && (
        <button type="button" class="link" id="draw-more" onClick={() => void run.drawMore(next)}>
          Draw up to {next.toLocaleString()}
        </button>
      )}
    </>
  );
}

/** For tests: where a node is drawn. */
export const placeOf: { current: ((node: number) => { x: number; y: number } | undefined) | undefined } = {
  current: undefined,
};
