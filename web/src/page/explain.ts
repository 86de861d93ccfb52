import { ConnectionUnavailable, Failure } from "../index.js";
import { byID, element } from "./dom.js";

/** Fills the error view. */
export function explain(thrown: unknown, query: string): void {
  const view = byID("view-error");
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = error instanceof Failure ? error.code : error instanceof ConnectionUnavailable ? error.reason : "";
  view.replaceChildren(
    element("h2", {}, title(error)),
    ...(code ? [element("p", { class: "code" }, code)] : []),
    element("pre", { class: "message" }, error.message),
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
  if (text === undefined || !(column > 0) || error.message.includes("^")) return [];
  return [element("pre", { class: "place" }, `${text}\n${" ".repeat(column - 1)}^`)];
}

function causes(error: Error): HTMLElement[] {
  const list: HTMLElement[] = [];
  for (let cause = error.cause; cause instanceof Error && list.length < 8; cause = cause.cause) {
    if (!error.message.includes(cause.message)) list.push(element("p", { class: "cause" }, `because: ${cause.message}`));
  }
  return list;
}
