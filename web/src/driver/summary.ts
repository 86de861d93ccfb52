import * as core from "neo4j-driver-core";
import type { End } from "../engine/protocol.js";
import { BlockReader } from "../rowblock.js";
import { usualDiagnostic } from "../summary.js";
import type { CoreValues } from "./values.js";

interface Status {
  neo4j_code?: string | null;
  status_description?: string;
  description?: string;
  title?: string;
  diagnostic_record?: Record<string, unknown> | null;
}

/** Whether core makes notifications from statuses; cores before 5.23 know only notifications. */
const knowsStatuses = "GqlStatusObject" in core;

type Metadata = Record<string, unknown> & { statuses?: Status[] };

/**
 * The server's metadata of a result, from which core makes its summary. Its integers are as the driver's configuration
 * asks.
 */
export function metadataOf(end: End, make: CoreValues, rows: { streamed: boolean; keys: number }): Metadata {
  const { summary } = end;
  const [run, last] = serverMetadata(end, make);
  const metadata: Metadata = {
    server: { address: summary?.server?.address, version: summary?.server?.agent },
    ...withLongNames(run),
    stream_summary: { have_records_streamed: rows.streamed, pulled: true, has_keys: rows.keys > 0 },
    ...withLongNames(last),
  };
  for (const name of ["fields", "qid", "has_more"]) delete metadata[name];
  if (metadata.statuses) {
    const statuses = metadata.statuses.map(status => enriched(status, summary?.server?.protocolVersion === "5.5"));
    metadata.statuses = statuses;
    if (!knowsStatuses) metadata["notifications"] = statuses.filter(status => status.neo4j_code).map(notificationOf);
  }
  return metadata;
}

function serverMetadata(end: End, make: CoreValues): (Metadata | null)[] {
  const bytes = end.metadata?.["block"] as Uint8Array<ArrayBuffer> | undefined;
  return bytes ? (new BlockReader({}, make).read(bytes.buffer).row(0) as (Metadata | null)[]) : [];
}

/** Bolt has other names than core for two of the times. */
function withLongNames(metadata: Metadata | null | undefined): Metadata {
  if (!metadata) return {};
  const { t_first: first, t_last: last, ...others } = metadata;
  return {
    ...others,
    ...(first !== undefined && { result_available_after: first }),
    ...(last !== undefined && { result_consumed_after: last }),
  };
}

/** In Bolt 5.5 the description of a notification was in another place. */
function enriched(status: Status, early: boolean): Status {
  return {
    ...status,
    ...(early && status.neo4j_code != null && { description: status.status_description }),
    diagnostic_record: status.diagnostic_record === null ? null : { ...usualDiagnostic, ...status.diagnostic_record },
  };
}

/** A status as the notification that servers sent before there were statuses. */
function notificationOf({ neo4j_code: code, title, description, diagnostic_record: details }: Status): object {
  const { _severity: severity, _classification: category, _position: position } = details ?? {};
  return { code, title, description, severity, category, position };
}
