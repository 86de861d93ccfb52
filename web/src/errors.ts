import type { DescribedError } from "./engine/messages.js";

/** Why a connection is unavailable. */
export type UnavailableReason =
  | "refused" // nothing listens at the address
  | "dns" // the host name is not known
  | "tls" // the TLS handshake failed, or the certificate is not trusted
  | "mixed-content" // an https page may not open a plain ws:// or http:// address
  | "closed" // closed by the other side before it was ready; closeCode may tell more
  | "not-neo4j" // something answers, but it does not speak the protocol
  | "forbidden" // the relay, or the browser, does not allow it
  | "network" // any other fault of the network
  | "pool-zero" // the pool's maximum size is zero: it is closed or closing
  | "pool-full" // the pool is full and the caller asked not to wait
  | "cancelled" // the caller's signal was aborted
  | "timeout" // a limit on time passed
  | "engine"; // webbolt's own worker or WebAssembly could not be started

/** No connection could be opened or acquired. */
export class ConnectionUnavailable extends Error {
  override readonly name = "ConnectionUnavailable";
  readonly reason: UnavailableReason;
  /** Where to, without credentials. */
  readonly address: string;
  /** WebSocket close code, or 0. */
  readonly closeCode: number;

  constructor(message: string, details: { reason: UnavailableReason; address?: string; closeCode?: number; cause?: unknown }) {
    super(message, causeOf(details));
    this.reason = details.reason;
    this.address = details.address ?? "";
    this.closeCode = details.closeCode ?? 0;
  }
}

/** A connection broke while in use. What ran on it may or may not have taken effect. */
export class ConnectionBroken extends Error {
  override readonly name = "ConnectionBroken";
  readonly address: string;
  /** WebSocket close code, or 0. */
  readonly closeCode: number;

  constructor(message: string, details: { address?: string; closeCode?: number; cause?: unknown } = {}) {
    super(message, causeOf(details));
    this.address = details.address ?? "";
    this.closeCode = details.closeCode ?? 0;
  }
}

/** What the server said when it could not do what it was asked. The message is in the server's words. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** Neo4j status code, such as Neo.ClientError.Statement.SyntaxError. */
  readonly code: string;
  /** GQLSTATUS (ISO/IEC 39075), from Bolt 5.7 on; else empty. */
  readonly gqlStatus: string;
  /** The GQL status's description, or empty. */
  readonly description: string;
  /** The GQL diagnostic record, where there is one. */
  readonly diagnostic: Record<string, unknown> | undefined;
  /** Whether the same work may succeed when tried again. */
  readonly retryable: boolean;

  constructor(message: string, details: {
    code: string; gqlStatus?: string; description?: string; diagnostic?: Record<string, unknown>; retryable?: boolean; cause?: unknown;
  }) {
    super(message, causeOf(details));
    this.code = details.code;
    this.gqlStatus = details.gqlStatus ?? "";
    this.description = details.description ?? "";
    this.diagnostic = details.diagnostic;
    this.retryable = details.retryable ?? false;
  }
}

/** One side broke the protocol. The connection cannot be used afterwards. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** There is no routing table for the graph, it has expired, or no server in it suits. */
export class RoutingTableInvalid extends Error {
  override readonly name = "RoutingTableInvalid";
}

function causeOf(details: { cause?: unknown }): ErrorOptions | undefined {
  return details.cause === undefined ? undefined : { cause: details.cause };
}

/** Makes an error of the class that a description names. */
export function rebuild(described: DescribedError): Error {
  const cause = described.cause && rebuild(described.cause);
  const details = { ...described, cause };
  switch (described.class) {
    case "ConnectionUnavailable":
      return new ConnectionUnavailable(described.message, details as unknown as { reason: UnavailableReason });
    case "ConnectionBroken":
      return new ConnectionBroken(described.message, details);
    case "Failure":
      return new Failure(described.message, details as unknown as { code: string });
    case "ProtocolError":
      return new ProtocolError(described.message, causeOf(details));
    case "RoutingTableInvalid":
      return new RoutingTableInvalid(described.message, causeOf(details));
    case "TypeError":
      return new TypeError(described.message, causeOf(details));
    case "RangeError":
      return new RangeError(described.message, causeOf(details));
    case "AbortError":
    case "TimeoutError":
      return new DOMException(described.message, described.class);
  }
  return new Error(described.message, causeOf(details));
}

/** As much of what a callback threw as the engine needs to know whether to try again. */
export function describe(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { class: "Error", message: String(thrown) };
  const { name, message } = thrown;
  if (thrown instanceof Failure) return { class: name, message, code: thrown.code };
  if (thrown instanceof ConnectionUnavailable) return { class: name, message, reason: thrown.reason };
  return { class: name, message };
}
