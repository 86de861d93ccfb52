// A block may come from a relay, which is trusted no more than a server. A malicious block must not make a reader read
// outside of it, build data larger than the block, or loop forever. So each block is verified once, before anything is
// made from it; readers check nothing.
import type { Sections } from "./block.js";
import type { Dictionary } from "./dictionary.js";
import {
  columnCells,
  columnFloat,
  columnInt32,
  columnInt64,
  columnSafeInt,
  listCells,
  listFloats,
  listInt32,
  nodeWords,
  relationshipWords,
  structDate,
  structDateTime,
  structDuration,
  structLocalDateTime,
  structLocalTime,
  structPoint2D,
  structPoint3D,
  structTime,
  structUnbound,
  structUnknown,
  structUnsupported,
  structUUID,
  structVector,
  structZoned,
  structZonedLocal,
  tagBytes,
  tagConstant,
  tagElementID,
  tagFloat,
  tagInt,
  tagInt64,
  tagList,
  tagMap,
  tagNode,
  tagPath,
  tagRelationship,
  tagSafeInt,
  tagString,
  tagStructure,
  tagWord,
} from "./layout.js";

/** How deeply values may be nested (docs/rowblock.md, "Sizes"). A path adds two levels. */
const maxDepth = 260;

/** The cells of structures that consist of cells only: an integer (i), a dictionary string (w) or any value (a). */
const plainCells: ReadonlyMap<number, string> = new Map([
  [structDate, "i"],
  [structTime, "ii"],
  [structLocalTime, "i"],
  [structLocalDateTime, "ii"],
  [structDateTime, "iii"],
  [structZoned, "iiw"],
  [structZonedLocal, "iiw"],
  [structDuration, "iiii"],
  [structUnsupported, "wiia"],
]);

/** A verified composite is marked by its tag; during verification also by this. */
const underWay = 0x80;

/** Verifies a block. @throws RangeError if it is not what docs/rowblock.md describes. */
export function verify(sections: Sections, dictionary: Dictionary, rows: number, heapUnits: number): void {
  new Verifier(sections, dictionary).block(rows, heapUnits);
}

class Verifier {
  private readonly sections: Sections;
  private readonly tape: Int32Array;
  private readonly dictionary: Dictionary;
  private readonly strings: number;
  private seen: Uint8Array | undefined;
  private depth = 0;

  constructor(sections: Sections, dictionary: Dictionary) {
    this.sections = sections;
    this.tape = sections.tape;
    this.dictionary = dictionary;
    this.strings = sections.ends.length - 1;
  }

  block(rows: number, heapUnits: number): void {
    const { directory, ends } = this.sections;
    if (directory.length === 0) within(rows, 0, 0xffff, "rows without fields");
    for (let i = 0; i < directory.length; i += 2) this.column(directory[i]!, directory[i + 1]!, rows);
    let last = 0;
    for (const end of ends) {
      if (end < last) throw new RangeError("the row block's strings are out of order");
      last = end;
    }
    if (last > heapUnits) throw new RangeError("the row block's strings are longer than its text");
  }

  private column(kind: number, begin: number, rows: number): void {
    const { floats, ints, tape } = this.sections;
    switch (kind) {
      case columnCells:
        within(begin, rows, tape.length, "column");
        for (let i = begin; i < begin + rows; i++) this.cell(tape[i]!);
        return;
      case columnInt32:
        return within(begin, rows, tape.length, "column");
      case columnSafeInt:
      case columnFloat:
        return within(begin, rows, floats.length, "column");
      case columnInt64:
        return within(begin, rows, ints.length, "column");
      default:
        throw new RangeError(`the row block has a column of the unknown kind ${kind}`);
    }
  }

  private cell(cell: number): void {
    const payload = cell >>> 4;
    const tag = cell & 15;
    switch (tag) {
      case tagConstant:
      case tagInt:
        return;
      case tagString:
        if (payload >= this.strings) outside("string");
        return;
      case tagElementID:
      case tagWord:
        if (payload >= this.dictionary.strings.length) outside("dictionary string");
        return;
      case tagSafeInt:
      case tagFloat:
        if (payload >= this.sections.floats.length) outside("number");
        return;
      case tagInt64:
        if (payload >= this.sections.ints.length) outside("integer");
        return;
      default:
        this.composite(tag, payload);
    }
  }

