import { useEffect, useRef, useState } from "preact/hooks";
import type { StatementRun } from "../core/run.js";
import { labelColour, styles } from "../core/styles.js";
import { many, messageOf, textOf } from "../core/text.js";
import { ExportMenu } from "../ui/export-menu.js";
import { IconButton } from "../ui/icon.js";
import { CellPanel, type CellPlace } from "./cell-panel.js";
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
  const [order, setOrder] = useState<Order>();
  const [cell, setCell] = useState<CellPlace>();
  const [wrap, setWrap] = useState(false);
  const [told, setTold] = useState("");
  useEffect(() => {
    setOrder(undefined);
    setCell(undefined);
    setTold("");
  }, [run]);
  const root = useGrid(run, order, useSorted(run, order, setTold), wrap, {
    choose: (row, field, open) => setCell(before => ({ row, field, open: open || (before?.open ?? false) })),
    sort: field => setOrder(before => next(before, field)),
  });
  const value = cell && run.rows.value(cell.row, cell.field);
  return (
    <div class="table-view">
      <div class="view-tools">
        <IconButton name="wrap" label="Wrap long values" pressed={wrap} onClick={() => setWrap(!wrap)} />
        <ExportMenu
          what="rows"
          id="export-rows"
          formats={formats}
          choose={format => void store(format, run, setTold)}
        />
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
        <CellPanel run={run} cell={cell} value={value} close={() => setCell(undefined)} tell={setTold} />
      )}
    </div>
  );
}

/** The order of the rows as they are sorted, once they are. */
function useSorted(run: StatementRun, order: Order | undefined, tell: (text: string) => void): Uint32Array | undefined {
  const [sorted, setSorted] = useState<Uint32Array>();
  useEffect(() => {
    setSorted(undefined);
    if (!order) return;
    const abort = new AbortController();
    tell("Sorting…");
    void sortedRows(run.rows, order, abort.signal).then(rows => {
      if (!rows) return;
      setSorted(rows);
      tell(run.ended ? "" : "Sorted what is here. Rows that still come go below.");
    });
    return () => abort.abort();
  }, [order, run, run.state.value]);
  return sorted;
}

/** The element in which a grid shows the rows. */
function useGrid(
  run: StatementRun,
  order: Order | undefined,
  sorted: Uint32Array | undefined,
  wrap: boolean,
  events: { choose: (row: number, field: number, open: boolean) => void; sort: (field: number) => void },
) {
  const root = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid>(undefined);
  const version = run.version.value;
  const fields = run.fields.value;
  const looks = styles.value;
  useEffect(() => {
    grid.current = new Grid(root.current!, { colour: labelColour, ...events });
  }, []);
  useEffect(() => {
    grid.current!.wrap = wrap;
    grid.current!.show(run.rows, fields, order && sorted, order && sorted && order);
  }, [run, version, fields, sorted, order]);
  useEffect(() => grid.current!.redraw(), [looks]);
  useEffect(() => {
    grid.current!.wrap = wrap;
    root.current!.classList.toggle("wrapped", wrap);
    root.current!.style.setProperty("--row-height", `${grid.current!.rowHeight}px`);
    grid.current!.redraw();
  }, [wrap]);
  return root;
}

/** Writes the rows to a file, and tells how far that is and how it ended. */
async function store(format: TableFormat, run: StatementRun, tell: (text: string) => void): Promise<void> {
  tell(""); // what was told of an earlier file
  try {
    const progress = (rows: number): void => tell(`Writing: ${many(rows, "row")}…`);
    const saved = await exportRows(format, run.rows, run.fields.peek(), progress);
    tell(saved === undefined ? "" : `Saved ${many(saved, "row")}.`);
  } catch (thrown) {
    tell(`Nothing was saved. ${messageOf(thrown)}`);
  }
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
