import type { StatementRun } from "../core/run.js";
import { server } from "../core/session.js";
import { bytesText, jsonOf, many, timeText } from "../core/text.js";

const shownRows = 50;

/** What came, as it came: version, bytes, speed, the first rows and the summary as JSON. */
export function Raw({ run }: { run: StatementRun }) {
  const { rows, firstRow, total } = run;
  const fields = run.fields.value;
  const first = Array.from({ length: Math.min(rows.count, shownRows) }, (_, row) =>
    Object.fromEntries(fields.map((field, j) => [field, rows.value(row, j)])),
  );
  const streaming = total === undefined || firstRow === undefined ? undefined : Math.max(total - firstRow, 1);
  const perSecond = (n: number): number => Math.round((n / (streaming ?? 1)) * 1000);
  return (
    <div class="sheet" id="raw">
      <dl class="facts">
        <dt>Server</dt>
        <dd>{run.summary.value?.server.agent || server.value?.agent || "not told"}</dd>
        <dt>Protocol</dt>
        <dd>{run.boltVersion ? `Bolt ${run.boltVersion}` : "HTTP"}</dd>
        <dt>Database</dt>
        <dd>{run.summary.value?.database || "not told"}</dd>
        <dt>Rows</dt>
        <dd>
          {many(rows.count, "row")} in {many(rows.blocks.length, "block")}, {bytesText(rows.bytes)} as they are kept
        </dd>
        <dt>First row after</dt>
        <dd>{firstRow === undefined ? "none came" : timeText(firstRow)}</dd>
        <dt>All after</dt>
        <dd>{total === undefined ? "not yet" : timeText(total)}</dd>
        <dt>Speed</dt>
        <dd>
          {streaming === undefined || rows.count < 2
            ? "too few rows to tell"
            : `${perSecond(rows.count).toLocaleString()} rows/s, ${bytesText(perSecond(rows.bytes))}/s`}
        </dd>
      </dl>
      <h2>Statement</h2>
      <pre class="excerpt">{run.statement.text}</pre>
      <h2>{rows.count > shownRows ? `First ${shownRows} rows` : "Rows"}</h2>
      <pre class="excerpt" tabIndex={0}>
        {jsonOf(first, 40_000)}
      </pre>
      <h2>Summary</h2>
      <pre class="excerpt" tabIndex={0}>
        {run.summary.value ? jsonOf(run.summary.value, 40_000) : "It comes with the end of the result."}
      </pre>
    </div>
  );
}
