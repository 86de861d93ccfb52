import type { DescribedProfile } from "./engine/messages.js";

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
  "bolt": scheme("bolt", 7687),
  "bolt+s": scheme("bolt", 7687, "s"),
  "bolt+ssc": scheme("bolt", 7687, "ssc"),
  "neo4j": scheme("bolt", 7687, "", true),
  "neo4j+s": scheme("bolt", 7687, "s", true),
  "neo4j+ssc": scheme("bolt", 7687, "ssc", true),
  "http": scheme("http", 7474),
  "https": scheme("http", 7473, "s"),
  "http+ssc": scheme("http", 7473, "ssc"),
  "ws": scheme("websocket", 80),
  "wss": scheme("websocket", 443, "s"),
};

/** The parts of a profile; what is left out is filled in. */
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
 * Says how and where to connect, and as whom. It does not change, and it never prints its password. Equal profiles are the same object, so that
 * they key maps.
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
   * Takes a URI such as "neo4j+s://user:password@example.org:7687?region=eu", and parts that go before the URI's.
   * Throws a RangeError for a profile that cannot be right.
   */
  constructor(uri: string | ProfileParts | ConnectionProfile = "bolt://localhost", parts: ProfileParts = {}) {
    const read = typeof uri === "string" ? parseURI(uri) : partsOf(uri);
    const all = { ...read, ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) };
    this.scheme = schemeName(all.scheme ?? "bolt");
    const known = schemes[this.scheme]!;
    this.user = all.user ?? "";
    this.#password = all.password ?? "";
    this.host = hostName(all.host || "localhost");
    this.port = portNumber(all.port || known.port);
    this.path = all.path === "/" ? "" : (all.path ?? "");
    this.query = canonicalQuery(all.query ?? "");
    this.database = all.database ?? "";
    if (this.path && known.protocol === "bolt") throw wrong("path", `a ${this.scheme} address has no path, but this has "${this.path}"`);
    if (this.query && !known.routing) throw wrong("query", `a routing context needs a neo4j scheme, not ${this.scheme}`);
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

  /** Whether both say the same, the password included. */
  equals(other: ConnectionProfile): boolean {
    return this.uri === other.uri && this.user === other.user && this.#password === other.#password && this.database === other.database;
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

/** The profiles that somebody holds, by all that makes them equal. */
const held = new Map<string, WeakRef<ConnectionProfile>>();
const dropped = new FinalizationRegistry<string>((key) => {
  if (!held.get(key)?.deref()) held.delete(key);
});

/** What the engine is told. */
export function profileMessage(profile: ConnectionProfile): DescribedProfile & { password: string } {
  return { uri: profile.uri, user: profile.user, password: profile.password, database: profile.database };
}

function wrong(part: string, message: string): RangeError {
  return new RangeError(`invalid argument ${part}: ${message}`);
}

function partsOf(given: ProfileParts | ConnectionProfile): ProfileParts {
  const { scheme, user, password, host, port, path, query, database } = given;
  return { scheme, user, password, host, port, path, query, database } as ProfileParts;
}

function schemeName(given: string): string {
  const name = given.toLowerCase() === "http+s" ? "https" : given.toLowerCase();
  if (Object.hasOwn(schemes, name)) return name;
  throw wrong("scheme", `unknown scheme "${given}"; known are ${Object.keys(schemes).join(", ")}, http+s`);
}

function hostName(given: string): string {
  if (/[ /?#@]/.test(given)) throw wrong("host", `"${given}" is not a host name or address`);
  return given.toLowerCase();
}

function portNumber(given: number): number {
  if (!Number.isInteger(given) || given < 1 || given > 65535) throw wrong("port", `${given} is not between 1 and 65535`);
  return given;
}

function parseURI(uri: string): ProfileParts {
  const [, scheme = "bolt", beforeQuery = "", query = ""] = /^(?:([^:/?]*):\/\/)?([^?]*)(?:\?(.*))?$/s.exec(uri) ?? [];
  const slash = beforeQuery.indexOf("/");
  const authority = slash < 0 ? beforeQuery : beforeQuery.slice(0, slash);
  const path = slash < 0 ? "" : beforeQuery.slice(slash);
  const at = authority.lastIndexOf("@");
  const parts: ProfileParts = { scheme, path, query, ...splitAddress(authority.slice(at + 1)) };
  if (at >= 0) {
    const credentials = authority.slice(0, at);
    const colon = credentials.indexOf(":");
    try {
      parts.user = decodeURIComponent(colon < 0 ? credentials : credentials.slice(0, colon));
      if (colon >= 0) parts.password = decodeURIComponent(credentials.slice(colon + 1));
    } catch {
      throw wrong("uri", "user and password must be percent-encoded correctly");
    }
  }
  return parts;
}

function splitAddress(address: string): { host: string; port?: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(address);
  const plain = /^([^:[\]]*)(?::(.*))?$/s.exec(address);
  const found = bracketed ?? plain;
  if (!found || (plain && found[2]?.includes(":"))) {
    throw wrong("address", `"${address}" is not host:port; an IPv6 address needs brackets`);
  }
  const [, host = "", port] = found;
  if (port === undefined) return { host };
  if (!/^[0-9]+$/.test(port)) throw wrong("port", `"${port}" is not a number between 1 and 65535`);
  return { host, port: portNumber(Number(port)) };
}

function canonicalQuery(query: string): string {
  if (!query) return "";
  const seen = new Set<string>();
  const pairs = query.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    const key = decoded(pair.slice(0, equals));
    const value = decoded(pair.slice(equals + 1));
    if (equals < 1 || key === undefined || value === undefined || seen.has(key)) {
      throw wrong("query", `a routing context is key=value&key=value with each key once, but this has "${pair}"`);
    }
    seen.add(key);
    return encoded(key) + "=" + encoded(value);
  });
  return pairs.sort().join("&");
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Leaves RFC 3986's unreserved characters as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
}
