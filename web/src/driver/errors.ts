import * as core from "neo4j-driver-core";
import { ConnectionBroken, ConnectionUnavailable, Failure, ProtocolError, RoutingTableInvalid } from "../errors.js";

/**
 * Failures that the server calls transient, but that mean that someone ended the transaction on purpose: a retry would
 * be wrong.
 */
const ended: { readonly [code: string]: string } = {
  "Neo.TransientError.Transaction.Terminated": "Neo.ClientError.Transaction.Terminated",
  "Neo.TransientError.Transaction.LockClientStopped": "Neo.ClientError.Transaction.LockClientStopped",
};

/**
 * The error that neo4j-driver would throw. lost is its code for a broken connection, after which a cluster may have
 * another server.
 */
export function coreError(thrown: unknown, lost: string): Error {
  if (thrown instanceof core.Neo4jError) return thrown;
  if (thrown instanceof Failure) return coreFailure(thrown, lost);
  if (!(thrown instanceof Error)) return core.newError(String(thrown));
  const code = codeOf(thrown, lost);
  const failed = thrown instanceof ConnectionUnavailable && code !== undefined ? "Failed to connect to server. " : "";
  return core.newError(failed + thrown.message, code, thrown);
}

function coreFailure(failure: Failure, lost: string): Error {
  const { message, gqlStatus, description, diagnostic, cause } = failure;
  const code = ended[failure.code] ?? failure.code;
  const reason = cause === undefined ? undefined : coreError(cause, lost);
  return core.newError(
    message,
    code,
    reason,
    gqlStatus || undefined,
    description || undefined,
    diagnostic as Parameters<typeof core.newError>[5],
  );
}

function codeOf(thrown: Error, lost: string): string | undefined {
  if (thrown instanceof ConnectionUnavailable) {
    const ours =
      thrown.reason.startsWith("pool") || thrown.reason === "cancelled" || /all are in use/.test(thrown.message);
    return ours ? undefined : core.error.SERVICE_UNAVAILABLE;
  }
  if (thrown instanceof ConnectionBroken) return lost;
  if (thrown instanceof RoutingTableInvalid) return core.error.SERVICE_UNAVAILABLE;
  if (thrown instanceof ProtocolError) return core.error.PROTOCOL_ERROR;
  return undefined;
}
