import { offsetOf, placeOf, type Execution } from "../core/run.js";
import { bounded } from "../core/text.js";
import type { Mark } from "./codemirror.js";

/** What the server said of the statements, as marks in the editor's text. */
export function marksOf({ runs }: Execution): Mark[] {
  return runs.flatMap(run => {
    const { text, offset } = run.statement;
    const marks: Mark[] = [];
    const at = placeOf(run.failure.value, run.statement);
    if (at !== undefined)
      marks.push({
        from: offset + at,
        to: offset + wordEnd(text, at),
        message: bounded((run.failure.value as Error).message, 1000),
        severity: "error",
      });
    for (const { position, title, description, severity } of run.summary.value?.notifications.slice(0, 100) ?? []) {
      const place = position && offsetOf(text, position.line, position.column);
      if (place === null || place === undefined) continue;
      marks.push({
        from: offset + place,
        to: offset + wordEnd(text, place),
        message: bounded(`${title}\n${description}`, 1000),
        severity: severity === "WARNING" ? "warning" : "info",
      });
    }
    return marks;
  });
}

/** Where the word at a place ends. */
function wordEnd(text: string, at: number): number {
  const word = /^(?:[\p{L}\p{N}_]+|\S)/u.exec(text.slice(at, at + 200));
  return Math.max(at + (word?.[0].length ?? 1), at + 1);
}
