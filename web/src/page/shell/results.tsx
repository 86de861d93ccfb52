import type { StatementRun } from "../core/run.js";
import { many, timeText } from "../core/text.js";
import { chosenView, drawn, execution, shownRun, type ResultView } from "../core/workspace.js";
import { GraphView } from "../graph/view.js";
import { Messages } from "../messages/messages.js";
import { Raw } from "../messages/raw.js";
import { PlanView } from "../plan/plan.js";
import { TableView } from "../table/table.js";
import { Icon } from "../ui/icon.js";

const names: { [view in ResultView]: string } = {
  graph: "Graph",
  table: "Table",
  plan: "Plan",
  messages: "Messages",
  raw: "Raw",
};

/** The result of the statement that is looked at, in one of its views. */
export function Results() {
  const run = shownRun.value;
  if (!run) return null;
  void run.version.value;
  const view = viewOf(run);
  return (
    <section class="result" aria-label="Result">
      <div class="result-head">
        <div class="tabs" role="tablist" aria-label="Views of the result" onKeyDown={moveTabs}>
          {(Object.keys(names) as ResultView[]).map(name => (
            <button
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-controls="view"
              aria-selected={name === view}
              tabIndex={name === view ? 0 : -1}
              onClick={() => (chosenView.value = name)}
            >
              {names[name]}
              {name === "messages" && <MessageCount run={run} />}
            </button>
          ))}
        </div>
        <Statements />
      </div>
      <div class="view" id="view" role="tabpanel" aria-labelledby={`tab-${view}`} data-view={view}>
        {view === "graph" && <GraphView run={run} />}
        {view === "table" && <TableView run={run} />}
        {view === "plan" && <PlanView run={run} />}
        {view === "messages" && <Messages run={run} />}
        {view === "raw" && <Raw run={run} />}
      </div>
    </section>
  );
}

/** The user's choice where it can show something, or else what fits. */
export function viewOf(run: StatementRun): ResultView {
  if (run.failure.value !== undefined) return "messages";
  const summary = run.summary.value;
  const chosen = chosenView.value;
  if (chosen && (chosen !== "graph" || run.graph.nodeCount > 0 || !run.ended)) return chosen;
  if (summary?.profile || summary?.plan) return "plan";
  return run.graph.nodeCount > 0 ? "graph" : "table";
}

function MessageCount({ run }: { run: StatementRun }) {
  if (run.failure.value !== undefined)
    return (
      <span class="count bad-count" aria-label="failed">
        !
      </span>
    );
  const n = run.summary.value?.notifications.length ?? 0;
  return n > 0 ? <span class="count">{n}</span> : null;
}

/** The statements that ran, where there are several. */
function Statements() {
  const { runs, shown } = execution.value!;
  if (runs.length < 2) return null;
  return (
    <div class="statements" role="group" aria-label="Statements">
      {runs.slice(0, 200).map((run, i) => (
        <button
          type="button"
          aria-pressed={run === shown.value}
          data-state={run.state.value}
          title={run.statement.text.slice(0, 500)}
          onClick={() => (shown.value = run)}
        >
          {i + 1}
          <span class="sr"> {run.state.value}</span>
        </button>
      ))}
    </div>
  );
}

function moveTabs(event: KeyboardEvent): void {
  const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (by === 0) return;
  const tabs = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")];
  const next = tabs[(tabs.findIndex(tab => tab === document.activeElement) + by + tabs.length) % tabs.length]!;
  next.focus();
  next.click();
}

/** One line about the statement that is looked at. */
export function StatusLine() {
  const run = shownRun.value;
  if (!run)
    return (
      <div id="status" role="status">
        Ready.
      </div>
    );
  void run.version.value;
  return (
    <div id="status" role="status">
      {partsOf(run).map(part => (
        <span>{part}</span>
      ))}
      {run.state.value === "full" && <Full run={run} />}
    </div>
  );
}

function partsOf(run: StatementRun): string[] {
  const {
    rows: { count },
    firstRow,
    total,
  } = run;
  const state = run.state.value;
  if (state === "waiting") return ["Waiting for the statement before."];
  if (state === "skipped") return ["Not run, as a statement before it failed or was stopped."];
  if (state === "failed") return [count > 0 ? `Failed after ${many(count, "row")}.` : "Failed."];
  if (state === "stopped") return [`Stopped after ${many(count, "row")}.`];
  if (state === "running" && count === 0) return ["Running…"];
  const { nodes, relationships, truncated } = drawn.value;
  const summary = run.summary.value;
  const server =
    summary && summary.availableAfter !== null ? summary.availableAfter + (summary.consumedAfter ?? 0) : undefined;
  return [
    many(count, "row"),
    ...(run.graph.nodeCount > 0 && nodes > 0
      ? [many(nodes, "node") + (truncated ? " drawn" : ""), many(relationships, "relationship")]
      : []),
    ...(firstRow === undefined ? [] : [`first row after ${timeText(firstRow)}`]),
    total === undefined ? "receiving…" : `all after ${timeText(total)}`,
    ...(server === undefined ? [] : [`server ${timeText(server)}`]),
  ];
}

/** So much is kept that the page asks before it takes more. */
function Full({ run }: { run: StatementRun }) {
  return (
    <>
      <span>
        <Icon name="warning" />
        There is more: the page keeps 256 MB at a time.
      </span>
      <button type="button" class="link" id="more" onClick={() => run.more()}>
        Go on
      </button>
      <button type="button" class="link" onClick={() => execution.value?.stop()}>
        That is enough
      </button>
    </>
  );
}
