import type { DescribedError, Thrown, UnavailableReason } from "./engine/protocol.js";

export type { UnavailableReason } from "./engine/protocol.js";

/** No connection could be opened or acquired. */
export class ConnectionUnavailable extends Error {
  override readonly name = "ConnectionUnavailable";
  readonly reason: UnavailableReason;
  /** The address, without credentials. */
  readonly address: string;
  /** WebSocket close code, or 0. */
  readonly closeCode: number;

  constructor(
    message: string,
    details: { reason: UnavailableReason; address?: string; closeCode?: number; cause?: unknown },
  ) {
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

/** An error that the server reported. The message is the server's. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** Neo4j status code, such as Neo.ClientError.Statement.SyntaxError. */
  readonly code: string;
  /** GQLSTATUS (ISO/IEC 39075), over Bolt before 5.7 always "50N42", a general error; empty if unknown. */
  readonly gqlStatus: string;
  /** The GQL status's description, or empty. */
  readonly description: string;
  /** The GQL diagnostic record, if there is one. */
  readonly diagnostic: Record<string, unknown> | undefined;
  /** Whether the same work may succeed when tried again. */
  readonly retryable: boolean;

  constructor(
    message: string,
    details: {
      code: string;
      gqlStatus?: string;
      description?: string;
      diagnostic?: Record<string, unknown>;
      retryable?: boolean;
      cause?: unknown;
    },
  ) {
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

/** There is no routing table for the graph, it has expired, or it has no server for the access mode. */
export class RoutingTableInvalid extends Error {
  override readonly name = "RoutingTableInvalid";
}

/** This server, protocol version or browser cannot do what was asked. */
export class UnsupportedError extends TypeError {
  override readonly name = "UnsupportedError";
}

function causeOf(details: { cause?: unknown }): ErrorOptions | undefined {
  return details.cause === undefined ? undefined : { cause: details.cause };
}

/** Returns what a callback threw, by the number of the question. */
export type ThrownBy = (question: number) => unknown;

/** Makes an error of the class that a description names; for a callback's error, returns the thrown value itself. */
export function rebuild(described: DescribedError, thrownBy: ThrownBy): unknown {
  const { message } = described;
  const details = { ...described, cause: described.cause && rebuild(described.cause, thrownBy) };
  switch (described.class) {
    case "Callback":
      return thrownBy(described.thrown ?? 0) ?? new Error(message);
    case "ConnectionUnavailable":
      return new ConnectionUnavailable(message, { ...details, reason: described.reason ?? "network" });
    case "ConnectionBroken":
      return new ConnectionBroken(message, details);
    case "Failure":
      return new Failure(message, { ...details, code: described.code ?? "" });
    case "ProtocolError":
      return new ProtocolError(message, causeOf(details));
    case "RoutingTableInvalid":
      return new RoutingTableInvalid(message, causeOf(details));
    case "UnsupportedError":
      return new UnsupportedError(message, causeOf(details));
    case "RangeError":
      return new RangeError(message, causeOf(details));
    case "AbortError":
    case "TimeoutError":
      return new DOMException(message, described.class);
    case "Error":
      return new Error(message, causeOf(details));
  }
}

/** The part of what a callback threw that the engine needs to decide about a retry. */
export function describe(thrown: unknown): Thrown {
  if (!(thrown instanceof Error)) return { class: "Error", message: text(thrown) };
  const { name, message } = thrown;
  if (thrown instanceof Failure) return { class: name, message, code: thrown.code };
  if (thrown instanceof ConnectionUnavailable) return { class: name, message, reason: thrown.reason };
  return { class: String(name), message: String(message) };
}

/** What was thrown as text, even if it cannot be converted. */
function text(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "something without a text was thrown";
  }
}

/** Where a call was, by the stack. */
export interface CallSite {
  stack?: string;
}

/** Notes the place of the caller. To make an error takes V8 twice as long. */
export function here(): CallSite {
  const { captureStackTrace } = Error as { captureStackTrace?: (on: object) => void };
  if (!captureStackTrace) return new Error();
  const place: CallSite = {};
  captureStackTrace(place);
  return place;
}

/**
 * Makes the error's stack end at the call instead of in the engine. The place is an error that was made there.
 */
export function calledFrom(error: unknown, place: CallSite): void {
  if (!(error instanceof Error) || error instanceof DOMException) return;
  const frames = place.stack ?? "";
  const header = `${error.name}: ${error.message}`;
  const withoutHeader = frames.startsWith("Error") ? frames.slice(frames.indexOf("\n") + 1) : frames;
  const value = frames.startsWith("Error") ? `${header}\n${withoutHeader}` : withoutHeader;
  Object.defineProperty(error, "stack", { value, writable: true, configurable: true });
}