  /** Verifies the composite at a place of the tape, unless that was done. */
  private composite(tag: number, at: number): void {
    if (at >= this.tape.length) outside("value");
    this.seen ??= new Uint8Array(this.tape.length);
    const seen = this.seen[at]!;
    if (seen === tag) return;
    if (seen & underWay) throw new RangeError("the row block has a value that holds itself");
    if (++this.depth > maxDepth) throw new RangeError("the row block has values that are nested too deeply");
    this.seen[at] = tag | underWay;
    switch (tag) {
      case tagBytes:
        this.words(at, 2);
        within(this.tape[at]!, this.tape[at + 1]!, this.sections.bytes.length, "byte array");
        break;
      case tagList:
        this.list(at);
        break;
      case tagMap:
        this.cells(at + 1, this.shape(at).keys.length);
        break;
      case tagNode:
        this.cells(at + 1, nodeWords - 1 + this.shape(at).keys.length);
        break;
      case tagRelationship:
        this.cells(at + 1, relationshipWords - 1 + this.typed(at).keys.length);
        break;
      case tagPath:
        this.path(at);
        break;
      case tagStructure:
        this.structure(at);
        break;
      default:
        throw new RangeError(`the row block has a cell with the unknown tag ${tag}`);
    }
    this.seen[at] = tag;
    this.depth--;
  }

  private list(at: number): void {
    const length = this.tape[at]! >>> 2;
    switch (this.tape[at]! & 3) {
      case listCells:
        return this.cells(at + 1, length);
      case listInt32:
        return this.words(at + 1, length);
      case listFloats:
        this.words(at + 1, 1);
        return within(this.tape[at + 1]!, length, this.sections.floats.length, "list");
      default:
        throw new RangeError("the row block has a list of an unknown form");
    }
  }

  private path(at: number): void {
    const length = this.tape[at]! >>> 1;
    this.words(at + 1, 2 * length + 1);
    for (let i = 0; i <= 2 * length; i++) {
      const cell = this.tape[at + 1 + i]!;
      if ((cell & 15) !== (i <= length ? tagNode : tagRelationship))
        throw new RangeError("the row block has a path of other things than nodes and relationships");
      this.composite(cell & 15, cell >>> 4);
    }
  }

  private structure(at: number): void {
    const first = this.tape[at]!;
    const kind = first & 255;
    const cells = plainCells.get(kind);
    if (cells !== undefined) return this.plain(at + 1, cells);
    switch (kind) {
      case structPoint2D:
      case structPoint3D:
        this.plain(at + 1, "i");
        this.words(at + 2, 1);
        return within(this.tape[at + 2]!, kind === structPoint3D ? 3 : 2, this.sections.floats.length, "point");
      case structVector:
        this.words(at + 1, 3);
        return within(this.tape[at + 2]!, this.tape[at + 3]!, this.sections.bytes.length, "vector");
      case structUUID:
        return this.words(at + 1, 4);
      case structUnknown:
        this.words(at + 1, 1);
        return this.cells(at + 2, first >>> 8);
      case structUnbound:
        this.words(at + 1, 1);
        return this.cells(at + 2, nodeWords - 1 + this.typed(at + 1).keys.length);
      default:
        throw new RangeError(`the row block has a structure of the unknown kind ${kind}`);
    }
  }

  /** Verifies cells of the given types. */
  private plain(at: number, types: string): void {
    this.cells(at, types.length);
    for (let i = 0; i < types.length; i++) {
      const tag = this.tape[at + i]! & 15;
      const fits = types[i] === "a" || (types[i] === "w" ? tag === tagWord : tag >= tagInt && tag <= tagInt64);
      if (!fits) throw new RangeError("the row block has a structure with a value of another type than belongs there");
    }
  }

  private shape(at: number) {
    const shape = this.dictionary.shapes[this.tape[at]!];
    if (shape === undefined) throw new RangeError("the row block has a value of a shape that was not told");
    return shape;
  }

  /** The shape of a relationship. */
  private typed(at: number) {
    const shape = this.shape(at);
    if (shape.labels.length !== 1) throw new RangeError("the row block has a relationship without a type");
    return shape;
  }

  private words(at: number, count: number): void {
    within(at, count, this.tape.length, "value");
  }

  private cells(at: number, count: number): void {
    this.words(at, count);
    for (let i = at; i < at + count; i++) this.cell(this.tape[i]!);
  }
}

/** Requires that count elements from a place on lie within so many. */
function within(at: number, count: number, length: number, what: string): void {
  if (at < 0 || count < 0 || at + count > length) outside(what);
}

function outside(what: string): never {
  throw new RangeError(`the row block has a ${what} that lies outside of it`);
}
