import { computed, signal } from "@preact/signals";
import {
  connect,
  ConnectionProfile,
  ConnectionUnavailable,
  Failure,
  type ClientOptions,
  type Connection,
  type Connector,
  type Result,
} from "../../index.js";
import { isScheme, tokenOf, type Scheme } from "./login.js";
import { isRecord, kept } from "./store.js";

/** Where the page connects to, and as whom. */
export interface Target {
  uri: string;
  scheme: Scheme;
  /** Of the scheme "basic". */
  user: string;
  /** Empty for the user's home database. */
  database: string;
  useRelay: boolean;
  /** Empty for the relay that serves this page. */
  relay: string;
  /** Nothing is written through this connection. */
  readonly: boolean;
}

/** What is known of the server. */
export interface ServerInfo {
  agent: string;
  version: string;
  edition: string;
  boltVersion: string;
  databases: string[];
  home: string;
}

export type LinkState = "off" | "connecting" | "on" | "failed";

const standard: Target = {
  uri: "bolt://localhost:7687",
  scheme: "basic",
  user: "neo4j",
  database: "",
  useRelay: true,
  relay: "",
  readonly: false,
};

/** The target of the last visit. It is kept; the password is not. */
const last = kept<Target>("target", standard, targetOf);

/** Where the page connects to now. */
export const target = signal<Target>(last.peek());
/** A link chose the target: it is not kept. */
export const linked = signal(false);
export const state = signal<LinkState>("off");
/** Why there is no connection. */
export const failure = signal<unknown>(undefined);
export const server = signal<ServerInfo | undefined>(undefined);
/** What the password is wanted for, while the page waits for it. */
export const passwordWanted = signal<{ message: string; answer: (given: boolean) => void } | undefined>(undefined);

/** The database that queries go to: one that was chosen, or else the target's. */
export const database = signal("");
export const databaseName = computed(() => database.value || target.value.database || server.value?.home || "");

let password = "";
let opening: Promise<Connector> | undefined;

/** Makes a target of what was found in a store or a link. */
export function targetOf(found: unknown): Target | undefined {
  if (!isRecord(found)) return undefined;
  const made: Target = { ...standard };
  for (const key of ["uri", "user", "database", "relay"] as const)
    if (typeof found[key] === "string") made[key] = found[key];
  for (const key of ["useRelay", "readonly"] as const) if (typeof found[key] === "boolean") made[key] = found[key];
  made.scheme = isScheme(found["scheme"]) ? found["scheme"] : schemeFor(made.user);
  return made;
}

/** What is meant where only a user is told. */
export function schemeFor(user: string): Scheme {
  return user === "" ? "none" : "basic";
}

/** The relay that serves this page. */
export function ownRelay(): string {
  return new URL("/bolt", location.href).href.replace(/^http/, "ws");
}

/** A target in few words. */
export function describe({ uri, scheme, user, useRelay }: Target): string {
  return `${scheme === "basic" ? user + "@" : ""}${uri.replace(/^[^:]+:\/\//, "")}${useRelay ? " · relay" : ""}`;
}

/** The key under which a secret is kept for this tab: all that decides where it goes. */
function secretKey({ uri, scheme, user, useRelay, relay }: Target): string {
  return "webbolt.secret." + JSON.stringify([uri, scheme, user, useRelay && (relay || ownRelay())]);
}

/**
 * Takes another target, and closes what was open. keep puts the secret into sessionStorage, which lasts as long as
 * the tab.
 */
export function use(wanted: Target, secret: string, { keep = false, fromLink = false } = {}): void {
  void close();
  target.value = wanted;
  linked.value = fromLink;
  if (!fromLink) last.value = wanted;
  password = secret;
  if (keep) sessionStorage.setItem(secretKey(wanted), secret);
}

/**
 * Whether a password, a token or a ticket is missing: a try without one counts as a wrong one, and servers lock users
 * out after some.
 */
export function lacksPassword(): boolean {
  password ||= secretOf(target.peek());
  return target.peek().scheme !== "none" && password === "";
}

function secretOf(wanted: Target): string {
  try {
    return sessionStorage.getItem(secretKey(wanted)) ?? "";
  } catch {
    return "";
  }
}

export function forgetSecret(wanted: Target): void {
  try {
    sessionStorage.removeItem(secretKey(wanted));
  } catch {
    // There is no storage, so there is no secret in it.
  }
}

/** Asks for the password if there is none. False if the user does not give one. */
export async function ready(message = ""): Promise<boolean> {
  if (!lacksPassword() && message === "") return true;
  return new Promise(resolve => {
    passwordWanted.value = {
      message,
      answer: given => {
        passwordWanted.value = undefined;
        resolve(given);
      },
    };
  });
}

