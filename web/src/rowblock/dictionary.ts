import { define } from "../values/json.js";

/** A shape gets a constructor of its own after this many uses. */
const usesBeforeMake = 8;

/** The labels and keys that several values share. */
export class Shape {
  /** Of a node; of a relationship, its type. Nodes get copies of it. */
  readonly labels: readonly string[];
  readonly keys: readonly string[];
  /** Whether a key is `__proto__`, which cannot be assigned to. */
  readonly delicate: boolean;
  private uses = 0;
  private make: (new () => Record<string, unknown>) | undefined;

  constructor(labels: readonly string[], keys: readonly string[]) {
    this.labels = labels;
    this.keys = keys;
    this.delicate = keys.includes("__proto__");
  }

  /** A relationship's type. */
  get type(): string {
    return this.labels[0]!;
  }

  /**
   * An empty plain object, to which the keys are added in order. Objects of one shape come from one constructor, so
   * that the JavaScript engine learns their size; its prototype is Object's, so the objects are plain.
   */
  empty(): Record<string, unknown> {
    if (this.make !== undefined) return new this.make();
    if (++this.uses === usesBeforeMake) this.make = plainConstructor();
    return {};
  }

  /** Sets a key, whatever it is called. */
  static define = define;
}

function plainConstructor(): new () => Record<string, unknown> {
  function Plain(): void {}
  Plain.prototype = Object.prototype;
  return Plain as unknown as new () => Record<string, unknown>;
}

/** The strings and shapes that the blocks of one result share. It only grows, so blocks can keep it. */
export class Dictionary {
  readonly strings: string[] = [];
  readonly shapes: Shape[] = [];
  private readonly labelSets = new Map<string, readonly string[]>();

  /** Adds strings, which end at these places of the text. */
  addStrings(text: string, ends: Int32Array): void {
    let start = 0;
    for (const end of ends) {
      this.strings.push(text.substring(start, end));
      start = end;
    }
  }

  /** Adds shapes: of each, the numbers of labels and keys, then the strings they are. */
  addShapes(words: Int32Array): void {
    for (let at = 0; at < words.length; ) {
      const labels = words[at]!;
      const keys = words[at + 1]!;
      at += 2;
      if (labels < 0 || keys < 0 || at + labels + keys > words.length)
        throw new RangeError("the row block has a shape that lies outside of it");
      this.shapes.push(
        new Shape(
          this.labelSet(words.subarray(at, at + labels)),
          this.take(words.subarray(at + labels, at + labels + keys)),
        ),
      );
      at += labels + keys;
    }
  }

  private take(ids: Int32Array): string[] {
    return Array.from(ids, id => {
      const text = this.strings[id];
      if (text === undefined) throw new RangeError("the row block has a shape of strings that were not told");
      return text;
    });
  }

  /** Equal label sets are one array. */
  private labelSet(ids: Int32Array): readonly string[] {
    const key = ids.join();
    let labels = this.labelSets.get(key);
    if (labels === undefined) {
      labels = this.take(ids);
      this.labelSets.set(key, labels);
    }
    return labels;
  }
}
