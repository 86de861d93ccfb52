import { signal } from "@preact/signals";
import type { TransactionRef } from "../../index.js";
import { connector, database, target } from "./session.js";

/** A transaction that the user began. */
export interface OpenTransaction {
  ref: TransactionRef;
  since: Date;
  readonly: boolean;
  database: string;
  statements: number;
}

/** What to begin with. */
export interface BeginOptions {
  readonly: boolean;
  /** Milliseconds; 0 leaves it to the server. */
  timeout: number;
  metadata: Record<string, unknown>;
}

/** The transaction in which statements run, if the user began one. */
export const transaction = signal<OpenTransaction | undefined>(undefined);
/** How the last one ended. */
export const lastEnd = signal("");

export async function begin({ readonly, timeout, metadata }: BeginOptions): Promise<void> {
  const name = database.peek();
  const only = readonly || target.peek().readonly;
  const options = {
    readonly: only,
    ...(timeout > 0 ? { timeout } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
  const ref = await (await connector()).begin(name, options);
  lastEnd.value = "";
  transaction.value = { ref, since: new Date(), readonly: only, database: name, statements: 0 };
}

/** Commits or rolls back. The transaction is over also where that fails. */
export async function end(how: "commit" | "rollback"): Promise<void> {
  const open = transaction.peek();
  if (!open) return;
  try {
    await (await connector())[how](open.ref);
    lastEnd.value = how === "commit" ? "Committed." : "Rolled back.";
  } catch (thrown) {
    lastEnd.value = `The ${how} failed: ${thrown instanceof Error ? thrown.message.slice(0, 500) : String(thrown)}`;
    throw thrown;
  } finally {
    transaction.value = undefined;
  }
}

/** Takes notice of a transaction that a failure or a lost connection ended. */
export function checkBroken(): void {
  const open = transaction.peek();
  if (!open) return;
  if (open.ref.broken) {
    transaction.value = undefined;
    lastEnd.value = "The transaction ended: a statement failed or was stopped, and the server rolled it back.";
  } else {
    transaction.value = { ...open, statements: open.statements + 1 };
  }
}

addEventListener("beforeunload", event => {
  if (transaction.peek()) event.preventDefault(); // the browser asks the user
});
