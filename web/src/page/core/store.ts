import { effect, signal, type Signal } from "@preact/signals";

/**
 * A signal whose value outlives the page: in localStorage, or in sessionStorage for what lasts as long as the tab.
 * valid makes a value of what was found, or gives
 * undefined for what cannot be used. Without storage, as in some private windows, the signal works and forgets.
 */
export function kept<T>(
  key: string,
  initial: T,
  valid: (found: unknown) => T | undefined,
  storage: "local" | "session" = "local",
): Signal<T> {
  const name = "webbolt." + key;
  const held = signal(read(name, storage, valid) ?? initial);
  let first = true;
  effect(() => {
    const text = JSON.stringify(held.value);
    if (first) first = false;
    else write(name, storage, text);
  });
  return held;
}

/** For kept: a list of values that all pass. */
export function listOf<T>(passes: (found: unknown) => found is T, most: number): (found: unknown) => T[] | undefined {
  return found => (Array.isArray(found) ? found.filter(passes).slice(0, most) : undefined);
}

export function isText(found: unknown): found is string {
  return typeof found === "string";
}

export function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}

function read<T>(name: string, storage: "local" | "session", valid: (found: unknown) => T | undefined): T | undefined {
  try {
    const text = place(storage).getItem(name);
    return text === null ? undefined : valid(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function write(name: string, storage: "local" | "session", text: string): void {
  try {
    place(storage).setItem(name, text);
  } catch {
    // The value lasts as long as the page.
  }
}

function place(storage: "local" | "session"): Storage {
  return storage === "local" ? localStorage : sessionStorage;
}
