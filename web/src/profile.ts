import type { DescribedProfile } from "./engine/protocol.js";
import { checkAll, isPlain, wrong, type Field } from "./engine/shape.js";
import { keepRaw } from "./raw.js";

interface Scheme {
  protocol: "bolt" | "websocket" | "http";
  secure: boolean;
  verify: boolean;
  routing: boolean;
  port: number;
}

function scheme(protocol: Scheme["protocol"], port: number, security: "" | "s" | "ssc" = "", routing = false): Scheme {
  return { protocol, port, secure: security !== "", verify: security === "s", routing };
}

const schemes: Record<string, Scheme> = {
  bolt: scheme("bolt", 7687),
  "bolt+s": scheme("bolt", 7687, "s"),
  "bolt+ssc": scheme("bolt", 7687, "ssc"),
  neo4j: scheme("bolt", 7687, "", true),
  "neo4j+s": scheme("bolt", 7687, "s", true),
  "neo4j+ssc": scheme("bolt", 7687, "ssc", true),
  http: scheme("http", 7474),
  https: scheme("http", 7473, "s"),
  "http+ssc": scheme("http", 7473, "ssc"),
  ws: scheme("websocket", 80),
  wss: scheme("websocket", 443, "s"),
};

/** The parts of a profile; missing parts are filled in. */
export interface ProfileParts {
  scheme?: string;
  user?: string;
  password?: string;
  host?: string;
  port?: number;
  path?: string;
  /** Routing context of neo4j schemes, as key=value&key=value. */
  query?: string;
  /** Default database; empty for the user's home database. */
  database?: string;
}

/**
 * Says where and how to connect, and as which user. It does not change, and it never prints its password. Equal
 * profiles are the same object, so they can be keys of maps.
 */
export class ConnectionProfile {
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query: string;
  readonly database: string;
  readonly #password: string;

