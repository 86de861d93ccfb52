import type { Block } from "../rowblock/block.js";
import type { Dictionary } from "../rowblock/dictionary.js";
import {
  cellNull,
  columnCells,
  listCells,
  tagList,
  tagMap,
  tagNode,
  tagPath,
  tagRelationship,
} from "../rowblock/layout.js";
import { Graph, nowhere, type GraphDelta, type GraphParts, type Places } from "./graph.js";
import { GrowingArray } from "./growing.js";
import { Identities } from "./identities.js";
import { NumberTable } from "./number-table.js";
import { stays } from "../raw.js";

export interface GraphOptions {
  /** The maximum number of nodes; further ones are left out, with the relationships that need them. */
  nodeLimit?: number;
  /** The maximum number of relationships; further ones are left out. */
  relationshipLimit?: number;
  /**
   * What happens to relationships whose end nodes have not come in the result. "wait" (the default): they are not in
   * the graph until these nodes come. "placeholder": they are in the graph, and so are the nodes, of which only the
   * element id is known until they come.
   */
  ends?: "wait" | "placeholder";
}

/** A relationship that waits for a node. */
interface Waiting {
  block: number;
  at: number;
}

/** Entries of nodes below -1 are lists of relationships that wait for the node: -2 is the first. */
const firstList = -2;

/** The entry of a relationship that waits for a node. */
const waits = -2;

/**
 * Collects the distinct nodes and relationships of blocks, from rows, lists, maps and paths, without making objects of
 * them.
 */
export class GraphBuilder {
  /** @internal */
  readonly stays: symbol = stays;
  readonly graph: Graph;
  private readonly parts: GraphParts;
  private readonly nodeLimit: number;
  private readonly relationshipLimit: number;
  private readonly placeholders: boolean;
  private readonly lists: Waiting[][] = [];
  private filled: number[] = [];
  /** Label sets and types of the shapes of the last used dictionary, by shape; each entry is the index plus one. */
  private shapesOf: Dictionary | undefined;
  private labelSetOfShape: number[] = [];
  private typeOfShape: number[] = [];
  private readonly labelSetIndex = new Map<string, number>();
  private readonly typeIndex = new Map<string, number>();
  /** The current block, and its index among those kept. */
  private block!: Block;
  private tape!: Int32Array;
  private index = 0;
  /** Whether the graph refers to the current block. */
  private used = false;

  constructor(options: GraphOptions = {}) {
    this.nodeLimit = Math.min(options.nodeLimit ?? Infinity, 0x7fff_fff0);
    this.relationshipLimit = options.relationshipLimit ?? Infinity;
    this.placeholders = options.ends === "placeholder";
    this.parts = {
      blocks: [],
      nodes: places(),
      relationships: places(),
      source: new GrowingArray(),
      target: new GrowingArray(),
      labelSet: new GrowingArray(),
      typeOf: new GrowingArray(),
      labelSets: [],
      types: [],
      placeholders: new Map(),
    };
    this.graph = new Graph(this.parts);
  }

  /** Adds the nodes and relationships in a block's rows, from one row on, and returns what was new. */
  add(block: Block, fromRow = 0): GraphDelta {
    const nodes = this.graph.nodeCount;
    const relationships = this.graph.relationshipCount;
    this.filled = [];
    this.index = this.parts.blocks.length;
    this.parts.blocks.push(block);
    this.used = false;
    this.enter(block);
    for (let field = 0; field < block.fields; field++) {
      if (block.directory[2 * field] !== columnCells) continue;
      const at = block.directory[2 * field + 1]!;
      for (let row = fromRow; row < block.rows; row++) this.visit(this.tape[at + row]!);
    }
    if (!this.used) this.parts.blocks.pop(); // a block that brings nothing new is not kept
    return {
      nodes: [nodes, this.graph.nodeCount],
      relationships: [relationships, this.graph.relationshipCount],
      filled: this.filled,
    };
  }

  private enter(block: Block): void {
    this.block = block;
    this.tape = block.tape;
    if (block.dictionary !== this.shapesOf) {
      this.shapesOf = block.dictionary;
      this.labelSetOfShape = [];
      this.typeOfShape = [];
    }
  }

  private visit(cell: number): void {
    const at = cell >>> 4;
    switch (cell & 15) {
      case tagNode:
        return this.node(at);
      case tagRelationship:
        return this.relationship(at);
      case tagPath: {
        const cells = 2 * (this.tape[at]! >>> 1) + 1;
        for (let i = 1; i <= cells; i++) this.visit(this.tape[at + i]!);
        return;
      }
      case tagList: {
        if ((this.tape[at]! & 3) !== listCells) return;
        const length = this.tape[at]! >>> 2;
        for (let i = 1; i <= length; i++) this.visit(this.tape[at + i]!);
        return;
      }
      case tagMap: {
        const { length } = this.block.dictionary.shapes[this.tape[at]!]!.keys;
        for (let i = 1; i <= length; i++) this.visit(this.tape[at + i]!);
      }
    }
  }

