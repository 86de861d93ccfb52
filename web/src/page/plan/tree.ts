import type { Plan, ProfiledPlan } from "../../index.js";
import { bounded, textOf } from "../core/text.js";

/** One operator as it is drawn. Places are of its upper left corner. */
export interface Operator {
  name: string;
  details: string;
  rows: number | undefined;
  estimatedRows: number | undefined;
  dbHits: number | undefined;
  memory: number | undefined;
  time: number | undefined;
  pageCacheHitRatio: number | undefined;
  /** Of all db hits, 0 to 1. */
  share: number;
  more: [string, string][];
  x: number;
  y: number;
  children: Operator[];
}

export const cardWidth = 250;
export const cardHeight = 118;
const gapX = 26;
const gapY = 44;
/** A server could send a plan of any size. */
const mostOperators = 2000;
const known = new Set([
  "Details",
  "EstimatedRows",
  "Rows",
  "DbHits",
  "Memory",
  "Time",
  "PageCacheHits",
  "PageCacheMisses",
  "PageCacheHitRatio",
  "GlobalMemory",
]);

/** Lays out a plan: the operator that gives the result at the top, and what feeds it below. */
export function layOut(plan: Plan | ProfiledPlan): { operators: Operator[]; width: number; height: number } {
  const operators: Operator[] = [];
  let right = 0;
  let bottom = 0;
  const place = (given: Plan | ProfiledPlan, depth: number): Operator => {
    const made = operatorOf(given);
    operators.push(made);
    made.y = depth * (cardHeight + gapY);
    bottom = Math.max(bottom, made.y + cardHeight);
    const children = operators.length < mostOperators && depth < 500 ? given.children : [];
    made.children = children.map(child => place(child, depth + 1));
    if (made.children.length === 0) {
      made.x = right;
      right += cardWidth + gapX;
    } else {
      made.x = (made.children[0]!.x + made.children.at(-1)!.x) / 2;
    }
    return made;
  };
  place(plan, 0);
  const hits = operators.reduce((sum, { dbHits }) => sum + (dbHits ?? 0), 0);
  const costs = hits > 0 ? (operator: Operator) => (operator.dbHits ?? 0) / hits : () => 0;
  for (const operator of operators) operator.share = costs(operator);
  return { operators, width: right - gapX, height: bottom };
}

function operatorOf(plan: Plan | ProfiledPlan): Operator {
  const { arguments: given } = plan;
  const profiled = "dbHits" in plan ? plan : undefined;
  const number = (name: string): number | undefined =>
    given[name] === undefined || given[name] === null ? undefined : Number(given[name]);
  return {
    name: bounded(plan.operator.replace(/@.*$/, ""), 60),
    details: bounded(textOf(given["Details"] ?? plan.identifiers.join(", ")), 1000),
    rows: profiled && Number(profiled.rows),
    estimatedRows: number("EstimatedRows"),
    dbHits: profiled && Number(profiled.dbHits),
    memory: number("Memory"),
    time: profiled && profiled.time > 0 ? profiled.time : undefined,
    pageCacheHitRatio:
      profiled && Number(profiled.pageCacheHits) + Number(profiled.pageCacheMisses) > 0
        ? profiled.pageCacheHitRatio
        : undefined,
    share: 0,
    more: Object.entries(given)
      .filter(([name]) => !known.has(name))
      .slice(0, 30)
      .map(([name, value]) => [bounded(name, 60), textOf(value, 400)]),
    x: 0,
    y: 0,
    children: [],
  };
}
