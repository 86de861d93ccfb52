import type { DescribedTransaction } from "./engine/protocol.js";
import { wrong } from "./engine/shape.js";
import { keepRaw, stays } from "./raw.js";

let markBroken: (transaction: TransactionRef) => void;

/** Refers to an explicit transaction. */
export class TransactionRef {
  /** @internal */
  readonly stays: symbol = stays;
  /** The database's name, or empty for the user's home database. */
  readonly graphName: string;
  /** Names the transaction: the server's name over HTTP, webbolt's own over Bolt, which has none on the wire. */
  readonly txid: string;
  readonly readonly: boolean;
  readonly #begun: number;
  #broken = false;

  constructor(
    graphName: string,
    txid: string,
    { readonly = false, age = 0 }: { readonly?: boolean; age?: number } = {},
  ) {
    this.graphName = graphName;
    this.txid = txid;
    this.readonly = readonly;
    this.#begun = performance.now() - age * 1000;
  }

  /** Whether the transaction was ended by a disconnection or by a failure on the server. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Seconds since the transaction was begun. */
  get age(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  /** Whether both refer to the same transaction: graph name and id are the same. */
  equals(other: TransactionRef): boolean {
    return this.graphName === other.graphName && this.txid === other.txid;
  }

  static {
    markBroken = transaction => {
      transaction.#broken = true;
    };
  }
}

/** The open transactions of one owner, so that the same transaction is always the same object. */
export class OpenTransactions {
  readonly #open = new Map<string, TransactionRef>();

  /** The object for a transaction of the engine. */
  known(described: DescribedTransaction): TransactionRef {
    const key = keyOf(described);
    let transaction = this.#open.get(key);
    if (!transaction) {
      transaction = new TransactionRef(described.graphName, described.txid, described);
      this.#open.set(key, transaction);
    }
    this.update(described);
    return transaction;
  }

  /** Sets the state that the engine reported of a transaction. */
  update(described: DescribedTransaction): void {
    const transaction = this.#open.get(keyOf(described));
    if (transaction && described.broken) markBroken(transaction);
  }

  /** Forgets a transaction that has ended; returns its object. */
  ended(described: DescribedTransaction): TransactionRef {
    const transaction = this.known(described);
    this.#open.delete(keyOf(described));
    return transaction;
  }

  /** Marks all as broken: their connection or the engine is gone. */
  breakAll(): void {
    for (const transaction of this.#open.values()) markBroken(transaction);
    this.#open.clear();
  }
}

function keyOf({ graphName, txid }: { graphName: string; txid: string }): string {
  return graphName + "\0" + txid;
}

/** The transaction as a message for the engine. */
export function describeTransaction(transaction: TransactionRef): DescribedTransaction {
  if (!(transaction instanceof TransactionRef)) throw wrong("transaction", "it takes what begin gives");
  const { graphName, txid, readonly } = transaction;
  return { graphName, txid, readonly };
}

/** The same for a transaction that may be left out. */
export function optionalTransaction(transaction: TransactionRef | undefined): { transaction?: DescribedTransaction } {
  return transaction ? { transaction: describeTransaction(transaction) } : {};
}

keepRaw(TransactionRef);
