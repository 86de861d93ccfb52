import { brand } from "./brand.js";
import { jsonValue } from "./json.js";

/**
 * An integer of the server: a number if that is exact, otherwise a bigint; or always one of the two, by the option
 * `integers`.
 */
export type Integer = number | bigint;

/** Properties by key, or another map of the server. It is a plain object. */
export type Properties = Record<string, unknown>;

/**
 * A node. It is a value: it does not change when the database does. Its labels and properties belong to the caller.
 */
export class Node<P = Properties> {
  /**
   * The server's number of the node, or null over protocols that send none. Numbers of deleted nodes are used again.
   */
  readonly identity: Integer | null;
  readonly labels: string[];
  readonly properties: P;
  /** The server's id of the node; before Neo4j 5 the identity in digits. */
  readonly elementId: string;

  constructor(identity: Integer | null, labels: string[], properties: P, elementId: string) {
    this.identity = identity;
    this.labels = labels;
    this.properties = properties;
    this.elementId = elementId;
  }

  toJSON(): unknown {
    return {
      identity: jsonValue(this.identity),
      labels: this.labels,
      properties: jsonValue(this.properties),
      elementId: this.elementId,
    };
  }
}

/** A relationship, with the ids of the nodes at its ends. */
export class Relationship<P = Properties> {
  readonly identity: Integer | null;
  /** Identity of the node where it starts. */
  readonly start: Integer | null;
  /** Identity of the node where it ends. */
  readonly end: Integer | null;
  readonly type: string;
  readonly properties: P;
  readonly elementId: string;
  readonly startNodeElementId: string;
  readonly endNodeElementId: string;

  constructor(
    identity: Integer | null,
    start: Integer | null,
    end: Integer | null,
    type: string,
    properties: P,
    elementId: string,
    startNodeElementId: string,
    endNodeElementId: string,
  ) {
    this.identity = identity;
    this.start = start;
    this.end = end;
    this.type = type;
    this.properties = properties;
    this.elementId = elementId;
    this.startNodeElementId = startNodeElementId;
    this.endNodeElementId = endNodeElementId;
  }

  toJSON(): unknown {
    return {
      identity: jsonValue(this.identity),
      start: jsonValue(this.start),
      end: jsonValue(this.end),
      type: this.type,
      properties: jsonValue(this.properties),
      elementId: this.elementId,
      startNodeElementId: this.startNodeElementId,
      endNodeElementId: this.endNodeElementId,
    };
  }
}

/**
 * A relationship without its ends, as paths contain it on the wire. A Path has whole relationships.
 */
export class UnboundRelationship<P = Properties> {
  readonly identity: Integer | null;
  readonly type: string;
  readonly properties: P;
  readonly elementId: string;

  constructor(identity: Integer | null, type: string, properties: P, elementId: string) {
    this.identity = identity;
    this.type = type;
    this.properties = properties;
    this.elementId = elementId;
  }

  toJSON(): unknown {
    return {
      identity: jsonValue(this.identity),
      type: this.type,
      properties: jsonValue(this.properties),
      elementId: this.elementId,
    };
  }
}

/** One step of a path. */
export interface PathSegment {
  readonly start: Node;
  readonly relationship: Relationship;
  readonly end: Node;
}

/**
 * A path: its nodes in order, one more than its relationships. A relationship may be traversed against its direction.
 */
export class Path {
  readonly nodes: readonly Node[];
  readonly relationships: readonly Relationship[];

  constructor(nodes: readonly Node[], relationships: readonly Relationship[]) {
    this.nodes = nodes;
    this.relationships = relationships;
  }

  get start(): Node {
    return this.nodes[0]!;
  }

  get end(): Node {
    return this.nodes[this.nodes.length - 1]!;
  }

  /** The number of relationships. */
  get length(): number {
    return this.relationships.length;
  }

  get segments(): PathSegment[] {
    return this.relationships.map((relationship, i) => ({
      start: this.nodes[i]!,
      relationship,
      end: this.nodes[i + 1]!,
    }));
  }
}

for (const [name, type] of Object.entries({ Node, Relationship, UnboundRelationship, Path })) brand(type, name);