  private node(at: number): void {
    const { nodes, labelSet } = this.parts;
    const identity = this.tape[at + 1]!;
    const elementID = this.tape[at + 2]!;
    const entry = nodes.identities.get(this.block, identity, elementID);
    if (entry >= 0) {
      if (this.placeholders && nodes.blocks.at(entry) === nowhere) this.fill(entry, at);
      return;
    }
    const index = labelSet.length;
    if (index >= this.nodeLimit) {
      this.graph.truncated = true;
      return;
    }
    nodes.blocks.push(this.index);
    nodes.tape.push(at);
    this.used = true;
    labelSet.push(this.labelSet(this.tape[at]!));
    nodes.identities.set(this.block, identity, elementID, index);
    if (entry <= firstList) this.wake(firstList - entry);
  }

  /** Makes a node of a placeholder. */
  private fill(index: number, at: number): void {
    const { nodes, labelSet, placeholders } = this.parts;
    nodes.blocks.set(index, this.index);
    nodes.tape.set(index, at);
    this.used = true;
    labelSet.set(index, this.labelSet(this.tape[at]!));
    placeholders.delete(index);
    this.filled.push(index);
  }

  /** Adds a relationship unless the graph has it; a waiting one is only added when it is woken. */
  private relationship(at: number, woken = false): void {
    const { relationships, source, target, typeOf } = this.parts;
    const { tape, block } = this;
    const entry = relationships.identities.get(block, tape[at + 1]!, tape[at + 2]!);
    if (entry !== NumberTable.none && !(woken && entry === waits)) return;
    if (source.length >= this.relationshipLimit) {
      this.graph.truncated = true;
      return;
    }
    const start = this.end(at, at + 3);
    if (start < 0) return;
    const end = this.end(at, at + 5);
    if (end < 0) return;
    const index = source.length;
    relationships.blocks.push(this.index);
    relationships.tape.push(at);
    this.used = true;
    source.push(start);
    target.push(end);
    typeOf.push(this.type(tape[at]!));
    relationships.identities.set(block, tape[at + 1]!, tape[at + 2]!, index);
  }

  /**
   * The index of the node at an end of a relationship. If there is none, it is negative and the relationship waits.
   */
  private end(at: number, endAt: number): number {
    const { identities } = this.parts.nodes;
    const identity = this.tape[endAt]!;
    const elementID = this.tape[endAt + 1]!;
    const entry = identities.get(this.block, identity, elementID);
    if (entry >= 0) return entry;
    if (identity === cellNull && elementID === cellNull) return -1;
    if (this.graph.nodeCount >= this.nodeLimit) {
      this.graph.truncated = true;
      return -1;
    }
    if (this.placeholders) return this.placeholder(identity, elementID);
    let list = firstList - entry;
    if (entry > firstList) {
      list = this.lists.length;
      this.lists.push([]);
      identities.set(this.block, identity, elementID, firstList - list);
    }
    this.lists[list]!.push({ block: this.index, at });
    this.parts.relationships.identities.set(this.block, this.tape[at + 1]!, this.tape[at + 2]!, waits);
    this.used = true;
    this.graph.waiting++;
    return -1;
  }

  private placeholder(identity: number, elementID: number): number {
    const { nodes, labelSet, placeholders } = this.parts;
    const index = labelSet.length;
    nodes.blocks.push(nowhere);
    nodes.tape.push(0);
    labelSet.push(this.labelSetNumber([]));
    placeholders.set(index, this.block.elementID(elementID, identity));
    nodes.identities.set(this.block, identity, elementID, index);
    return index;
  }

  /** Tries again to add the relationships that waited for a node. */
  private wake(list: number): void {
    const { block, index } = this;
    const waiting = this.lists[list]!;
    this.lists[list] = [];
    for (const relationship of waiting) {
      this.graph.waiting--;
      this.index = relationship.block;
      this.enter(this.parts.blocks[relationship.block]!);
      this.relationship(relationship.at, true);
    }
    this.index = index;
    this.enter(block);
  }

  private labelSet(shape: number): number {
    const known = this.labelSetOfShape[shape];
    if (known !== undefined) return known;
    return (this.labelSetOfShape[shape] = this.labelSetNumber(this.block.dictionary.shapes[shape]!.labels));
  }

  private labelSetNumber(labels: readonly string[]): number {
    return numbered(
      this.labelSetIndex,
      labels.map(label => `${label.length}:${label}`).join(),
      this.parts.labelSets,
      labels,
    );
  }

  private type(shape: number): number {
    const known = this.typeOfShape[shape];
    if (known !== undefined) return known;
    const { type } = this.block.dictionary.shapes[shape]!;
    return (this.typeOfShape[shape] = numbered(this.typeIndex, type, this.parts.types, type));
  }
}

function places(): Places {
  return { blocks: new GrowingArray(), tape: new GrowingArray(), identities: new Identities() };
}

/** The number of a key, whose value is added to all if it is new. */
function numbered<T>(index: Map<string, number>, key: string, all: T[], value: T): number {
  let number = index.get(key);
  if (number === undefined) {
    number = all.length;
    index.set(key, number);
    all.push(value);
  }
  return number;
}
