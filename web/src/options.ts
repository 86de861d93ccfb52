import type { EngineOptions } from "./engine/engine.js";
import { absoluteURL } from "./engine/location.js";
import {
  connectionSettingsShape,
  transactionSettingsShape,
  type Auth as AuthMessage,
  type ConnectionSettings,
  type TransactionSettings,
} from "./engine/protocol.js";
import { checkAll, isPlain, wrong, type Field, type Packed, type Shape } from "./engine/shape.js";
import type { Failure } from "./errors.js";
import { packForEngine } from "./packstream.js";
import type { ValueOptions } from "./rowblock.js";

export type { NotificationFilter } from "./engine/protocol.js";

/** An authentication token; `auth` makes the usual ones. */
export interface Auth extends Omit<AuthMessage, "parameters"> {
  /** For custom schemes of the server. */
  parameters?: Parameters;
}

/** Makes authentication tokens. */
export const auth = {
  basic: (principal: string, credentials: string, realm = ""): Auth => ({
    scheme: "basic",
    principal,
    credentials,
    realm,
  }),
  bearer: (token: string): Auth => ({ scheme: "bearer", credentials: token }),
  kerberos: (ticket: string): Auth => ({ scheme: "kerberos", credentials: ticket }),
  none: (): Auth => ({ scheme: "none" }),
};

/**
 * Supplies a token. It is called when a connection is opened, and again, with the failure, after the server said that
 * the token has expired.
 */
export type AuthSupplier = (refused?: Failure) => Auth | Promise<Auth>;

/** How to connect, without the callbacks. */
export interface ConnectOptions extends Omit<ConnectionSettings, "relay">, EngineOptions, ValueOptions {
  /** A token, or a supplier of tokens; by default the profile's user and password. */
  auth?: Auth | AuthSupplier;
  /** URL of a webbolt relay, such as "wss://example.org/bolt", through which to reach the profile's address. */
  relay?: string | URL;
}

/** Options of every call that may use the network. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Options of a transaction. */
export interface TransactionOptions extends CallOptions, Omit<TransactionSettings, "metadata"> {
  readonly?: boolean;
  /** Shown by SHOW TRANSACTIONS and in the query log. */
  metadata?: Parameters;
}

/**
 * Query parameters: all that PackStream can carry, and webbolt's own value classes. The type allows any object with
 * names, so it may be an interface.
 */
export type Parameters = { readonly [name: string]: any };

/** The fields of all options of an interface. */
type Fields<T> = { readonly [N in keyof T]-?: Field };

const callFields: Fields<CallOptions> = { signal: { kind: "signal" } };

const transactionFields: Fields<TransactionOptions> = {
  ...transactionSettingsShape,
  ...callFields,
  readonly: { kind: "flag" },
};

const flag: Field = { kind: "flag" };
const url: Field = { kind: "url" };
const callback: Field = { kind: "function" };

/** The options of everything that connects; the callbacks are those of ConnectionEvents. */
export const connectFields: Fields<ConnectOptions & CallOptions> & Shape = {
  ...connectionSettingsShape,
  ...callFields,
  auth: { kind: "auth" },
  relay: url,
  worker: flag,
  wasmURL: url,
  workerURL: url,
  integers: { kind: "text", one: ["auto", "bigint", "number"] },
  temporal: { kind: "text", one: ["object", "iso", "native"] },
  floats: { kind: "text", one: ["number", "object"] },
  onBind: callback,
  onUnbind: callback,
  onRelease: callback,
  onBroken: callback,
};

/** Throws a RangeError for options that a call does not have. more are those that only this call has. */
export function checkCall(options: CallOptions, more?: Shape): void {
  checkAll(object(options), more ? { ...callFields, ...more } : callFields);
}

/** Throws a RangeError for options that a transaction does not have. */
export function checkTransaction(options: TransactionOptions, more?: Shape): void {
  checkAll(object(options), more ? { ...transactionFields, ...more } : transactionFields);
}

/** Throws a RangeError for options that opening does not have. */
export function checkOpening(options: ConnectOptions, more?: Shape): void {
  checkAll(object(options), more ? { ...connectFields, ...more } : connectFields);
}

function object(options: unknown): object {
  if (typeof options !== "object" || options === null)
    throw wrong("options", `they are an object, and not a ${typeof options}`);
  return options;
}

/** The options that a shape names. */
export function pick<T>(options: object, shape: { readonly [N in keyof T]: Field }): T {
  const picked: { [name: string]: unknown } = {};
  for (const name in shape) {
    const value = (options as { [name: string]: unknown })[name];
    if (value !== undefined && value !== null) picked[name] = value;
  }
  return picked as T;
}

/**
 * Encodes parameters, or another object that is called name, in PackStream, unless they are encoded already, as
 * neo4j-driver's are.
 */
export function packed(name: string, values: Parameters): Packed {
  if (values instanceof PackedParameters) return values.packed;
  if (!isPlain(values))
    throw wrong(
      name,
      `it takes an object of names and values, and not ${Object.prototype.toString.call(values).slice(8, -1)}`,
    );
  return packForEngine(values);
}

/** Parameters that are packed already. @internal */
export class PackedParameters {
  readonly packed: Packed;
  [name: string]: any;

  constructor(packed: Packed) {
    this.packed = packed;
  }
}

/** A token as a message for the engine. */
export function authMessage(given: Auth): AuthMessage {
  if (!isPlain(given)) throw wrong("auth", "it takes a token, such as auth.basic gives");
  const { parameters, ...rest } = given;
  return parameters ? { ...rest, parameters: packed("auth.parameters", parameters) } : rest;
}

/** A transaction's options as a message for the engine. */
export function transactionMessage(options: TransactionOptions): TransactionSettings {
  const { metadata, ...settings } = pick<TransactionSettings>(options, transactionSettingsShape);
  return metadata ? { ...settings, metadata: packed("metadata", metadata as Parameters) } : settings;
}

/**
 * The options for opening connections as a message for the engine; functions have been replaced by callbacks already.
 */
export function connectMessage(options: ConnectOptions): ConnectionSettings {
  const { relay, ...settings } = pick<ConnectionSettings>(options, connectionSettingsShape);
  return relay ? { ...settings, relay: absolute(relay) } : settings;
}

/** The absolute URL of a relay, which may be given relative to the page. */
function absolute(relay: string | URL): string {
  const url = absoluteURL(relay);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  return url.href;
}
