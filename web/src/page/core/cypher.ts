import { server } from "./session.js";

/** The element id of a variable, in the words that the server knows: elementId came with Neo4j 5. */
export function idOf(variable: string): string {
  return server.peek()?.version.startsWith("4.") ? `toString(id(${variable}))` : `elementId(${variable})`;
}
