import type { Plan, ProfiledPlan, Summary } from "../summary.js";
import type { CoreValues } from "./values.js";

/** Bolt's metadata of a summary, of which core makes its own. */
export function metadataOf(summary: Summary, make: CoreValues, rows: { streamed: boolean; keys: number }): Record<string, unknown> {
  const { counters, gqlStatuses, notifications, availableAfter, consumedAfter, server } = summary;
  const metadata: Record<string, unknown> = {
    type: summary.queryType || undefined, db: summary.database || undefined, bookmark: summary.bookmark || undefined,
    server: { address: server.address, version: server.agent },
    stream_summary: { have_records_streamed: rows.streamed, pulled: true, has_keys: rows.keys > 0 },
  };
  if (counters.containsUpdates || counters.containsSystemUpdates) metadata["stats"] = statistics(counters as unknown as Record<string, number | boolean>);
  if (summary.plan) metadata["plan"] = planOf(summary.plan, make);
  if (summary.profile) metadata["profile"] = profileOf(summary.profile, make);
  if (gqlStatuses[0]?.diagnostic) metadata["statuses"] = statuses(summary);
  if (notifications.length > 0) metadata["notifications"] = notifications.map((notification) => ({ ...notification, position: notification.position ?? undefined }));
  if (availableAfter !== null) metadata["result_available_after"] = make.integer(Math.round(availableAfter));
  if (consumedAfter !== null) metadata["result_consumed_after"] = make.integer(Math.round(consumedAfter));
  return metadata;
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
}

function statistics(counters: Record<string, number | boolean>): Record<string, number | boolean> {
  return Object.fromEntries(Object.entries(counters).filter(([, value]) => value).map(([name, value]) => [dashed(name), value]));
}

function statuses({ gqlStatuses, notifications }: Summary): unknown[] {
  const notes = [...notifications];
  return gqlStatuses.map(({ status, description, diagnostic, isNotification }) => {
    const note = isNotification ? notes.shift() : undefined;
    return {
      gql_status: status, status_description: description, diagnostic_record: diagnostic, neo4j_code: note?.code, title: note?.title,
      description: note ? note.description : description,
    };
  });
}

function planOf(plan: Plan, make: CoreValues): Record<string, unknown> {
  return {
    operatorType: plan.operator, identifiers: plan.identifiers, args: coreValue(plan.arguments, make), children: plan.children.map((child) => planOf(child, make)),
  };
}

function profileOf(plan: ProfiledPlan, make: CoreValues): Record<string, unknown> {
  const { dbHits, rows, pageCacheHits, pageCacheMisses, pageCacheHitRatio, time, children } = plan;
  return {
    ...planOf({ ...plan, children: [] }, make), children: children.map((child) => profileOf(child, make)),
    dbHits, rows, pageCacheHits, pageCacheMisses, pageCacheHitRatio, time: time * 1e6,
  };
}

/** A value with its integers as the driver's configuration wants them. */
function coreValue(value: unknown, make: CoreValues): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) return make.exact(value);
  if (Array.isArray(value)) return value.map((element) => coreValue(element, make));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coreValue(inner, make)]));
}
