import type { Block, ValueOptions } from "./block.js";
import { readStructure } from "./structure.js";
import { Node, Path, Relationship, type Integer, type Properties } from "../values/entities.js";
import { Float } from "../values/float.js";
import type { TemporalMode } from "../values/temporal.js";

/**
 * Makes the values of blocks: this package's own, or those of the driver that it replaces. null, booleans, strings,
 * lists and maps are always JavaScript's.
 */
export interface ValueMaker {
  /** An integer that a number holds exactly. */
  integer(value: number): unknown;
  /** An integer beyond 2^53. */
  long(value: bigint): unknown;
  float(value: number): unknown;
  /** The value may keep the bytes. */
  bytes(value: Uint8Array): unknown;
  /**
   * Identities are integers made by the maker, or null if the server sends none. The value may keep labels and
   * properties.
   */
  node(identity: unknown, labels: string[], properties: Properties, elementId: string): unknown;
  relationship(
    identity: unknown,
    start: unknown,
    end: unknown,
    type: string,
    properties: Properties,
    elementId: string,
    startNodeElementId: string,
    endNodeElementId: string,
  ): unknown;
  /** Nodes and relationships made by the maker, in order. */
  path(nodes: unknown[], relationships: unknown[]): unknown;
  /** The structure at a place of the block's tape. */
  structure(block: Block, at: number): unknown;
}

/** Makes this package's values, as the options ask. */
export class OwnValues implements ValueMaker {
  private readonly big: boolean;
  private readonly small: boolean;
  private readonly boxed: boolean;
  private readonly temporal: TemporalMode;

  constructor({ integers, floats, temporal }: ValueOptions) {
    this.big = integers === "bigint";
    this.small = integers === "number";
    this.boxed = floats === "object";
    this.temporal = temporal ?? "object";
  }

  integer(value: number): Integer {
    return this.big ? BigInt(value) : value;
  }

  long(value: bigint): Integer {
    return this.small ? Number(value) : value;
  }

  float(value: number): number | Float {
    return this.boxed ? new Float(value) : value;
  }

  bytes(value: Uint8Array): Uint8Array {
    return value;
  }

  node(identity: unknown, labels: string[], properties: Properties, elementId: string): Node {
    return new Node(identity as Integer | null, labels, properties, elementId);
  }

  relationship(
    identity: unknown,
    start: unknown,
    end: unknown,
    type: string,
    properties: Properties,
    elementId: string,
    startNodeElementId: string,
    endNodeElementId: string,
  ): Relationship {
    return new Relationship(
      identity as Integer | null,
      start as Integer | null,
      end as Integer | null,
      type,
      properties,
      elementId,
      startNodeElementId,
      endNodeElementId,
    );
  }

  path(nodes: unknown[], relationships: unknown[]): Path {
    return new Path(nodes as Node[], relationships as Relationship[]);
  }

  structure(block: Block, at: number): unknown {
    return readStructure(block, at, this.temporal);
  }
}
