import type { ComponentChildren } from "preact";
import type { Live } from "../ui/live.js";
import { FailureText } from "../ui/failure.js";
import { IconButton } from "../ui/icon.js";

/** The head of a view that refreshes itself, and its content. */
export function LiveView<T>({
  title,
  live,
  children,
  tools,
  told = "",
}: {
  title: string;
  live: Live<T>;
  children: (data: T) => ComponentChildren;
  tools?: ComponentChildren;
  /** What came of the user's last order. */
  told?: string;
}) {
  const { data, failure, at, running } = live;
  return (
    <section>
      <header class="view-head">
        <h2>{title}</h2>
        {tools}
        <span class="space" />
        <span class="muted" role="status">
          {running ? "refreshes itself" : "stopped"}
          {at && ` · ${at.toLocaleTimeString()}`}
        </span>
        <IconButton name="refresh" label="Refresh now" onClick={live.refresh} />
        <IconButton
          name={running ? "pause" : "run"}
          id="live-toggle"
          label={running ? "Stop refreshing" : "Refresh again and again"}
          onClick={running ? live.stop : live.start}
        />
      </header>
      {told && (
        <p class="told" role="status" id="live-told">
          {told}
        </p>
      )}
      {failure !== undefined && <FailureText thrown={failure} />}
      {data === undefined ? failure === undefined && <p class="muted">Asking the server…</p> : children(data)}
    </section>
  );
}

/** A table of facts about things. keys tell the things apart, where they come and go. */
export function Facts({
  heads,
  rows,
  empty,
  keys,
}: {
  heads: string[];
  rows: ComponentChildren[][];
  empty: string;
  keys?: string[];
}) {
  if (rows.length === 0) return <p class="muted">{empty}</p>;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Table">
      <table class="plain">
        <thead>
          <tr>
            {heads.map(head => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, i) => (
            <tr key={keys?.[i]}>
              {cells.map(cell => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
