import type { Block } from "../rowblock/block.js";
import { cellNull, tagElementID, tagInt, tagSafeInt } from "../rowblock/layout.js";
import { NumberTable } from "./number-table.js";

/**
 * Finds nodes (or relationships) again. If the element id is a common prefix and the number - as in all servers so far
 * - they are found by the number, others by the whole element id.
 */
export class Identities {
  private readonly spaces = new Map<string, NumberTable>();
  private readonly others = new Map<string, number>();
  /** The last used table, and what it belongs to. */
  private lastStrings: readonly string[] | undefined;
  private lastCell = -1;
  private lastTable: NumberTable | undefined;

  /** The entry, or NumberTable.none. */
  get(block: Block, identity: number, elementID: number): number {
    const table = this.table(block, identity, elementID);
    if (table === undefined) return this.others.get(block.elementID(elementID, identity)) ?? NumberTable.none;
    return table.get((identity & 15) === tagInt ? identity >> 4 : block.floats[identity >>> 4]!);
  }

  set(block: Block, identity: number, elementID: number, entry: number): void {
    const table = this.table(block, identity, elementID);
    if (table === undefined) this.others.set(block.elementID(elementID, identity), entry);
    else table.set((identity & 15) === tagInt ? identity >> 4 : block.floats[identity >>> 4]!, entry);
  }

  /** The entry of an element id, or NumberTable.none. */
  find(elementID: string): number {
    const digits = /[0-9]+$/.exec(elementID)?.[0];
    if (digits !== undefined) {
      const entry = this.spaces.get(elementID.slice(0, -digits.length))?.get(Number(digits));
      if (entry !== undefined && entry !== NumberTable.none && String(Number(digits)) === digits) return entry;
    }
    return this.others.get(elementID) ?? NumberTable.none;
  }

  private table(block: Block, identity: number, elementID: number): NumberTable | undefined {
    const { strings } = block.dictionary;
    if (elementID === this.lastCell && strings === this.lastStrings)
      return this.numbered(identity) ? this.lastTable : undefined;
    if (!this.numbered(identity)) return undefined;
    if (elementID !== cellNull && (elementID & 15) !== tagElementID) return undefined;
    const space = elementID === cellNull ? "" : strings[elementID >>> 4]!;
    let table = this.spaces.get(space);
    if (table === undefined) {
      table = new NumberTable();
      this.spaces.set(space, table);
    }
    this.lastStrings = strings;
    this.lastCell = elementID;
    this.lastTable = table;
    return table;
  }

  private numbered(identity: number): boolean {
    const tag = identity & 15;
    return tag === tagInt || tag === tagSafeInt;
  }
}
