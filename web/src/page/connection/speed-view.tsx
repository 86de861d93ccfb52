import { useState } from "preact/hooks";
import { describe, ready, target } from "../core/session.js";
import { timeText } from "../core/text.js";
import { measure, waysTo, type SpeedFinding } from "./speed.js";

/** Measures the ways to the server, one after the other. */
export function SpeedView() {
  const [findings, setFindings] = useState<SpeedFinding[]>([]);
  const [abort, setAbort] = useState<AbortController>();
  const start = async (): Promise<void> => {
    if (!(await ready())) return;
    const own = new AbortController();
    setAbort(own);
    setFindings([]);
    for (const way of waysTo(target.peek())) {
      if (own.signal.aborted) break;
      const finding = await measure(way, own.signal);
      setFindings(before => [...before, finding]);
    }
    setAbort(undefined);
  };
  return (
    <section class="card" id="speed">
      <header>
        <h2>Speed</h2>
        {abort ? (
          <button type="button" class="button danger" onClick={() => abort.abort()}>
            Stop
          </button>
        ) : (
          <button type="button" class="button" onClick={() => void start()}>
            Measure
          </button>
        )}
      </header>
      <p class="muted">
        Reads 200,000 rows on each way to {describe({ ...target.value, useRelay: false })}, one after the other.
      </p>
      <Findings findings={findings} />
    </section>
  );
}

function Findings({ findings }: { findings: SpeedFinding[] }) {
  if (findings.length === 0) return null;
  const fastest = Math.max(...findings.map(({ rows, read }) => rows / (read || 1)));
  return (
    <table class="plain">
      <thead>
        <tr>
          <th>Way</th>
          <th>Opened in</th>
          <th>Rows a second</th>
        </tr>
      </thead>
      <tbody>
        {findings.map(({ way, rows, opened, read, failure: why }) => (
          <tr>
            <th>{way}</th>
            {why ? (
              <td colSpan={2} class="muted">
                {why.slice(0, 300)}
              </td>
            ) : (
              <>
                <td>{timeText(opened)}</td>
                <td>
                  <span class="bar" style={{ width: `${Math.round((rows / read / fastest) * 120)}px` }} />
                  {Math.round((rows / read) * 1000).toLocaleString()}
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
