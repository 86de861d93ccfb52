// The real server: which it is, and the nodes that it has for us.
import { label, people } from "./settings.mjs";

/** The server that the environment names, if it does. */
export function realServer() {
  const text = process.env.WEBBOLT_NEO4J_5_26;
  return text && JSON.parse(text);
}

/** The loads that are measured over HTTP: those that plain JSON can carry, too. */
export const httpQuery = load => ["integers", "scalars", "nodes", "one"].includes(load);

export async function run({ http, user, password }, statement, parameters) {
  const response = await fetch(`http://${http}/db/neo4j/tx/commit`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Basic ${btoa(`${user}:${password}`)}` },
    body: JSON.stringify({ statements: [{ statement, parameters }] }),
  });
  const { errors } = await response.json();
  if (errors.length > 0) throw new Error(errors[0].message);
}

/** Makes a ring of nodes. */
export async function prepare(server) {
  await tidy(server);
  await run(
    server,
    `UNWIND range(0, $n - 1) AS i
    CREATE (n:${label} {i: i, name: 'name number ' + i, born: 1950 + i % 60, score: i / 7.0, active: i % 2 = 0, city: 'Malmö'})
    WITH collect(n) AS ring
    UNWIND range(0, $n - 1) AS i
    WITH ring[i] AS a, ring[(i + 1) % $n] AS b, i
    CREATE (a)-[:NEXT {since: 2000 + i % 25}]->(b)`,
    { n: people },
  );
}

export const tidy = server => run(server, `MATCH (n:${label}) DETACH DELETE n`);
