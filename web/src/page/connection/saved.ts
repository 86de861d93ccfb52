import { targetOf, type Target } from "../core/session.js";
import { isRecord, isText, kept, listOf } from "../core/store.js";

/** A target that the user keeps by name, without secrets. */
export interface SavedConnection {
  name: string;
  target: Target;
}

const form = (found: unknown): found is SavedConnection =>
  isRecord(found) && isText(found["name"]) && targetOf(found["target"]) !== undefined;

export const saved = kept<SavedConnection[]>("connections", [], found =>
  listOf(form, 100)(found)?.map(({ name, target }) => ({ name, target: targetOf(target)! })),
);

export function keep(name: string, target: Target): void {
  saved.value = [...saved.peek().filter(other => other.name !== name), { name, target }].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

export function drop(name: string): void {
  saved.value = saved.peek().filter(other => other.name !== name);
}
