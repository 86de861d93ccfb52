import { LiteralError, parseLiteral } from "../core/literals.js";
import { keepsParameters, parameters, setParameters, type ParameterText } from "../core/workspace.js";
import { Icon, IconButton } from "../ui/icon.js";
import { Popover } from "../ui/popover.js";

/** The parameters, each typed as a Cypher literal. */
export function Parameters() {
  const rows = parameters.value;
  const change = (i: number, part: Partial<ParameterText>): void =>
    setParameters(rows.map((row, j) => (i === j ? { ...row, ...part } : row)));
  return (
    <Popover icon="parameters" label="Parameters" text="Parameters" id="parameters-button" wide count={rows.length}>
      {() => (
        <div id="parameters">
          {rows.map((row, i) => (
            <Row
              key={i}
              row={row}
              change={part => change(i, part)}
              remove={() => setParameters(rows.filter((_, j) => j !== i))}
            />
          ))}
          {rows.length === 0 && (
            <p class="muted">
              A parameter is written as a Cypher literal: 42, 10.0, 'text', [1, 2], {"{a: 1}"}, date('2024-12-31'),
              point({"{x: 1, y: 2}"}).
            </p>
          )}
          <div class="panel-foot">
            <button
              type="button"
              class="button"
              id="parameter-add"
              onClick={() => setParameters([...rows, { name: "", literal: "" }])}
            >
              <Icon name="plus" />
              Add a parameter
            </button>
            <label class="check">
              <input
                type="checkbox"
                checked={keepsParameters.value}
                onChange={({ currentTarget }) => setParameters(rows, currentTarget.checked)}
              />
              Keep for this tab
            </label>
          </div>
        </div>
      )}
    </Popover>
  );
}

function Row({
  row: { name, literal },
  change,
  remove,
}: {
  row: ParameterText;
  change: (part: Partial<ParameterText>) => void;
  remove: () => void;
}) {
  const fault = literal.trim() === "" ? "" : faultOf(literal);
  return (
    <div class="parameter">
      <span aria-hidden="true">$</span>
      <input
        class="code"
        aria-label="Name"
        placeholder="name"
        value={name}
        spellcheck={false}
        onInput={({ currentTarget }) => change({ name: currentTarget.value.replace(/^\$/, "") })}
      />
      <textarea
        class="code"
        rows={1}
        aria-label={`Value of ${name || "the parameter"}`}
        aria-invalid={fault !== ""}
        placeholder="'value'"
        value={literal}
        spellcheck={false}
        onInput={({ currentTarget }) => change({ literal: currentTarget.value })}
      />
      <IconButton name="trash" label={`Remove ${name || "the parameter"}`} onClick={remove} />
      {fault && (
        <p class="bad" role="status">
          {fault}
        </p>
      )}
    </div>
  );
}

function faultOf(literal: string): string {
  try {
    parseLiteral(literal);
    return "";
  } catch (thrown) {
    return thrown instanceof LiteralError ? `At character ${thrown.at + 1}: ${thrown.message}.` : String(thrown);
  }
}
