import type { Counters, Summary } from "./engine/protocol.js";

export type { Counters, GqlStatus, Notification, Plan, Position, ProfiledPlan, Summary } from "./engine/protocol.js";

const noCounters: Counters = {
  nodesCreated: 0,
  nodesDeleted: 0,
  relationshipsCreated: 0,
  relationshipsDeleted: 0,
  propertiesSet: 0,
  labelsAdded: 0,
  labelsRemoved: 0,
  indexesAdded: 0,
  indexesRemoved: 0,
  constraintsAdded: 0,
  constraintsRemoved: 0,
  systemUpdates: 0,
  containsUpdates: false,
  containsSystemUpdates: false,
};

/** The summary of a result about which nothing is known yet. */
export const emptySummary: Summary = Object.freeze({
  complete: false,
  query: "",
  queryType: "",
  counters: noCounters,
  plan: null,
  profile: null,
  notifications: [],
  gqlStatuses: [],
  availableAfter: null,
  consumedAfter: null,
  server: { address: "", agent: "", protocolVersion: "" },
  database: "",
  bookmark: "",
});
