import type { Connection } from "./connection.js";
import type { EngineOptions } from "./engine/engine.js";
import { absoluteURL } from "./engine/location.js";
import type { Failure } from "./errors.js";
import { packParameters } from "./packstream.js";
import type { ConnectionProfile } from "./profile.js";
import type { ValueOptions } from "./rowblock.js";
import type { TransactionRef } from "./transaction.js";

/** An authentication token; `auth` makes the usual ones. */
export interface Auth {
  /** "basic", "bearer", "kerberos", "none", or one of the server's own. */
  scheme: string;
  /** The user. */
  principal?: string;
  /** Password, token or ticket. */
  credentials?: string;
  realm?: string;
  /** For schemes of the server's own. */
  parameters?: Record<string, unknown>;
}

/** Makes authentication tokens. */
export const auth = {
  basic: (principal: string, credentials: string, realm = ""): Auth => ({ scheme: "basic", principal, credentials, realm }),
  bearer: (token: string): Auth => ({ scheme: "bearer", credentials: token }),
  kerberos: (ticket: string): Auth => ({ scheme: "kerberos", credentials: ticket }),
  none: (): Auth => ({ scheme: "none" }),
};

/**
 * Supplies a token. It is called when a connection is opened, and again after the server said that the token has expired, with
 * that failure.
 */
export type AuthSupplier = (refused?: Failure) => Auth | Promise<Auth>;

/** Narrows what the server notifies about (Bolt 5.2 and later). */
export interface NotificationFilter {
  minimumSeverity?: "WARNING" | "INFORMATION" | "OFF";
  disabledCategories?: string[];
}

/** How to open connections. */
export interface ClientOptions extends EngineOptions, ValueOptions {
  /** The name given to the server; by default webbolt's own. */
  userAgent?: string;
  /** A token, or what supplies one; by default the profile's user and password. */
  auth?: Auth | AuthSupplier;
  /** URL of a webbolt relay, such as "wss://example.org/bolt", through which to reach the profile's address. */
  relay?: string | URL;
  /** How many records to ask the server for at once; -1 asks for all. */
  fetchSize?: number;
  /** Limits opening, from name look-up to authentication, in milliseconds; by default 30 seconds, negative for no limit. */
  connectTimeout?: number;
  /**
   * For how many milliseconds the server may keep silent, its keep-alives included, while an answer is due, before the connection is taken for broken;
   * by default what the server says of itself, or else no limit, as with a negative number.
   */
  receiveTimeout?: number;
  notifications?: NotificationFilter;
  /** Which Bolt versions to offer, such as "5.8", most wanted first; by default all. */
  boltVersions?: string[];
  /** Keeps the connection from telling the server which API is used. */
  disableTelemetry?: boolean;

  /** Called when a transaction is bound to a connection. */
  onBind?: (transaction: TransactionRef, connection: Connection | undefined) => void;
  /** Called when a transaction was committed, rolled back or broken. */
  onUnbind?: (transaction: TransactionRef) => void;
  /** Called when a connection is released. */
  onRelease?: (connection: Connection | undefined) => void;
  /** Called once when a connection breaks, with the reason. */
  onBroken?: (profile: ConnectionProfile, message: string) => void;
}

/** Every call that may touch the network can be given up. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Says more about a transaction. */
export interface TransactionOptions extends CallOptions {
  readonly?: boolean;
  /** The transaction sees at least what these stand for. */
  bookmarks?: string[];
  /** Shown by SHOW TRANSACTIONS and in the query log. */
  metadata?: Record<string, unknown>;
  /** The server ends the transaction after so many milliseconds. */
  timeout?: number;
  /** Run as this user (Bolt 4.4 and later). */
  impersonatedUser?: string;
  notifications?: NotificationFilter;
}

/** Query parameters: what PackStream can carry, and webbolt's own value classes. */
export type Parameters = Record<string, unknown>;

/** What the engine is told of a token. */
export function authMessage(given: Auth): Record<string, unknown> {
  return { ...given, parameters: given.parameters && packParameters(given.parameters) };
}

/** What the engine is told of a transaction's options. */
export function transactionOptionsMessage(options: TransactionOptions): Record<string, unknown> {
  const { bookmarks, metadata, timeout, impersonatedUser, notifications } = options;
  return { bookmarks, metadata: ArrayBuffer.isView(metadata) ? metadata : metadata && packParameters(metadata), timeout, impersonatedUser, notifications };
}

/** What the engine is told of how to open connections; what cannot be sent has been made into callbacks already. */
export function clientOptionsMessage(options: ClientOptions, authCallback: number): Record<string, unknown> {
  const { userAgent, relay, fetchSize, connectTimeout, receiveTimeout, notifications, boltVersions, disableTelemetry } = options;
  const given = typeof options.auth === "object" ? authMessage(options.auth) : undefined;
  return {
    userAgent, relay: relay && absolute(relay), fetchSize, connectTimeout, receiveTimeout, notifications, boltVersions,
    disableTelemetry, auth: given, authCallback,
  };
}

/** A relay may be named relative to the page. */
function absolute(relay: string | URL): string {
  const url = absoluteURL(relay);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  return url.href;
}