/** Takes the password that was asked for. */
export function givePassword(secret: string, keep: boolean): void {
  void close();
  password = secret;
  if (keep) sessionStorage.setItem(secretKey(target.peek()), secret);
  passwordWanted.peek()?.answer(true);
}

/** Options for a connection of its own to a target, as checks and speed tests open them. */
export function optionsFor(wanted: Target, secret = password): ClientOptions {
  return {
    auth: tokenOf(wanted.scheme, wanted.user, secret),
    relay: wanted.useRelay ? wanted.relay || ownRelay() : undefined,
    userAgent: "webbolt-page/0.2",
    floats: "object",
  };
}

/** The connector, opened once for all that ask. The signal ends only the caller's wait. */
export async function connector(abort?: AbortSignal): Promise<Connector> {
  abort?.throwIfAborted();
  const own = (opening ??= open());
  try {
    return await (abort ? Promise.race([own, aborted(abort)]) : own);
  } catch (thrown) {
    if (!abort?.aborted && opening === own) await close(thrown);
    throw thrown;
  }
}

async function open(): Promise<Connector> {
  state.value = "connecting";
  failure.value = undefined;
  const { uri, database: name } = target.peek();
  const opened = await connect(new ConnectionProfile(uri, name ? { database: name } : {}), {
    ...optionsFor(target.peek()),
    maxSize: 8,
  });
  state.value = "on";
  void learn(opened);
  return opened;
}

/** Asks the server what it is. What it does not tell stays empty. */
async function learn(opened: Connector): Promise<void> {
  const told = <T>(asked: Promise<T>, otherwise: T): Promise<T> => asked.catch(() => otherwise);
  const [databases, home, facts] = await Promise.all([
    told(opened.graphNames(), []),
    told(opened.defaultGraphName(), ""),
    told(
      borrow(
        async cx => ({
          version: await cx.neo4jVersion(),
          edition: await cx.neo4jEdition(),
          boltVersion: cx.protocolVersion,
        }),
        opened,
      ),
      { version: "", edition: "", boltVersion: "" },
    ),
  ]);
  if ((await opening?.catch(() => undefined)) !== opened) return;
  server.value = {
    agent: `Neo4j ${facts.version} ${facts.edition}`.trim(),
    databases: databases.slice(0, 1000),
    home,
    ...facts,
  };
}

/** Lends a connection of the connector's to a piece of work. */
export async function borrow<T>(work: (cx: Connection) => Promise<T>, from?: Connector): Promise<T> {
  const lender = from ?? (await connector());
  const [pool] = await lender.getPools("", { readonly: true });
  if (!pool) throw new Error("no server is known that can read");
  const cx = await pool.acquire();
  try {
    return await work(cx);
  } finally {
    await cx.release();
  }
}

/** Reads all rows of a query that writes nothing. */
export async function read<T = { [field: string]: any }>(
  cypher: string,
  parameters: Record<string, unknown> = {},
  options: { signal?: AbortSignal; database?: string } = {},
): Promise<T[]> {
  const lender = await connector(options.signal);
  const result: Result<T> = await lender.run<T>(cypher, parameters, {
    readonly: true,
    database: options.database ?? database.peek(),
    signal: options.signal,
  });
  return result.records({ signal: options.signal }).toArray();
}

/** Closes the connection. reason tells why it could not be opened. */
export async function close(reason?: unknown): Promise<void> {
  const closing = opening;
  opening = undefined;
  state.value = reason === undefined ? "off" : "failed";
  failure.value = reason;
  server.value = undefined;
  database.value = "";
  if (isUnauthorized(reason)) {
    password = "";
    forgetSecret(target.peek());
  }
  await (await closing?.catch(() => undefined))?.close().catch(() => {});
}

/** A connection that broke is opened anew by the next that asks; a server that is away is told of. */
export function noticed(thrown: unknown): void {
  if (thrown instanceof ConnectionUnavailable && thrown.reason !== "cancelled") void close(thrown);
  else if (isUnauthorized(thrown)) void close(thrown);
}

export function isUnauthorized(thrown: unknown): boolean {
  return (
    thrown instanceof Failure &&
    /^Neo\.ClientError\.Security\.(Unauthorized|AuthenticationRateLimit|CredentialsExpired|TokenExpired)$/.test(
      thrown.code,
    )
  );
}

function aborted(abort: AbortSignal): Promise<never> {
  return new Promise((_, reject) => abort.addEventListener("abort", () => reject(abort.reason), { once: true }));
}