  /**
   * Takes a URI such as "neo4j+s://user:password@example.org:7687?region=eu", and parts that take precedence over the
   * URI's. Throws a RangeError for an invalid profile.
   */
  constructor(uri: string | ProfileParts | ConnectionProfile = "bolt://localhost", parts: ProfileParts = {}) {
    const read = typeof uri === "string" ? parseURI(uri) : partsOf(uri);
    const all = {
      ...read,
      ...Object.fromEntries(
        Object.entries(partsOf(parts)).filter(([, value]) => value !== undefined && value !== null),
      ),
    };
    this.scheme = schemeName(all.scheme ?? "bolt");
    const known = schemes[this.scheme]!;
    this.user = all.user ?? "";
    this.#password = all.password ?? "";
    this.host = hostName(all.host || "localhost");
    this.port = portNumber(all.port || known.port);
    this.path = all.path === "/" ? "" : (all.path ?? "");
    this.query = canonicalQuery(all.query ?? "");
    this.database = all.database ?? "";
    if (this.path && known.protocol === "bolt") throw wrong("path", `a ${this.scheme} address has no path`);
    if (this.query && !known.routing)
      throw wrong("query", `a routing context needs a neo4j scheme, not ${this.scheme}`);
    if (this.#password && !this.user) throw wrong("user", "there is a password but no user");
    const key = JSON.stringify([this.uri, this.user, this.#password, this.database]);
    const like = held.get(key)?.deref();
    if (like) return like;
    held.set(key, new WeakRef(this));
    dropped.register(this, key);
  }

  get password(): string {
    return this.#password;
  }

  /** "host:port", with brackets around an IPv6 host. */
  get address(): string {
    return (this.host.includes(":") ? `[${this.host}]` : this.host) + ":" + this.port;
  }

  /** Whether the connection is encrypted. */
  get secure(): boolean {
    return schemes[this.scheme]!.secure;
  }

  /** Whether the server's certificate is checked. */
  get verify(): boolean {
    return schemes[this.scheme]!.verify;
  }

  /** Whether the server is asked which servers to use. */
  get routing(): boolean {
    return schemes[this.scheme]!.routing;
  }

  get protocol(): "bolt" | "websocket" | "http" {
    return schemes[this.scheme]!.protocol;
  }

  /** The profile as a URI without user and password. */
  get uri(): string {
    return `${this.scheme}://${this.address}${this.path}` + (this.query && "?" + this.query);
  }

  /** Whether both are equal, including the password. */
  equals(other: ConnectionProfile): boolean {
    return (
      this.uri === other.uri &&
      this.user === other.user &&
      this.#password === other.#password &&
      this.database === other.database
    );
  }

  /** The same profile at another "host:port". */
  withAddress(address: string): ConnectionProfile {
    return new ConnectionProfile(this, splitAddress(address));
  }

  /** The profile as a URI with its user but without its password. */
  toString(): string {
    return this.user ? this.uri.replace("://", `://${encodeURIComponent(this.user)}@`) : this.uri;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The existing profiles, by all their parts. */
const held = new Map<string, WeakRef<ConnectionProfile>>();
const dropped = new FinalizationRegistry<string>(key => {
  if (!held.get(key)?.deref()) held.delete(key);
});

/** The profile as a message for the engine. */
export function describeProfile(profile: ConnectionProfile): DescribedProfile {
  if (!(profile instanceof ConnectionProfile)) throw wrong("profile", "it takes a ConnectionProfile");
  return { uri: profile.uri, user: profile.user, password: profile.password, database: profile.database };
}

keepRaw(ConnectionProfile);

function partsOf(given: ProfileParts | ConnectionProfile): ProfileParts {
  if (given instanceof ConnectionProfile) {
    const { scheme, user, password, host, port, path, query, database } = given;
    return { scheme, user, password, host, port, path, query, database };
  }
  if (!isPlain(given)) throw wrong("profile", "it takes a string, an object of parts, or a ConnectionProfile");
  checkAll(given, partsFields);
  return given;
}

const text: Field = { kind: "text" };
const partsFields: { readonly [N in keyof ProfileParts]-?: Field } = {
  scheme: text,
  user: text,
  password: text,
  host: text,
  port: { kind: "integer" },
  path: text,
  query: text,
  database: text,
};

// The code below reads URIs as ParseProfile in package client (Go) does: test/vectors/profile.json tests both. No error
// shows a part of the URI, because any part may belong to a password that was not encoded.

function schemeName(given: string): string {
  const name = given.toLowerCase() === "http+s" ? "https" : given.toLowerCase();
  if (Object.hasOwn(schemes, name)) return name;
  const quoted = /^[a-z0-9+.-]{0,20}$/.test(name) ? ` "${name}"` : "";
  throw wrong("scheme", `unknown scheme${quoted}; known are ${Object.keys(schemes).join(", ")}, http+s`);
}

function hostName(given: string): string {
  if (/[ /?#@]/.test(given)) throw wrong("host", "it is not a host name or address");
  return given.toLowerCase();
}

function portNumber(given: number): number {
  if (!Number.isInteger(given) || given < 1 || given > 65535)
    throw wrong("port", "it is not a number between 1 and 65535");
  return given;
}

/** The text before and after the first separator; the latter is undefined if there is none. */
function cut(given: string, separator: string): [before: string, after?: string] {
  const at = given.indexOf(separator);
  return at < 0 ? [given] : [given.slice(0, at), given.slice(at + separator.length)];
}

function parseURI(uri: string): ProfileParts {
  const [before, after] = cut(uri, "://");
  const scheme = after === undefined ? "bolt" : before;
  const rest = after ?? uri;
  const end = rest.search(/[/?]/);
  if (end >= 0 && rest.includes("@", end)) {
    throw wrong(
      "uri",
      "user and password must be percent-encoded (/ is %2F, ? is %3F), and so must an @ after the host (%40)",
    );
  }
  const [beforeQuery, query = ""] = cut(rest, "?");
  const [authority, path] = cut(beforeQuery, "/");
  const at = authority.lastIndexOf("@");
  const parts: ProfileParts = {
    scheme,
    path: path === undefined ? "" : "/" + path,
    query,
    ...splitAddress(authority.slice(at + 1)),
  };
  if (at < 0) return parts;
  const [user, password] = cut(authority.slice(0, at), ":").map(decoded);
  if (user === undefined || (password === undefined && authority.slice(0, at).includes(":"))) {
    throw wrong("uri", "user and password must be percent-encoded correctly");
  }
  return { ...parts, user, password: password ?? "" };
}

function splitAddress(address: string): { host: string; port?: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(address);
  if (!bracketed && address.startsWith("[")) throw wrong("address", "it is not host:port");
  if (!bracketed && address.indexOf(":") !== address.lastIndexOf(":"))
    throw wrong("address", "an IPv6 address needs brackets, as in [::1]:7687");
  const [host, port] = bracketed ? [bracketed[1]!, bracketed[2]] : cut(address, ":");
  if (port === undefined) return { host };
  if (!/^[0-9]+$/.test(port)) throw wrong("port", "it is not a number between 1 and 65535");
  return { host, port: portNumber(Number(port)) };
}

function canonicalQuery(query: string): string {
  if (!query) return "";
  const seen = new Set<string>();
  const pairs = query.split("&").map(pair => {
    const [key, value] = cut(pair, "=").map(decoded);
    if (!key || value === undefined || seen.has(key))
      throw wrong("query", "a routing context is key=value&key=value with each key once");
    seen.add(key);
    return encoded(key) + "=" + encoded(value);
  });
  return pairs.sort().join("&");
}

function decoded(given: string | undefined): string | undefined {
  try {
    return given === undefined ? undefined : decodeURIComponent(given);
  } catch {
    return undefined;
  }
}

/** Leaves RFC 3986's unreserved characters as they are. */
function encoded(given: string): string {
  return encodeURIComponent(given).replace(/[!'()*]/g, c => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}
