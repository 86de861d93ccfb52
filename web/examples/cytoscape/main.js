// A graph in cytoscape; a tap on a node adds its neighbours.
import cytoscape from "cytoscape";
import { auth, connect, GraphBuilder } from "webbolt";
import { cytoscapeElements } from "webbolt/presets/cytoscape";

const form = document.getElementById("connect");
const told = document.getElementById("told");
const view = cytoscape({
  container: document.getElementById("graph"),
  style: [
    { selector: "node", style: { label: "data(label)", "background-color": "data(color)", "font-size": 10 } },
    {
      selector: "edge",
      style: {
        label: "data(label)",
        "font-size": 8,
        "curve-style": "bezier",
        "target-arrow-shape": "triangle",
        width: 1,
      },
    },
  ],
});
let db;
let builder;

async function add(cypher, parameters) {
  const result = await db.run(cypher, parameters, { readonly: true });
  const before = { nodes: builder.graph.nodeCount, relationships: builder.graph.relationshipCount };
  for await (const _ of result.blocks({ graph: builder }));
  const { graph } = builder;
  view.add(
    cytoscapeElements(graph, {
      nodes: [before.nodes, graph.nodeCount],
      relationships: [before.relationships, graph.relationshipCount],
      filled: [],
    }),
  );
  view.layout({ name: "cose", animate: false, randomize: before.nodes === 0 }).run();
  told.value = `${graph.nodeCount} nodes, ${graph.relationshipCount} relationships`;
}

form.addEventListener("submit", async event => {
  event.preventDefault();
  const { uri, user, password } = Object.fromEntries(new FormData(form));
  try {
    await db?.close();
    view.elements().remove();
    builder = new GraphBuilder();
    db = await connect(uri, { auth: auth.basic(user, password) });
    await add("MATCH (n)-[r]->(m) RETURN n, r, m LIMIT $limit", { limit: 50 });
  } catch (error) {
    told.value = error.message;
  }
});

view.on("tap", "node", ({ target }) =>
  add("MATCH (n)-[r]-(m) WHERE elementId(n) = $id RETURN n, r, m LIMIT 50", {
    id: builder.graph.nodeElementId(target.data("index")),
  }),
);
