import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { firstNodes, type StatementRun } from "../core/run.js";
import { styles } from "../core/styles.js";
import { many, messageOf } from "../core/text.js";
import { isDark, themeColours } from "../core/theme.js";
import { drawn, show } from "../core/workspace.js";
import { IconButton } from "../ui/icon.js";
import { Popover } from "../ui/popover.js";
import { GraphCanvas, type Selection } from "./canvas.js";
import { Details } from "./details.js";
import { exportGraph, type GraphFormat } from "./export.js";
import { Legend } from "./legend.js";
import { looksOf } from "./looks.js";
import { between, expand, queryFor, shortestPath } from "./queries.js";
import { Search } from "./search.js";

const none: Selection = { nodes: [], edge: undefined };
const drawSteps = [firstNodes, 50_000, 500_000];

/** The nodes and relationships of a result. */
export function GraphView({ run }: { run: StatementRun }) {
  const root = useRef<HTMLDivElement>(null);
  const held = useRef<GraphCanvas>(undefined);
  const current = useRef(run);
  const arranged = useRef(0);
  current.current = run;
  const [selection, setSelection] = useState<Selection>(none);
  const [picked, setPicked] = useState<string>();
  const [told, setTold] = useState("");
  const version = run.version.value;
  const graph = run.graph;

  useEffect(() => {
    const canvas = new GraphCanvas(root.current!, graph, looksOf(styles.peek()), themeColours, {
      select: setSelection,
      expand: node => void doExpand([node]),
      moving: moving => (drawn.value = { ...drawn.peek(), moving }),
    });
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
    setSelection(none);
    setPicked(undefined);
    setTold("");
  }, [graph]);
  useEffect(() => {
    const canvas = held.current!;
    canvas.grow();
    const { nodeCount: nodes, relationshipCount: relationships, truncated } = graph;
    const more = nodes > 1.5 * arranged.current || (run.ended && nodes + relationships > arranged.current);
    drawn.value = { nodes, relationships, truncated, moving: drawn.peek().moving || (more && nodes > 0) };
    if (!more || nodes === 0) return;
    arranged.current = run.ended ? nodes + relationships : nodes;
    canvas.arrange();
  }, [graph, version, run.state.value]);

  const attempt = async (work: () => Promise<string>): Promise<void> => {
    const own = run;
    setTold("Asking the server…");
    try {
      const outcome = await work();
      if (current.current === own) setTold(outcome);
    } catch (thrown) {
      if (current.current === own) setTold(messageOf(thrown));
    }
  };
  const doExpand = (nodes: readonly number[]): Promise<void> =>
    attempt(async () => {
      const own = current.current;
      for (const node of nodes) held.current?.reveal(node);
      const came = await expand(own, nodes);
      return `${many(came.nodes, "new node")}, ${many(came.relationships, "new relationship")}.${own.graph.truncated ? " No more are drawn." : ""}`;
    });
  const { nodes } = selection;
  const canvas = (): GraphCanvas => held.current!;
  return (
    <div class="graph-view">
      <div
        id="graph"
        ref={root}
        role="application"
        aria-label={`Graph of ${many(graph.nodeCount, "node")} and ${many(graph.relationshipCount, "relationship")}. Arrow keys choose nodes, Enter expands, Delete hides, plus and minus zoom.`}
      />
      <Legend
        graph={graph}
        version={version}
        picked={picked}
        pick={label => {
          setPicked(label);
          canvas().fade(label === undefined ? undefined : node => graph.labels(node).includes(label));
        }}
      />
      <div class="view-tools">
        <Search
          graph={graph}
          found={found => {
            canvas().select(found);
            if (found.length > 0) canvas().fit(found);
          }}
        />
        <Popover icon="download" label="Export the graph" id="export-graph">
          {close => (
            <ul class="menu">
              {(["png", "svg", "json"] as GraphFormat[]).map(format => (
                <li>
                  <button
                    type="button"
                    id={`export-${format}`}
                    onClick={() => {
                      close();
                      exportGraph(format, canvas()).catch((thrown: unknown) => setTold(messageOf(thrown)));
                    }}
                  >
                    {format.toUpperCase()}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Popover>
      </div>
      <div class="graph-tools" role="toolbar" aria-label="Graph">
        {nodes.length > 0 && (
          <>
            <IconButton name="expand" label="Show neighbours" id="expand" onClick={() => void doExpand(nodes)} />
            <IconButton
              name="collapse"
              label="Hide neighbours that are joined to nothing else"
              id="collapse"
              onClick={() => setTold(`${many(canvas().collapse(nodes), "node")} hidden.`)}
            />
            <IconButton
              name="pin"
              label="Pin or unpin"
              id="pin"
              onClick={() => canvas().pin(nodes, !(canvas().scene.flags[nodes[0]!]! & 4))}
            />
            <IconButton name="hide" label="Hide" id="hide" onClick={() => canvas().hide(nodes)} />
            {nodes.length === 2 && (
              <IconButton
                name="path"
                label="Shortest path between the two"
                id="path"
                onClick={() =>
                  void attempt(async () => {
                    const path = await shortestPath(run, nodes[0]!, nodes[1]!);
                    if (!path) return "There is no path of up to 20 relationships.";
                    requestAnimationFrame(() => canvas().select(path));
                    return `A path of ${many(path.length - 1, "relationship")}.`;
                  })
                }
              />
            )}
            <IconButton
              name="query"
              label="Query for these in the editor"
              id="query-for"
              onClick={() => show(queryFor(run, nodes))}
            />
            <span class="divider" />
          </>
        )}
        <IconButton
          name="link"
          label="Relationships between what is shown"
          id="between"
          onClick={() =>
            void attempt(
              async () => `${many((await between(run, canvas().shownNodes())).relationships, "new relationship")}.`,
            )
          }
        />
        <IconButton name="arrange" label="Arrange again" id="arrange" onClick={() => canvas().arrange()} />
        <IconButton name="refresh" label="Show what is hidden" id="reveal" onClick={() => canvas().reveal()} />
        <span class="divider" />
        <IconButton name="plus" label="Closer" id="zoom-in" onClick={() => canvas().zoom(1.4)} />
        <IconButton name="minus" label="Farther" id="zoom-out" onClick={() => canvas().zoom(1 / 1.4)} />
        <IconButton name="fit" label="Show all" id="zoom-fit" onClick={() => canvas().fit()} />
      </div>
      {(told || graph.truncated) && (
        <p class="graph-told" role="status">
          {told}
          {told && graph.truncated ? " " : ""}
          {graph.truncated && <More run={run} />}
        </p>
      )}
      <Details
        graph={graph}
        selection={selection}
        close={() => canvas().select([])}
        choose={node => {
          canvas().select([node]);
          canvas().fit([node]);
        }}
      />
      {graph.nodeCount === 0 && run.ended && <p class="note">No nodes in this result.</p>}
    </div>
  );
}

/** Says that not all is drawn, and offers more. */
function More({ run }: { run: StatementRun }) {
  const next = drawSteps.find(limit => limit > run.nodeLimit);
  return (
    <>
      Only the first {run.nodeLimit.toLocaleString()} nodes are drawn.
      {next && run.ended && (
        <button type="button" class="link" id="draw-more" onClick={() => run.drawMore(next)}>
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
