// A graph that grows while its rows arrive, drawn by sigma.
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { auth, connect } from "webbolt";
import { addToGraphology } from "webbolt/presets/graphology";

const form = document.getElementById("connect");
const told = document.getElementById("told");
const drawn = new MultiDirectedGraph();
new Sigma(drawn, document.getElementById("graph"), { renderEdgeLabels: true });

form.addEventListener("submit", async event => {
  event.preventDefault();
  const { uri, user, password } = Object.fromEntries(new FormData(form));
  drawn.clear();
  try {
    const db = await connect(uri, { auth: auth.basic(user, password) });
    const result = await db.run("MATCH (n)-[r]->(m) RETURN n, r, m LIMIT $limit", { limit: 2000 }, { readonly: true });
    const graph = await result.graph({ onGrow: (graph, step) => addToGraphology(drawn, graph, step) });
    told.value = `${graph.nodeCount} nodes, ${graph.relationshipCount} relationships`;
    await db.close();
  } catch (error) {
    told.value = error.message;
  }
});
