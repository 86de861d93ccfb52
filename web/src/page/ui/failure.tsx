import { ConnectionUnavailable, Failure } from "../../index.js";
import { bounded, messageOf } from "../core/text.js";

/** An error in words: what happened, its code, its message, where in the text, and what caused it. */
export function FailureText({ thrown, text = "", at }: { thrown: unknown; text?: string; at?: number | undefined }) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = error instanceof Failure ? error.code : error instanceof ConnectionUnavailable ? error.reason : "";
  const place = at === undefined || error.message.includes("^") ? "" : placeText(text, at);
  return (
    <div class="failure" role="alert">
      <h2>{titleOf(error)}</h2>
      {code && (
        <p class="code">
          {bounded(code, 200)}
          {error instanceof Failure && error.gqlStatus ? ` · GQLSTATUS ${bounded(error.gqlStatus, 10)}` : ""}
        </p>
      )}
      <pre class="excerpt">{bounded(error.message, 10_000)}</pre>
      {place && <pre class="excerpt place">{place}</pre>}
      {causesOf(error).map(cause => (
        <p class="cause">because: {cause}</p>
      ))}
    </div>
  );
}

function titleOf(error: Error): string {
  if (error instanceof Failure) return "The server could not do this";
  if (error instanceof ConnectionUnavailable) return "No connection";
  if (error.name === "ConnectionBroken") return "The connection broke";
  return error.name === "Error" ? "This did not work" : error.name;
}

/** The line of a place, with a mark beneath; at lies in the text. */
function placeText(text: string, at: number): string {
  const from = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  return `${text.slice(from, end < 0 ? undefined : end)}\n${" ".repeat(at - from)}^`;
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    if (!error.message.includes(cause.message)) causes.push(messageOf(cause));
  }
  return causes;
}
