import { effect, signal } from "@preact/signals";
import { read, server } from "./session.js";

/** A function or procedure of the server. */
export interface Callable {
  name: string;
  signature: string;
  description: string;
}

/** The names that a database knows, for completion. */
export interface SchemaNames {
  labels: string[];
  types: string[];
  keys: string[];
  functions: Callable[];
  procedures: Callable[];
}

const none: SchemaNames = { labels: [], types: [], keys: [], functions: [], procedures: [] };

export const schemaNames = signal<SchemaNames>(none);

const questions: { [K in keyof SchemaNames]: string } = {
  labels: "CALL db.labels() YIELD label AS name RETURN name LIMIT 5000",
  types: "CALL db.relationshipTypes() YIELD relationshipType AS name RETURN name LIMIT 5000",
  keys: "CALL db.propertyKeys() YIELD propertyKey AS name RETURN name LIMIT 5000",
  functions: "SHOW FUNCTIONS YIELD name, signature, description",
  procedures: "SHOW PROCEDURES YIELD name, signature, description",
};

/** Asks the server for its names; what it refuses stays empty. */
export async function learnSchema(): Promise<void> {
  const ask = (what: keyof SchemaNames) => read<Callable>(questions[what]).catch(() => []);
  const [labels, types, keys, functions, procedures] = await Promise.all(
    (["labels", "types", "keys", "functions", "procedures"] as const).map(ask),
  );
  const names = (rows: Callable[] | undefined) => (rows ?? []).map(({ name }) => name);
  schemaNames.value = {
    labels: names(labels),
    types: names(types),
    keys: names(keys),
    functions: functions ?? [],
    procedures: procedures ?? [],
  };
}

effect(() => {
  if (server.value) void learnSchema();
  else schemaNames.value = none;
});
