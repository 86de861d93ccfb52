import { flagRestart, head, magic, version } from "./rowblock/layout.js";
import type { Sections, ValueOptions } from "./rowblock/block.js";
import { Block } from "./rowblock/block.js";
import { Dictionary } from "./rowblock/dictionary.js";
import { OwnValues, type ValueMaker } from "./rowblock/maker.js";
import { verify } from "./rowblock/verify.js";

export { Block } from "./rowblock/block.js";
export type { FloatMode, IntegerMode, Row, ValueOptions } from "./rowblock/block.js";
export type { ValueMaker } from "./rowblock/maker.js";
export { columnOf, joinColumns } from "./rowblock/columns.js";
export type { Column } from "./rowblock/columns.js";
export { Shape } from "./rowblock/dictionary.js";

/**
 * Reads the blocks of one result. They must come in the order in which they were written, because each refers to those
 * before it.
 */
export class BlockReader {
  private dictionary = new Dictionary();
  private readonly options: ValueOptions;
  private readonly make: ValueMaker;

  /** make makes the values; by default this package's, as the options ask. */
  constructor(options: ValueOptions = {}, make: ValueMaker = new OwnValues(options)) {
    this.options = options;
    this.make = make;
  }

  /**
   * Reads a block, which belongs to the reader from then on. Values are made later, on demand.
   *
   * @throws RangeError if it is not a whole block of a version that is known, or not what a writer writes: a block
   *   may come from a relay.
   */
  read(buffer: ArrayBuffer): Block {
    const words = checkedHeader(buffer);
    if ((words[head.version]! >>> 16) & flagRestart) this.dictionary = new Dictionary();
    const at = new Places(buffer, words);
    const floats = new Float64Array(buffer, at.skip(8 * words[head.floats]!), words[head.floats]);
    const ints = new BigInt64Array(buffer, at.skip(8 * words[head.ints]!), words[head.ints]);
    const directory = at.words(2 * words[head.fields]!);
    const tape = at.words(words[head.tape]!);
    const ends = at.words(words[head.strings]! + 1);
    const dictEnds = at.words(words[head.dictStrings]!);
    const shapes = at.words(words[head.shapeWords]!);
    const heap = at.bytes(words[head.heapBytes]!);
    const dictText = at.bytes(words[head.dictBytes]!);
    const bytes = at.bytes(words[head.bytes]!);
    if (dictEnds.length > 0)
      this.dictionary.addStrings(new TextDecoder("utf-8", { ignoreBOM: true }).decode(dictText), dictEnds);
    if (shapes.length > 0) this.dictionary.addShapes(shapes);
    const sections: Sections = { floats, ints, directory, tape, ends, heap, bytes };
    verify(sections, this.dictionary, words[head.rows]!, words[head.heapUnits]!);
    return new Block(buffer, sections, this.dictionary, this.options, this.make);
  }
}

function checkedHeader(buffer: ArrayBuffer): Uint32Array {
  if (buffer.byteLength < 4 * head.words) throw new RangeError("a row block is longer than this buffer");
  const words = new Uint32Array(buffer, 0, head.words);
  if (words[head.magic] !== magic) throw new RangeError("the buffer is not a row block");
  const written = words[head.version]! & 0xffff;
  if (written !== version)
    throw new RangeError(`the row block has version ${written} of the layout, this package reads version ${version}`);
  if (words[head.length]! > buffer.byteLength) throw new RangeError("the row block is cut short");
  return words;
}

/** The places of the sections, one after the other. */
class Places {
  private at = 4 * head.words;
  private readonly buffer: ArrayBuffer;
  private readonly end: number;

  constructor(buffer: ArrayBuffer, words: Uint32Array) {
    this.buffer = buffer;
    this.end = words[head.length]!;
  }

  /** The place of the next section, which has this many bytes. */
  skip(bytes: number): number {
    const at = this.at;
    this.at += bytes;
    if (this.at > this.end) throw new RangeError("the row block's sections are longer than the block");
    return at;
  }

  words(count: number): Int32Array {
    return new Int32Array(this.buffer, this.skip(4 * count), count);
  }

  bytes(count: number): Uint8Array {
    return new Uint8Array(this.buffer, this.skip(count), count);
  }
}
