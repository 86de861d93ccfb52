import { unique } from "./assert.js";

/**
 * Gives a query that waits for a lock until free is called. Of one that only counts, Neo4j 4.4 would not even look
 * whether it was terminated.
 */
export async function stuck(open) {
  const label = unique("Stuck");
  const holder = await open();
  await (await holder.runProg("", `CREATE (:${label} {x: 0})`)).consume();
  const held = await holder.begin();
  await (await holder.runQuery(held, `MATCH (n:${label}) SET n.x = 1`)).consume();
  return {
    cypher: `MATCH (n:${label}) SET n.x = 2 RETURN n.x AS x`,
    async free() {
      await holder.rollback(held);
      await (await holder.runProg("", `MATCH (n:${label}) DELETE n`)).consume();
      await holder.close();
    },
  };
}
