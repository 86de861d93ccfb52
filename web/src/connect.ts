import { Connector, type ConnectorOptions } from "./connector.js";
import type { CallOptions } from "./options.js";
import type { ConnectionProfile } from "./profile.js";

/**
 * Connects to a server, or to a cluster. Start here.
 *
 * ```js
 * await using db = await connect("neo4j://localhost", { auth: auth.basic("neo4j", "secret") });
 * const result = await db.executeQuery("MATCH (p:Person) WHERE p.name = $name RETURN p", { name: "Ada" });
 * for await (const { p } of result) console.log(p.properties);
 * ```
 *
 * It resolves when a server has been reached and has accepted the user. It rejects with ConnectionUnavailable or
 * Failure.
 */
export async function connect(
  uri: string | ConnectionProfile,
  options: ConnectorOptions & CallOptions = {},
): Promise<Connector> {
  return Connector.open(uri, { initSize: 1, ...options });
}
