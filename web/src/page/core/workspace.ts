import { computed, signal } from "@preact/signals";
import type { Result } from "../../index.js";
import { Execution, type Runner } from "./run.js";
import { parseLiteral } from "./literals.js";
import { learnSchema } from "./schema.js";
import { connector, database, lacksPassword, noticed, ready, target } from "./session.js";
import { statementsOf } from "./statements.js";
import { isRecord, isText, kept, listOf } from "./store.js";
import { checkBroken, transaction } from "./transaction.js";

export type Room = "query" | "admin" | "connections";
export type ResultView = "graph" | "table" | "plan" | "messages" | "raw";

export const room = signal<Room>("query");
/** What is in the editor. */
export const draft = kept<string>("draft", "", found => (isText(found) ? found : undefined));
export const execution = signal<Execution | undefined>(undefined);
export const shownRun = computed(() => execution.value?.shown.value);
/** The view of results that the user chose, or else the one that fits. */
export const chosenView = signal<ResultView | undefined>(undefined);
/** Why the last attempt to run did not even begin. */
export const refusal = signal("");

/** What the graph shows, as the status line tells it. */
export const drawn = signal({ nodes: 0, relationships: 0, truncated: false, moving: false });

/** A query that was run, newest first. */
export const history = kept<string[]>("history", [], listOf(isText, 200));
/** Queries that the user keeps, with a name. */
export const favourites = kept<{ name: string; query: string }[]>(
  "favourites",
  [],
  listOf(
    (found): found is { name: string; query: string } =>
      isRecord(found) && isText(found["name"]) && isText(found["query"]),
    500,
  ),
);

/** One parameter, as the user wrote it. */
export interface ParameterText {
  name: string;
  literal: string;
}

/** Kept for the tab only if the user asks, as parameters may be secret. */
const keptParameters = kept<ParameterText[] | null>(
  "parameters",
  null,
  listOf((found): found is ParameterText => isRecord(found) && isText(found["name"]) && isText(found["literal"]), 500),
  "session",
);
export const parameters = signal<ParameterText[]>(keptParameters.peek() ?? []);
export const keepsParameters = signal(keptParameters.peek() !== null);

export function setParameters(given: ParameterText[], keep = keepsParameters.peek()): void {
  parameters.value = given;
  keepsParameters.value = keep;
  keptParameters.value = keep ? given : null;
}

/** The values of the parameters. Throws an error that names the one that cannot be read. */
export function parameterValues(): Record<string, unknown> {
  const values: [string, unknown][] = [];
  for (const { name, literal } of parameters.peek()) {
    if (name.trim() === "") continue;
    try {
      values.push([name.trim(), parseLiteral(literal)]);
    } catch (thrown) {
      throw new Error(`The parameter $${name} cannot be read: ${(thrown as Error).message}`);
    }
  }
  return Object.fromEntries(values);
}

/** Runs all statements of a text. What ran before is stopped. offset is where the text begins in the editor. */
export async function run(text = draft.peek(), offset = 0): Promise<void> {
  const statements = statementsOf(text).map(statement => ({ ...statement, offset: statement.offset + offset }));
  if (statements.length === 0) return;
  refusal.value = "";
  if (lacksPassword() && !(await ready())) return;
  const values = attempt();
  if (values === undefined) return;
  execution.peek()?.stop();
  const own = new Execution(statements);
  execution.value = own;
  room.value = "query";
  remember(text);
  await own.run(runner(values), noticed);
  checkBroken();
  if (own.runs.some(({ summary }) => summary.peek()?.counters.containsUpdates || summary.peek()?.queryType === "s"))
    void learnSchema();
}

/**
 * Runs a query of the page's own beside the user's: in the open transaction, so that its work is seen, or else
 * read-only.
 */
export async function ask(cypher: string, values: Record<string, unknown>): Promise<Result> {
  const lender = await connector();
  const open = transaction.peek();
  return open
    ? lender.runQuery(open.ref, cypher, values)
    : lender.run(cypher, values, { database: database.peek(), readonly: true });
}

/** Ends what runs. */
export function stop(): void {
  execution.peek()?.stop();
}

/** Puts a query into the editor, and shows it. */
export function show(query: string): void {
  draft.value = query;
  room.value = "query";
}

function attempt(): Record<string, unknown> | undefined {
  try {
    return parameterValues();
  } catch (thrown) {
    refusal.value = (thrown as Error).message;
    return undefined;
  }
}

/** Runs in the open transaction, if there is one. */
function runner(values: Record<string, unknown>): Runner {
  return async (cypher, abort) => {
    const lender = await connector(abort);
    const open = transaction.peek();
    if (open) return lender.runQuery(open.ref, cypher, values, { signal: abort });
    return lender.run(cypher, values, { database: database.peek(), readonly: target.peek().readonly, signal: abort });
  };
}

/** Passwords in queries are not kept. */
function remember(query: string): void {
  if (/\bPASSWORD\b/i.test(query) || query.length > 100_000) return;
  history.value = [query, ...history.peek().filter(other => other !== query)].slice(0, 200);
}
