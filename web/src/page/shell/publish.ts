import { effect } from "@preact/signals";
import { draft, drawn, execution, run, shownRun } from "../core/workspace.js";
import { placeOf } from "../graph/view.js";

/** For tests: what the page is doing, and how much it shows, as data of the body; and the editor's text. */
export function publish(): void {
  effect(() => {
    const { dataset } = document.body;
    const shown = shownRun.value;
    void shown?.version.value;
    const states = {
      waiting: "running",
      running: "running",
      full: "full",
      done: "done",
      stopped: "done",
      failed: "failed",
      skipped: "failed",
    } as const;
    const busy = execution.value?.busy.value ?? false;
    dataset["state"] = !shown
      ? "idle"
      : busy && states[shown.state.value] === "done"
        ? "running"
        : states[shown.state.value];
    dataset["rows"] = String(shown?.rows.count ?? 0);
    dataset["nodes"] = String(shown?.graph.nodeCount ?? 0);
    dataset["relationships"] = String(shown?.graph.relationshipCount ?? 0);
    dataset["layout"] = drawn.value.moving ? "moving" : "still";
  });
  Object.assign(globalThis, {
    webboltPage: {
      placeOf: (node: number) => placeOf.current?.(node),
      write: (text: string) => (draft.value = text),
      run: () => void run(),
    },
  });
}
