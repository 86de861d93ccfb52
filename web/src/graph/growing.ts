/** An array of 32-bit numbers that grows at its end. */
export class GrowingArray {
  private room: Uint32Array<ArrayBuffer> = new Uint32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.room.length) {
      const grown = new Uint32Array(2 * this.length);
      grown.set(this.room);
      this.room = grown;
    }
    this.room[this.length++] = value;
  }

  at(index: number): number {
    return this.room[index]!;
  }

  set(index: number, value: number): void {
    this.room[index] = value;
  }

  /** The values. The array is a view, which is outdated after growth. */
  get values(): Uint32Array<ArrayBuffer> {
    return this.room.subarray(0, this.length);
  }
}
