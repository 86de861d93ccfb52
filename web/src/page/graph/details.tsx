import { caption, type Graph } from "../../index.js";
import { labelColour } from "../core/styles.js";
import { many, textOf } from "../core/text.js";
import { IconButton } from "../ui/icon.js";
import type { Selection } from "./canvas.js";

/** All properties of the chosen node or relationship, or how many are chosen. */
export function Details({
  graph,
  selection: { nodes, edge },
  close,
  choose,
}: {
  graph: Graph;
  selection: Selection;
  close: () => void;
  choose: (node: number) => void;
}) {
  if (edge !== undefined) return <EdgeDetails graph={graph} edge={edge} close={close} choose={choose} />;
  if (nodes.length === 0) return null;
  if (nodes.length > 1) {
    return (
      <Panel title={many(nodes.length, "node")} close={close}>
        <ul class="chosen">
          {nodes.slice(0, 100).map(node => (
            <li>
              <button type="button" onClick={() => choose(node)}>
                <span class="dot" style={{ background: labelColour(graph.labels(node)[0] ?? "") }} />
                {caption(graph, node).slice(0, 80)}
              </button>
            </li>
          ))}
        </ul>
      </Panel>
    );
  }
  const node = graph.node(nodes[0]!);
  if (!node) return null;
  return (
    <Panel title={caption(graph, nodes[0]!).slice(0, 200)} close={close}>
      <p class="pills">
        {node.labels.map(label => (
          <span class="pill" style={{ "--colour": labelColour(label) }}>
            {label}
          </span>
        ))}
      </p>
      <Properties properties={node.properties} />
      <code class="element-id" title="element id">
        {node.elementId}
      </code>
    </Panel>
  );
}

function EdgeDetails({
  graph,
  edge,
  close,
  choose,
}: {
  graph: Graph;
  edge: number;
  close: () => void;
  choose: (node: number) => void;
}) {
  const relationship = graph.relationship(edge);
  const ends = [graph.source[edge]!, graph.target[edge]!] as const;
  const end = (node: number) => (
    <button type="button" class="link" onClick={() => choose(node)}>
      {caption(graph, node).slice(0, 60)}
    </button>
  );
  return (
    <Panel title={relationship.type} close={close}>
      <p>
        {end(ends[0])} → {end(ends[1])}
      </p>
      <Properties properties={relationship.properties} />
      <code class="element-id" title="element id">
        {relationship.elementId}
      </code>
    </Panel>
  );
}

function Panel({ title, close, children }: { title: string; close: () => void; children: preact.ComponentChildren }) {
  return (
    <aside class="float-panel" id="details" aria-label="What is chosen">
      <header>
        <h2>{title}</h2>
        <IconButton name="close" label="Close" onClick={close} />
      </header>
      {children}
    </aside>
  );
}

function Properties({ properties }: { properties: Record<string, unknown> }) {
  const entries = Object.entries(properties)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, 1000);
  if (entries.length === 0) return <p class="muted">No properties.</p>;
  return (
    <dl class="facts">
      {entries.map(([key, value]) => (
        <>
          <dt>{key.slice(0, 200)}</dt>
          <dd class={typeof value === "number" ? "number" : ""}>{textOf(value, 2000)}</dd>
        </>
      ))}
    </dl>
  );
}
