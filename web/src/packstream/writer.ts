const encoder = new TextEncoder();

/**
 * PackStream's markers of values with a size: the tiny form, which contains the size, and the first of the markers for
 * 8, 16 and 32 bits.
 */
export const sizes = {
  string: { tiny: 0x80, wide: 0xd0 },
  list: { tiny: 0x90, wide: 0xd4 },
  map: { tiny: 0xa0, wide: 0xd8 },
  bytes: { tiny: -1, wide: 0xcc },
} as const;

/** Appends PackStream's primitives to a buffer that grows. */
export class Writer {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  /** The written bytes, as a new array. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.at);
  }

  byte(value: number): void {
    this.room(1);
    this.bytes[this.at++] = value;
  }

  /** An integer that is safe or a bigint of 64 bits. */
  integer(value: number | bigint): void {
    this.room(9);
    const small = Number(value);
    if (small >= -16 && small < 128) {
      this.view.setInt8(this.at++, small);
    } else if (small >= -128 && small < 128) {
      this.bytes[this.at] = 0xc8;
      this.view.setInt8(this.at + 1, small);
      this.at += 2;
    } else if (small >= -32_768 && small < 32_768) {
      this.bytes[this.at] = 0xc9;
      this.view.setInt16(this.at + 1, small);
      this.at += 3;
    } else if (small >= -2_147_483_648 && small < 2_147_483_648) {
      this.bytes[this.at] = 0xca;
      this.view.setInt32(this.at + 1, small);
      this.at += 5;
    } else {
      this.bytes[this.at] = 0xcb;
      this.view.setBigInt64(this.at + 1, BigInt(value));
      this.at += 9;
    }
  }

  float(value: number): void {
    this.room(9);
    this.bytes[this.at] = 0xc1;
    this.view.setFloat64(this.at + 1, value);
    this.at += 9;
  }

  string(text: string): void {
    if (text.length < 64) {
      if (this.ascii(text)) return;
      // Encoded after the place of a one-byte size, and moved if it needs none.
      this.room(2 + 3 * text.length);
      const { written } = encoder.encodeInto(text, this.bytes.subarray(this.at + 2));
      if (written < 16) {
        this.bytes[this.at] = sizes.string.tiny + written;
        this.bytes.copyWithin(this.at + 1, this.at + 2, this.at + 2 + written);
        this.at += 1 + written;
      } else {
        this.bytes[this.at] = sizes.string.wide;
        this.bytes[this.at + 1] = written;
        this.at += 2 + written;
      }
      return;
    }
    const encoded = encoder.encode(text);
    this.size(sizes.string, encoded.length);
    this.raw(encoded);
  }

  /** Writes a short text that is all ASCII, for which the encoder takes longer than this; false writes nothing. */
  private ascii(text: string): boolean {
    const { length } = text;
    this.room(2 + length);
    const { bytes } = this;
    const start = this.at + (length < 16 ? 1 : 2);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return false;
      bytes[start + i] = code;
    }
    this.size(sizes.string, length);
    this.at += length;
    return true;
  }

  byteArray(bytes: Uint8Array): void {
    this.size(sizes.bytes, bytes.length);
    this.raw(bytes);
  }

  structure(signature: string, fields: number): void {
    this.byte(0xb0 + fields);
    this.byte(signature.charCodeAt(0));
  }

  /** The marker and size of a value. */
  size(marker: { tiny: number; wide: number }, size: number): void {
    this.room(5);
    if (size < 16 && marker.tiny >= 0) {
      this.bytes[this.at++] = marker.tiny + size;
    } else if (size < 256) {
      this.bytes[this.at++] = marker.wide;
      this.bytes[this.at++] = size;
    } else if (size < 65_536) {
      this.bytes[this.at++] = marker.wide + 1;
      this.view.setUint16(this.at, size);
      this.at += 2;
    } else {
      this.bytes[this.at++] = marker.wide + 2;
      this.view.setUint32(this.at, size);
      this.at += 4;
    }
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private room(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.at + size));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
