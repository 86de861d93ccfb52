import { useMemo, useState } from "preact/hooks";
import type { StatementRun } from "../core/run.js";
import { bytesText, many, timeText } from "../core/text.js";
import { IconButton } from "../ui/icon.js";
import { cardHeight, cardWidth, layOut, type Operator } from "./tree.js";

/** From this share of all db hits on, an operator is marked as costly. */
const costly = 0.25;

/** The plan of EXPLAIN or PROFILE, as a tree of cards. */
export function PlanView({ run }: { run: StatementRun }) {
  const summary = run.summary.value;
  const plan = summary?.profile ?? summary?.plan;
  const drawn = useMemo(() => plan && layOut(plan), [plan]);
  const [zoom, setZoom] = useState(1);
  const [chosen, setChosen] = useState<Operator>();
  if (!drawn)
    return (
      <div class="sheet">
        <p class="muted">Put EXPLAIN or PROFILE before a query to see its plan.</p>
      </div>
    );
  const { operators, width, height } = drawn;
  const hits = operators.reduce((sum, { dbHits }) => sum + (dbHits ?? 0), 0);
  const memory = Math.max(...operators.map(operator => operator.memory ?? 0));
  return (
    <div class="plan" id="plan">
      <div class="plan-bar">
        <strong>{summary?.profile ? "Profile" : "Plan"}</strong>
        <span>{many(operators.length, "operator")}</span>
        {summary?.profile && <span>{many(hits, "db hit")}</span>}
        {memory > 0 && <span>{bytesText(memory)} at most in one operator</span>}
        <span class="space" />
        <IconButton name="minus" label="Smaller" onClick={() => setZoom(Math.max(zoom / 1.25, 0.3))} />
        <IconButton name="plus" label="Larger" onClick={() => setZoom(Math.min(zoom * 1.25, 2))} />
      </div>
      <div class="plan-ground" tabIndex={0} role="group" aria-label="Plan">
        <div class="plan-size" style={{ width: `${(width + 48) * zoom}px`, height: `${(height + 48) * zoom}px` }}>
          <div class="plan-tree" style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${zoom})` }}>
            <svg width={width} height={height} aria-hidden="true">
              {operators.flatMap(operator =>
                operator.children.map(child => (
                  <path d={line(operator, child)} style={{ strokeWidth: `${thickness(child)}px` }} />
                )),
              )}
            </svg>
            {operators.map(operator => (
              <Card
                operator={operator}
                chosen={operator === chosen}
                choose={() => setChosen(operator === chosen ? undefined : operator)}
              />
            ))}
          </div>
        </div>
      </div>
      {chosen && <Details operator={chosen} close={() => setChosen(undefined)} />}
    </div>
  );
}

function Card({ operator, chosen, choose }: { operator: Operator; chosen: boolean; choose: () => void }) {
  const { name, details, rows, estimatedRows, dbHits, memory, share, x, y } = operator;
  return (
    <button
      type="button"
      class="operator"
      data-costly={share >= costly}
      aria-pressed={chosen}
      style={{ left: `${x}px`, top: `${y}px` }}
      onClick={choose}
    >
      <span class="operator-name">
        {name}
        {share >= costly && <em>costly</em>}
      </span>
      <span class="operator-details">{details}</span>
      <span class="operator-figures">
        {rows === undefined ? (
          <span>
            <b>{rounded(estimatedRows)}</b> rows, estimated
          </span>
        ) : (
          <span>
            <b>{rounded(rows)}</b> rows
          </span>
        )}
        {dbHits !== undefined && (
          <span>
            <b>{rounded(dbHits)}</b> db hits
          </span>
        )}
        {memory !== undefined && (
          <span>
            <b>{bytesText(memory)}</b>
          </span>
        )}
      </span>
      {dbHits !== undefined && (
        <span class="operator-share">
          <span style={{ width: `${Math.round(share * 100)}%` }} />
        </span>
      )}
    </button>
  );
}

function Details({ operator, close }: { operator: Operator; close: () => void }) {
  const { name, details, rows, estimatedRows, dbHits, memory, time, pageCacheHitRatio, share, more } = operator;
  const facts: [string, string | undefined][] = [
    ["Details", details],
    ["Rows", rows?.toLocaleString()],
    ["Estimated rows", estimatedRows?.toLocaleString()],
    ["Db hits", dbHits === undefined ? undefined : `${dbHits.toLocaleString()} (${Math.round(share * 100)} %)`],
    ["Memory", memory === undefined ? undefined : bytesText(memory)],
    ["Time", time === undefined ? undefined : timeText(time)],
    ["Page cache", pageCacheHitRatio === undefined ? undefined : `${Math.round(pageCacheHitRatio * 100)} % hits`],
    ...more,
  ];
  return (
    <aside class="float-panel" aria-label={name}>
      <header>
        <h2>{name}</h2>
        <IconButton name="close" label="Close" onClick={close} />
      </header>
      <dl class="facts">
        {facts
          .filter(([, value]) => value)
          .map(([what, value]) => (
            <>
              <dt>{what}</dt>
              <dd>{value}</dd>
            </>
          ))}
      </dl>
    </aside>
  );
}

function line(parent: Operator, child: Operator): string {
  const [x, y, toX, toY] = [parent.x + cardWidth / 2, parent.y + cardHeight, child.x + cardWidth / 2, child.y];
  const middle = (y + toY) / 2;
  return `M${x} ${y}C${x} ${middle} ${toX} ${middle} ${toX} ${toY}`;
}

/** Lines are thicker where more rows flow. */
function thickness({ rows, estimatedRows }: Operator): number {
  return Math.min(1.5 + Math.log10(1 + (rows ?? estimatedRows ?? 0)), 8);
}

function rounded(n: number | undefined): string {
  if (n === undefined) return "?";
  return n > 0 && n < 1 ? n.toFixed(2) : Math.round(n).toLocaleString();
}
