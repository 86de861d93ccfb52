import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Graph } from "../../index.js";
import { read } from "../core/session.js";
import { ask } from "../core/workspace.js";
import { GraphBuilder } from "../../index.js";
import { useLive } from "../ui/live.js";
import { Facts, LiveView } from "./live.js";

interface IndexRow {
  name: string;
  type: string;
  entityType: string;
  labelsOrTypes: string[] | null;
  properties: string[] | null;
  state?: string;
}

async function load() {
  const builder = new GraphBuilder({ nodeLimit: 2000 });
  const [indexes, constraints] = await Promise.all([
    read<IndexRow>("SHOW INDEXES").catch(() => []),
    read<IndexRow>("SHOW CONSTRAINTS").catch(() => []),
    ask("CALL db.schema.visualization()", {})
      .then(async result => {
        for await (const _ of result.blocks({ graph: builder }));
      })
      .catch(() => {}),
  ]);
  return { indexes, constraints, graph: builder.graph };
}

/** Labels and types as a graph, indexes and constraints as tables. */
export function SchemaView() {
  const live = useLive(load, 30);
  return (
    <LiveView title="Schema" live={live}>
      {({ indexes, constraints, graph }) => (
        <>
          {graph.nodeCount > 0 ? <SchemaGraph graph={graph} /> : <p class="muted">The database has no labels.</p>}
          <h3>Indexes</h3>
          <Facts
            heads={["Name", "Type", "On", "Properties", "State"]}
            empty="None."
            rows={indexes
              .slice(0, 1000)
              .map(row => [row.name, row.type, places(row), row.properties?.join(", ") ?? "", row.state ?? ""])}
          />
          <h3>Constraints</h3>
          <Facts
            heads={["Name", "Type", "On", "Properties"]}
            empty="None."
            rows={constraints
              .slice(0, 1000)
              .map(row => [row.name, row.type, places(row), row.properties?.join(", ") ?? ""])}
          />
        </>
      )}
    </LiveView>
  );
}

function places({ labelsOrTypes, entityType }: IndexRow): string {
  return labelsOrTypes?.length ? labelsOrTypes.map(name => ":" + name).join(", ") : `all ${entityType.toLowerCase()}s`;
}

/** Drawn by the page's own custom element. */
function SchemaGraph({ graph }: { graph: Graph }) {
  const element = useRef<HTMLElement & { graph?: Graph }>(null);
  const shape = useRef("");
  useEffect(() => {
    const now = `${graph.nodeCount} ${graph.relationshipCount}`;
    if (element.current && now !== shape.current) element.current.graph = graph;
    shape.current = now;
  }, [graph]);
  return <webbolt-graph ref={element} class="schema-graph" id="schema-graph" />;
}

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "webbolt-graph": { ref?: RefObject<HTMLElement | null>; class?: string; id?: string };
    }
  }
}
