/** What is known of a query's execution. */
export interface Summary {
  /** The server has said all it will. */
  complete: boolean;
  query: string;
  /** "r", "w", "rw", "s", or "" while unknown. */
  queryType: string;
  counters: Counters;
  /** For EXPLAIN. */
  plan: Plan | null;
  /** For PROFILE. */
  profile: ProfiledPlan | null;
  notifications: Notification[];
  gqlStatuses: GqlStatus[];
  /** Milliseconds until the first record was ready on the server; null while unknown. */
  availableAfter: number | null;
  /** Milliseconds until the last record was consumed on the server; null while unknown. */
  consumedAfter: number | null;
  server: { address: string; agent: string; protocolVersion: string };
  database: string;
  /** Of an auto-commit query, once complete. */
  bookmark: string;
}

/** What a query changed. */
export interface Counters {
  nodesCreated: number;
  nodesDeleted: number;
  relationshipsCreated: number;
  relationshipsDeleted: number;
  propertiesSet: number;
  labelsAdded: number;
  labelsRemoved: number;
  indexesAdded: number;
  indexesRemoved: number;
  constraintsAdded: number;
  constraintsRemoved: number;
  systemUpdates: number;
  containsUpdates: boolean;
  containsSystemUpdates: boolean;
}

/** One operator of a query plan, and below it its children. */
export interface Plan {
  operator: string;
  identifiers: string[];
  arguments: Record<string, unknown>;
  children: this[];
}

/** A plan with what its execution took. */
export interface ProfiledPlan extends Plan {
  dbHits: number | bigint;
  rows: number | bigint;
  pageCacheHits: number | bigint;
  pageCacheMisses: number | bigint;
  pageCacheHitRatio: number;
  /** Milliseconds. */
  time: number;
}

/** A hint of the server about the query. */
export interface Notification {
  code: string;
  title: string;
  description: string;
  severity: string;
  category: string;
  position: Position | null;
}

/** One status object of a result (ISO/IEC 39075). */
export interface GqlStatus {
  status: string;
  description: string;
  diagnostic: Record<string, unknown>;
  classification: string;
  severity: string;
  position: Position | null;
  isNotification: boolean;
}

/** A place in a query's text: line and column from 1, offset from 0. */
export interface Position {
  offset: number;
  line: number;
  column: number;
}

const noCounters: Counters = {
  nodesCreated: 0, nodesDeleted: 0, relationshipsCreated: 0, relationshipsDeleted: 0, propertiesSet: 0, labelsAdded: 0, labelsRemoved: 0,
  indexesAdded: 0, indexesRemoved: 0, constraintsAdded: 0, constraintsRemoved: 0, systemUpdates: 0, containsUpdates: false,
  containsSystemUpdates: false,
};

/** The summary of a result of which nothing is known yet. */
export const emptySummary: Summary = Object.freeze({
  complete: false, query: "", queryType: "", counters: noCounters, plan: null, profile: null, notifications: [], gqlStatuses: [],
  availableAfter: null, consumedAfter: null, server: { address: "", agent: "", protocolVersion: "" }, database: "", bookmark: "",
});
