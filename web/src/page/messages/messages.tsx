import type { Counters, Notification } from "../../index.js";
import { offsetOf, placeOf, type StatementRun } from "../core/run.js";
import { bounded, timeText } from "../core/text.js";
import { FailureText } from "../ui/failure.js";

/** Failure, counters, notifications and statuses of a statement, each beside the text that it speaks of. */
export function Messages({ run }: { run: StatementRun }) {
  const failure = run.failure.value;
  const summary = run.summary.value;
  if (failure !== undefined)
    return (
      <div class="sheet" id="messages">
        <FailureText thrown={failure} text={run.statement.text} at={placeOf(failure, run.statement)} />
      </div>
    );
  if (!summary)
    return (
      <div class="sheet" id="messages">
        <p class="muted">Messages come with the end of the result.</p>
      </div>
    );
  const changes = changesOf(summary.counters);
  return (
    <div class="sheet" id="messages">
      <h2>Changes</h2>
      {changes.length === 0 ? (
        <p class="muted">Nothing was changed.</p>
      ) : (
        <dl class="facts">
          {changes.map(([what, n]) => (
            <>
              <dt>{what}</dt>
              <dd>{n.toLocaleString()}</dd>
            </>
          ))}
        </dl>
      )}
      <h2>Time</h2>
      <dl class="facts">
        <dt>first record ready on the server</dt>
        <dd>{summary.availableAfter === null ? "not told" : timeText(summary.availableAfter)}</dd>
        <dt>last record consumed on the server</dt>
        <dd>{summary.consumedAfter === null ? "not told" : timeText(summary.consumedAfter)}</dd>
        <dt>all here</dt>
        <dd>{timeText(run.total ?? 0)}</dd>
      </dl>
      <h2>Notifications</h2>
      {summary.notifications.length === 0 && <p class="muted">None.</p>}
      {summary.notifications.slice(0, 200).map(notification => (
        <Message notification={notification} text={run.statement.text} />
      ))}
      <h2>GQL statuses</h2>
      {summary.gqlStatuses.length === 0 && <p class="muted">The server sends none.</p>}
      <dl class="facts">
        {summary.gqlStatuses.slice(0, 200).map(({ status, description, position }) => (
          <>
            <dt class="code">{bounded(status, 20)}</dt>
            <dd>
              {bounded(description, 1000)}
              {position && <Excerpt text={run.statement.text} line={position.line} column={position.column} />}
            </dd>
          </>
        ))}
      </dl>
    </div>
  );
}

function Message({ notification, text }: { notification: Notification; text: string }) {
  const { code, title, description, severity, category, position } = notification;
  return (
    <article class="message" data-severity={severity}>
      <h3>{bounded(title, 300)}</h3>
      <p class="code">{bounded([severity, category, code].filter(Boolean).join(" · "), 300)}</p>
      <p>{bounded(description)}</p>
      {position && <Excerpt text={text} line={position.line} column={position.column} />}
    </article>
  );
}

/** The line that a message speaks of, with the place marked. */
function Excerpt({ text, line, column }: { text: string; line: number; column: number }) {
  const at = offsetOf(text, line, column);
  if (at === undefined) return null;
  const from = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const word = /^(?:[\p{L}\p{N}_]+|\S|$)/u.exec(text.slice(at))?.[0] ?? "";
  return (
    <pre class="excerpt">
      {text.slice(from, at)}
      <mark>{word}</mark>
      {text.slice(at + word.length, end < 0 ? undefined : end)}
    </pre>
  );
}

/** What a query changed, in words. */
function changesOf(counters: Counters): [string, number][] {
  return Object.entries(counters)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number" && entry[1] > 0)
    .map(([what, n]) => [what.replace(/[A-Z]/g, letter => " " + letter.toLowerCase()), n]);
}
