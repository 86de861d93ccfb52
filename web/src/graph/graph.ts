import type { Block } from "../rowblock/block.js";
import { nodeWords, relationshipWords } from "../rowblock/layout.js";
import type { Node, Properties, Relationship } from "../values/entities.js";
import type { GrowingArray } from "./growing.js";
import type { Identities } from "./identities.js";
import { stays } from "../raw.js";

/** What a step added. Indices are given in order and never change, so ranges are enough. */
export interface GraphDelta {
  /** Index of the first new node, and the index after the last. */
  readonly nodes: readonly [from: number, to: number];
  /** Index of the first new relationship, and the index after the last. */
  readonly relationships: readonly [from: number, to: number];
  /** Nodes that were placeholders and have become known. */
  readonly filled: readonly number[];
}

/** Nodes or relationships, by index: in which block each lies, and where on its tape. */
export interface Places {
  readonly blocks: GrowingArray;
  readonly tape: GrowingArray;
  readonly identities: Identities;
}

/** The block of a placeholder. */
export const nowhere = 0xffff_ffff;

/** @internal What the builder fills. */
export interface GraphParts {
  readonly blocks: Block[];
  readonly nodes: Places;
  readonly relationships: Places;
  readonly source: GrowingArray;
  readonly target: GrowingArray;
  readonly labelSet: GrowingArray;
  readonly typeOf: GrowingArray;
  readonly labelSets: (readonly string[])[];
  readonly types: string[];
  /** Element ids of placeholders. */
  readonly placeholders: Map<number, string>;
}

/**
 * The distinct nodes and relationships of a result, numbered from 0 in the order they came. It may still grow; existing
 * entries do not change. Properties are read on demand from the result's blocks, so the graph keeps the blocks.
 */
export class Graph {
  /** @internal */
  readonly stays: symbol = stays;
  private readonly parts: GraphParts;
  /** Whether nodes or relationships were left out because of a limit. */
  truncated = false;
  /** Relationships that are not in the graph because a node at their ends is not. */
  waiting = 0;

  /** @internal */
  constructor(parts: GraphParts) {
    this.parts = parts;
  }

  get nodeCount(): number {
    return this.parts.labelSet.length;
  }

  get relationshipCount(): number {
    return this.parts.source.length;
  }

  /** The bytes of the blocks that the graph keeps: those that brought something new. */
  get byteLength(): number {
    return this.parts.blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  /**
   * The index of the node each relationship starts at. Like the other arrays this is a view: get it again after the
   * graph has grown.
   */
  get source(): Uint32Array<ArrayBuffer> {
    return this.parts.source.values;
  }

  /** The index of the node each relationship ends at. */
  get target(): Uint32Array<ArrayBuffer> {
    return this.parts.target.values;
  }

  /** For each node, the index of its labels in labelSets. */
  get labelSet(): Uint32Array<ArrayBuffer> {
    return this.parts.labelSet.values;
  }

  /** All combinations of labels. */
  get labelSets(): readonly (readonly string[])[] {
    return this.parts.labelSets;
  }

  /** For each relationship, the index of its type in types. */
  get typeOf(): Uint32Array<ArrayBuffer> {
    return this.parts.typeOf.values;
  }

  /** All types of relationships. */
  get types(): readonly string[] {
    return this.parts.types;
  }

  /** The index of a node by its element id, or -1. */
  nodeIndex(elementId: string): number {
    return Math.max(this.parts.nodes.identities.find(elementId), -1);
  }

  /** The index of a relationship by its element id, or -1. */
  relationshipIndex(elementId: string): number {
    return Math.max(this.parts.relationships.identities.find(elementId), -1);
  }

  nodeElementId(node: number): string {
    const block = this.blockOf(this.parts.nodes, node);
    if (block === undefined) return this.parts.placeholders.get(node)!;
    const at = this.parts.nodes.tape.at(node);
    return block.elementID(block.tape[at + 2]!, block.tape[at + 1]!);
  }

  relationshipElementId(relationship: number): string {
    const block = this.blockOf(this.parts.relationships, relationship)!;
    const at = this.parts.relationships.tape.at(relationship);
    return block.elementID(block.tape[at + 2]!, block.tape[at + 1]!);
  }

  /** A node's labels; none for a placeholder. */
  labels(node: number): readonly string[] {
    return this.parts.labelSets[this.parts.labelSet.at(node)]!;
  }

  /** A relationship's type. */
  type(relationship: number): string {
    return this.parts.types[this.parts.typeOf.at(relationship)]!;
  }

  /** Whether only the element id of a node is known. */
  isPlaceholder(node: number): boolean {
    return this.parts.nodes.blocks.at(node) === nowhere;
  }

  /** A node's properties, a new object each time. */
  nodeProperties(node: number): Properties {
    return this.node(node)?.properties ?? {};
  }

  /** A relationship's properties, a new object each time. */
  relationshipProperties(relationship: number): Properties {
    return this.relationship(relationship).properties;
  }

  /** One property of a node, or undefined if it has none of that name. */
  nodeProperty(node: number, key: string): unknown {
    return this.property(this.parts.nodes, node, nodeWords, key);
  }

  /** One property of a relationship, or undefined if it has none of that name. */
  relationshipProperty(relationship: number, key: string): unknown {
    return this.property(this.parts.relationships, relationship, relationshipWords, key);
  }

  /** The keys of a node's properties. */
  nodeKeys(node: number): readonly string[] {
    const block = this.blockOf(this.parts.nodes, node);
    return block === undefined ? [] : block.dictionary.shapes[block.tape[this.parts.nodes.tape.at(node)]!]!.keys;
  }

  /** The node itself, a new object each time, or undefined for a placeholder. */
  node(node: number): Node | undefined {
    return this.blockOf(this.parts.nodes, node)?.node(this.parts.nodes.tape.at(node)) as Node | undefined;
  }

  /** The relationship itself, a new object each time. */
  relationship(relationship: number): Relationship {
    return this.blockOf(this.parts.relationships, relationship)!.relationship(
      this.parts.relationships.tape.at(relationship),
    ) as Relationship;
  }

  /** The whole graph as one step: for renderers that begin to draw late. */
  get whole(): GraphDelta {
    return { nodes: [0, this.nodeCount], relationships: [0, this.relationshipCount], filled: [] };
  }

  private property(places: Places, index: number, words: number, key: string): unknown {
    const block = this.blockOf(places, index);
    if (block === undefined) return undefined;
    const at = places.tape.at(index);
    const place = block.dictionary.shapes[block.tape[at]!]!.keys.indexOf(key);
    return place < 0 ? undefined : block.cell(block.tape[at + words + place]!);
  }

  private blockOf(places: Places, index: number): Block | undefined {
    if (!(index >= 0 && index < places.blocks.length))
      throw new RangeError(`the graph has no node or relationship ${index}`);
    return this.parts.blocks[places.blocks.at(index)];
  }
}
