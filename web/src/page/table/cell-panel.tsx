import type { StatementRun } from "../core/run.js";
import { jsonOf } from "../core/text.js";
import { Icon, IconButton } from "../ui/icon.js";

/** A cell that was chosen; open where its value is shown beside the table. */
export interface CellPlace {
  row: number;
  field: number;
  open: boolean;
}

/** A whole value beside the table, for reading and copying. */
export function CellPanel({
  run,
  cell,
  value,
  close,
  tell,
}: {
  run: StatementRun;
  cell: CellPlace;
  value: unknown;
  close: () => void;
  tell: (text: string) => void;
}) {
  const fields = run.fields.value;
  const copy = (what: unknown): void => {
    navigator.clipboard.writeText(typeof what === "string" ? what : jsonOf(what, Infinity)).then(
      () => tell("Copied."),
      () => tell("The browser does not let this page copy."),
    );
  };
  const row = (): unknown => Object.fromEntries(fields.map((field, j) => [field, run.rows.value(cell.row, j)]));
  return (
    <aside class="float-panel" id="cell" aria-label="Value">
      <header>
        <h2>
          {fields[cell.field]} <small>row {(cell.row + 1).toLocaleString()}</small>
        </h2>
        <IconButton name="close" label="Close" onClick={close} />
      </header>
      <pre class="excerpt" tabIndex={0}>
        {typeof value === "string" ? value.slice(0, 100_000) : jsonOf(value)}
      </pre>
      <footer>
        <button type="button" class="button" onClick={() => copy(value)}>
          <Icon name="copy" />
          Copy the value
        </button>
        <button type="button" class="button" onClick={() => copy(row())}>
          <Icon name="copy" />
          Copy the row
        </button>
      </footer>
    </aside>
  );
}
