import type { Counters, End, GqlStatus, Summary } from "./engine/protocol.js";

export type {
  Counters,
  GqlStatus,
  Notification,
  Plan,
  Position,
  ProfiledPlan,
  Summary,
  Transport,
} from "./engine/protocol.js";

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

/** The defaults of diagnostic records: servers leave these values out. @internal */
export const usualDiagnostic = { OPERATION: "", OPERATION_CODE: "0", CURRENT_SCHEMA: "/" };

/** The status of a result with records. */
const success: GqlStatus = {
  status: "00000",
  description: "note: successful completion",
  diagnostic: usualDiagnostic,
  classification: "",
  severity: "",
  position: null,
  isNotification: false,
};

/** The summary of a result about which nothing is known yet. @internal */
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
  transport: "",
  bookmark: "",
});

/** The whole summary of a query whose end has come. The engine sends only what is not as usual. @internal */
export function wholeSummary(query: string, { summary, success: succeeded }: End): Summary {
  if (!summary) return emptySummary;
  const { counters, server, notifications = [], gqlStatuses = [] } = summary;
  return {
    ...emptySummary,
    ...summary,
    query,
    counters: { ...noCounters, ...counters },
    notifications,
    gqlStatuses: succeeded ? [{ ...success, diagnostic: { ...usualDiagnostic } }] : gqlStatuses,
    server: { ...emptySummary.server, ...server },
  };
}
