import { useEffect, useRef, useState } from "preact/hooks";
import type { StatementRun } from "../core/run.js";
import { labelColour, styles } from "../core/styles.js";
import { jsonOf, messageOf, textOf } from "../core/text.js";
import { Icon, IconButton } from "../ui/icon.js";
import { Popover } from "../ui/popover.js";
import { opens } from "./cells.js";
import { exportRows, type TableFormat } from "./export.js";
import { Grid } from "./grid.js";
import { sortedRows, type Order } from "./order.js";

const formats: [TableFormat, string][] = [
  ["csv", "CSV"],
  ["json", "JSON"],
  ["arrow", "Apache Arrow"],
];

/** The rows of a result. */
export function TableView({ run }: { run: StatementRun }) {
  const root = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid>(undefined);
  const [order, setOrder] = useState<Order>();
  const [sorted, setSorted] = useState<Uint32Array>();
  const [cell, setCell] = useState<{ row: number; field: number; open: boolean }>();
  const [wrap, setWrap] = useState(false);
  const [told, setTold] = useState("");
  const version = run.version.value;
  const fields = run.fields.value;
  const looks = styles.value;

  useEffect(() => {
    grid.current = new Grid(root.current!, {
      colour: labelColour,
      choose: (row, field, open) => setCell(before => ({ row, field, open: open || (before?.open ?? false) })),
      sort: field => setOrder(before => next(before, field)),
    });
  }, []);
  useEffect(() => {
    setOrder(undefined);
    setCell(undefined);
    setTold("");
  }, [run]);
  useEffect(() => {
    setSorted(undefined);
    if (!order) return;
    const abort = new AbortController();
    setTold("Sorting…");
    void sortedRows(run.rows, order, abort.signal).then(rows => {
      if (!rows) return;
      setSorted(rows);
      setTold(run.ended ? "" : "Sorted what is here. Rows that still come go below.");
    });
    return () => abort.abort();
  }, [order, run, run.state.value]);
  useEffect(() => {
    grid.current!.wrap = wrap;
    grid.current!.show(run.rows, fields, order && sorted, order && sorted && order);
  }, [run, version, fields, sorted, order]);
  useEffect(() => grid.current!.redraw(), [looks]);
  useEffect(() => {
    grid.current!.wrap = wrap;
    root.current!.classList.toggle("wrapped", wrap);
    root.current!.style.setProperty("--row-height", wrap ? "76px" : "32px");
    grid.current!.redraw();
  }, [wrap]);

  const value = cell && run.rows.value(cell.row, cell.field);
  const copy = (what: unknown): void => {
    navigator.clipboard.writeText(typeof what === "string" ? what : jsonOf(what, Infinity)).then(
      () => setTold("Copied."),
      () => setTold("The browser does not let this page copy."),
    );
  };
  const rowObject = (row: number): Record<string, unknown> =>
    Object.fromEntries(fields.map((field, j) => [field, run.rows.value(row, j)]));
  return (
    <div class="table-view">
      <div class="view-tools">
        <IconButton name="wrap" label="Wrap long values" pressed={wrap} onClick={() => setWrap(!wrap)} />
        <Popover icon="download" label="Export rows" id="export-rows">
          {close => (
            <ul class="menu">
              {formats.map(([format, name]) => (
                <li>
                  <button
                    type="button"
                    id={`export-${format}`}
                    onClick={() => {
                      close();
                      exportRows(format, run.rows, fields).catch((thrown: unknown) => setTold(messageOf(thrown)));
                    }}
                  >
                    {name}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Popover>
        {told && (
          <span class="muted" role="status">
            {told}
          </span>
        )}
      </div>
      <div
        id="table"
        ref={root}
        onCopy={event => {
          if (!cell || getSelection()?.toString()) return;
          event.preventDefault();
          event.clipboardData?.setData("text/plain", typeof value === "string" ? value : textOf(value, 1_000_000));
        }}
      />
      {run.rows.count === 0 && (
        <p class="note" id="empty">
          {emptyText(run)}
        </p>
      )}
      {cell && value !== undefined && (cell.open || opens(value)) && (
        <aside class="float-panel" id="cell" aria-label="Value">
          <header>
            <h2>
              {fields[cell.field]} <small>row {(cell.row + 1).toLocaleString()}</small>
            </h2>
            <IconButton name="close" label="Close" onClick={() => setCell(undefined)} />
          </header>
          <pre class="excerpt" tabIndex={0}>
            {typeof value === "string" ? value.slice(0, 100_000) : jsonOf(value)}
          </pre>
          <footer>
            <button type="button" class="button" onClick={() => copy(value)}>
              <Icon name="copy" />
              Copy the value
            </button>
            <button type="button" class="button" onClick={() => copy(rowObject(cell.row))}>
              <Icon name="copy" />
              Copy the row
            </button>
          </footer>
        </aside>
      )}
    </div>
  );
}

/** Ascending, descending, as they came. */
function next(before: Order | undefined, field: number): Order | undefined {
  if (before?.field !== field) return { field, descending: false };
  return before.descending ? undefined : { field, descending: true };
}

function emptyText(run: StatementRun): string {
  if (!run.ended) return "";
  const counters = run.summary.value?.counters;
  const done = Object.entries(counters ?? {}).filter(([, n]) => typeof n === "number" && n > 0);
  if (run.state.value === "stopped") return "Stopped before the first row.";
  if (done.length === 0) return run.failure.value === undefined ? "The query gave no rows." : "";
  return done
    .map(([what, n]) => `${what.replace(/[A-Z]/g, letter => " " + letter.toLowerCase())}: ${n as number}`)
    .join(" · ");
}
