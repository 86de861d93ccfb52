// Neo4j's own language support, away from the page's thread: colours, faults, completion, format.
import { allCypherVersions, CypherLanguageService, formatQuery, type DbSchema } from "@neo4j-cypher/language-support";

export interface Question {
  id: number;
  ask: "tokens" | "faults" | "complete" | "format";
  text: string;
  caret?: number;
  manual?: boolean;
}

/** A stretch of the text and what it is. */
export interface Token {
  from: number;
  to: number;
  kind: string;
}

export interface Fault {
  from: number;
  to: number;
  message: string;
  error: boolean;
}

export interface Proposal {
  label: string;
  insert: string;
  kind: number;
  detail: string;
}

export type Answer =
  | { id: number; ask: "tokens"; tokens: Token[] }
  | { id: number; ask: "faults"; faults: Fault[] }
  | { id: number; ask: "complete"; proposals: Proposal[] }
  | { id: number; ask: "format"; text: string };

/** The names that the database knows. */
export interface SchemaMessage {
  schema: {
    labels: string[];
    types: string[];
    keys: string[];
    databases: string[];
    parameters: string[];
    functions: { name: string; signature: string; description: string }[];
    procedures: { name: string; signature: string; description: string }[];
  };
}

interface Scope {
  postMessage(answer: Answer): void;
  onmessage: (event: MessageEvent<Question | SchemaMessage>) => void;
  /** Put there by the build: loads the server's semantic analysis, which tells faults. */
  loadSemanticAnalysis?: () => Promise<void>;
}

const scope = globalThis as unknown as Scope;
const service = new CypherLanguageService();
/** More text than this is not looked at: the parser takes time that grows with it. */
const longest = 50_000;
let schema: DbSchema = {};

let analysis: Promise<void> | undefined;

scope.onmessage = ({ data }) => {
  if ("schema" in data) schema = schemaOf(data);
  else if (data.ask === "faults") void faultsAnswer(data);
  else scope.postMessage(answerTo(data));
};

async function faultsAnswer(question: Question): Promise<void> {
  await (analysis ??= scope.loadSemanticAnalysis?.().catch(() => {}));
  scope.postMessage(answerTo(question));
}

function answerTo({ id, ask, text, caret, manual }: Question): Answer {
  try {
    if (text.length > longest) return nothing(id, ask, text);
    if (ask === "tokens")
      return {
        id,
        ask,
        tokens: service
          .highlightSyntax(text)
          .map(({ position: { startOffset: from }, length, tokenType: kind }) => ({ from, to: from + length, kind })),
      };
    if (ask === "faults") return { id, ask, faults: faultsOf(text) };
    if (ask === "format") return { id, ask, text: formatQuery(text).formattedQuery };
    return { id, ask, proposals: proposalsOf(text, caret ?? text.length, manual ?? false) };
  } catch {
    return nothing(id, ask, text); // text that is being written need not make sense
  }
}

function nothing(id: number, ask: Question["ask"], text: string): Answer {
  if (ask === "tokens") return { id, ask, tokens: [] };
  if (ask === "faults") return { id, ask, faults: [] };
  return ask === "format" ? { id, ask, text } : { id, ask, proposals: [] };
}

function faultsOf(text: string): Fault[] {
  return service.lint(text, schema).diagnostics.map(({ offsets, message, severity }) => ({
    from: offsets.start,
    to: offsets.end,
    message: typeof message === "string" ? message : message.value,
    error: severity === 1,
  }));
}

function proposalsOf(text: string, caret: number, manual: boolean): Proposal[] {
  const items = service.autocomplete(text.slice(0, caret), schema, { caretPosition: caret, manual });
  return items.slice(0, 500).map(({ label, insertText, kind, detail, signature }) => ({
    label,
    insert: insertText ?? label,
    kind: kind ?? 1,
    detail: signature ?? detail ?? "",
  }));
}

function schemaOf({
  schema: { labels, types, keys, databases, parameters, functions, procedures },
}: SchemaMessage): DbSchema {
  const functionRegistry = Object.fromEntries(
    functions.map(given => [
      given.name,
      {
        ...given,
        category: "",
        isBuiltIn: true,
        argumentDescription: [],
        returnDescription: "",
        aggregating: false,
        isDeprecated: false,
      },
    ]),
  );
  const procedureRegistry = Object.fromEntries(
    procedures.map(given => [
      given.name,
      {
        ...given,
        mode: "READ" as const,
        worksOnSystem: true,
        argumentDescription: [],
        returnDescription: [],
        admin: false,
        option: { deprecated: false },
      },
    ]),
  );
  return {
    labels,
    relationshipTypes: types,
    propertyKeys: keys,
    databaseNames: databases,
    parameters: Object.fromEntries(parameters.map(name => [name, ""])),
    functions: Object.fromEntries(allCypherVersions.map(version => [version, functionRegistry])),
    procedures: Object.fromEntries(allCypherVersions.map(version => [version, procedureRegistry])),
  };
}
