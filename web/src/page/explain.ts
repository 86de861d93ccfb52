import { ConnectionUnavailable, Failure } from "../index.js";
import { byID, element } from "./dom.js";

/** Fills the error view. */
export function explain(thrown: unknown, query: string): void {
  const view = byID("view-error");
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = error instanceof Failure ? error.code : error instanceof ConnectionUnavailable ? error.reason : "";
  view.replaceChildren(
    element("h2", {}, title(error)),
    ...(code ? [element("p", { class: "code" }, bounded(code, 200))] : []),
    element("pre", { class: "message" }, bounded(error.message)),
    ...place(error, query),
    ...causes(error),
  );
}

function title(error: Error): string {
  if (error instanceof Failure) return "The server could not do this";
  if (error instanceof ConnectionUnavailable) return "No connection";
  if (error.name === "ConnectionBroken") return "The connection broke";
  return error.name;
}

/** Shows where in the query the server found the fault, if it tells. */
function place(error: Error, query: string): HTMLElement[] {
  if (!(error instanceof Failure)) return [];
  const at = error.diagnostic?.["_position"] as { line?: unknown; column?: unknown } | undefined;
  const told = /\(line (\d+), column (\d+)/.exec(error.message);
  const line = Number(at?.line ?? told?.[1]);
  const column = Number(at?.column ?? told?.[2]);
  const text = query.split("\n")[line - 1];
  if (text === undefined || error.message.includes("^")) return [];
  if (!Number.isInteger(column) || column < 1 || column > text.length + 1) return []; // a server may send any number
  return [element("pre", { class: "place" }, `${text}\n${" ".repeat(column - 1)}^`)];
}

/** What a server sends can be of any length; the page shows the beginning. */
function bounded(text: string, most = 10_000): string {
  return text.length > most ? `${text.slice(0, most)}… (${(text.length - most).toLocaleString()} more characters)` : text;
}

function causes(error: Error): HTMLElement[] {
  const list: HTMLElement[] = [];
  for (let cause = error.cause; cause instanceof Error && list.length < 8; cause = cause.cause) {
    if (!error.message.includes(cause.message)) list.push(element("p", { class: "cause" }, bounded(`because: ${cause.message}`, 2000)));
  }
  return list;
}
