/** A field of a table: a number of one of these widths, or a reference to data elsewhere. */
export type Slot =
  | { kind: "u8" | "i16" | "i32"; value: number }
  | { kind: "i64"; value: number }
  | { kind: "ref"; write: (buffer: FlatBuffer) => number }
  | undefined;

const widths = { u8: 1, i16: 2, i32: 4, i64: 8, ref: 4 };

/**
 * Writes a FlatBuffer, which is the form of Arrow's metadata (https://flatbuffers.dev/internals/). The data that a
 * table refers to is written after it, because references only point forward.
 */
export class FlatBuffer {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  /** The bytes of a buffer with this table as its root. */
  static of(root: Slot[]): Uint8Array<ArrayBuffer> {
    const buffer = new FlatBuffer();
    buffer.reference(buffer.reserve(4), () => buffer.table(root));
    return buffer.bytes.slice(0, buffer.at);
  }

  /**
   * Writes a table, whose slots are in the order of the schema's fields. Returns its place, as all writing methods do.
   */
  table(slots: Slot[]): number {
    let size = 4; // the place of the vtable comes first
    const offsets = slots.map(slot => {
      if (slot === undefined) return 0;
      const width = widths[slot.kind];
      size = Math.ceil(size / width) * width;
      size += width;
      return size - width;
    });
    const vtableSize = 4 + 2 * slots.length;
    this.align(8, vtableSize);
    const vtable = this.reserve(vtableSize);
    this.view.setUint16(vtable, vtableSize, true);
    this.view.setUint16(vtable + 2, size, true);
    offsets.forEach((offset, i) => this.view.setUint16(vtable + 4 + 2 * i, offset, true));
    const table = this.reserve(size);
    this.view.setInt32(table, table - vtable, true);
    slots.forEach((slot, i) => this.number(table + offsets[i]!, slot));
    slots.forEach((slot, i) => {
      if (slot?.kind === "ref") this.reference(table + offsets[i]!, () => slot.write(this));
    });
    return table;
  }

  string(text: string): number {
    const encoded = new TextEncoder().encode(text);
    this.align(4);
    const place = this.reserve(4 + encoded.length + 1);
    this.view.setUint32(place, encoded.length, true);
    this.bytes.set(encoded, place + 4);
    return place;
  }

  /** A vector of tables. */
  tables(tables: Slot[][]): number {
    this.align(4);
    const place = this.reserve(4 + 4 * tables.length);
    this.view.setUint32(place, tables.length, true);
    tables.forEach((table, i) => this.reference(place + 4 + 4 * i, () => this.table(table)));
    return place;
  }

  /** A vector of structs of two 64-bit integers. */
  pairs(pairs: readonly (readonly [number, number])[]): number {
    this.align(8, 4);
    const place = this.reserve(4 + 16 * pairs.length);
    this.view.setUint32(place, pairs.length, true);
    pairs.forEach(([first, second], i) => {
      this.long(place + 4 + 16 * i, first);
      this.long(place + 12 + 16 * i, second);
    });
    return place;
  }

  private number(place: number, slot: Slot): void {
    if (slot?.kind === "u8") this.view.setUint8(place, slot.value);
    else if (slot?.kind === "i16") this.view.setInt16(place, slot.value, true);
    else if (slot?.kind === "i32") this.view.setInt32(place, slot.value, true);
    else if (slot?.kind === "i64") this.long(place, slot.value);
  }

  private long(place: number, value: number): void {
    this.view.setBigInt64(place, BigInt(value), true);
  }

  private reference(place: number, write: () => number): void {
    const target = write();
    this.view.setUint32(place, target - place, true);
  }

  /** Pads, so that the place `ahead` bytes from here is a multiple of the width. */
  private align(width: number, ahead = 0): void {
    this.reserve((width - ((this.at + ahead) % width)) % width);
  }

  /** Reserves space, filled with zeros, and returns its place. */
  private reserve(size: number): number {
    const place = this.at;
    this.at += size;
    if (this.at > this.bytes.length) {
      const grown = new Uint8Array(2 * this.at);
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return place;
  }
}
