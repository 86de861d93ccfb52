import { Connection, ConnectionProfile, ConnectionUnavailable, Failure, type UnavailableReason } from "../../index.js";
import { secretNames } from "../core/login.js";
import { optionsFor, ownRelay, type Target } from "../core/session.js";
import { messageOf } from "../core/text.js";

/** One step of a check. */
export interface CheckStep {
  what: string;
  outcome: "good" | "bad" | "skipped";
  told: string;
  /** What to do about it. */
  advice: string;
}

const advice: { [reason in UnavailableReason]?: string } = {
  refused: "Is the server running? Does it listen on this port? In a container, is the port published?",
  dns: "Check the spelling of the host name. Names inside a cluster or a container network are not known outside.",
  tls:
    "Use a scheme that fits: bolt+s with a certificate that this browser trusts, " +
    "or go through a relay, which can take others.",
  "mixed-content":
    "This page came over https, so it may only open wss:// and https:// addresses. Use bolt+s, or a relay on https.",
  closed: "The other side closed the connection at once. A proxy between may not let WebSockets pass.",
  "not-neo4j":
    "Something answers there that does not speak Bolt. Is this the HTTP port (7474) instead of the Bolt port (7687)?",
  forbidden: "The relay does not allow this server. Its --upstream and --allow settings say which it does.",
  network:
    "Browsers do not tell pages why. The server may be off, the port blocked, or its certificate not trusted: " +
    "open its address as https:// in a tab to see.",
  timeout: "Nothing answered in time. A firewall may drop what is sent there.",
  engine:
    "The worker or the WebAssembly could not start. " +
    "Does the server of this page send them, with the type application/wasm?",
};

/** Tries to connect, step by step, and tells what each step found. */
export async function* check(target: Target, secret: string): AsyncGenerator<CheckStep> {
  const profile = profileOf(target);
  if (profile instanceof Error)
    return yield {
      what: "Address",
      outcome: "bad",
      told: messageOf(profile),
      advice: "An address looks like bolt://host:7687, neo4j+s://host or https://host:7473.",
    };
  yield {
    what: "Address",
    outcome: "good",
    told: `${profile.protocol} to ${profile.address}, ${profile.secure ? "encrypted" : "not encrypted"}`,
    advice: "",
  };
  yield contextStep(profile, target);
  if (target.useRelay) yield await relayStep(target.relay || ownRelay());
  if (target.scheme !== "none" && !secret) {
    const name = secretNames[target.scheme].toLowerCase();
    return yield {
      what: "Login",
      outcome: "skipped",
      told: `There is no ${name} yet, and a try without one counts as a wrong one.`,
      advice: `Type the ${name} and check again.`,
    };
  }
  yield* serverSteps(profile, target, secret);
}

function profileOf({ uri, database }: Target): ConnectionProfile | Error {
  try {
    return new ConnectionProfile(uri, database ? { database } : {});
  } catch (thrown) {
    return thrown as Error;
  }
}

function contextStep(profile: ConnectionProfile, { useRelay, relay }: Target): CheckStep {
  const plain = useRelay ? (relay || ownRelay()).startsWith("ws:") : !profile.secure;
  const mixed = location.protocol === "https:" && plain && !/^(localhost|127\.|\[::1\])/.test(profile.host);
  return mixed
    ? {
        what: "This page",
        outcome: "bad",
        told: "The page is encrypted and the connection is not.",
        advice: advice["mixed-content"]!,
      }
    : {
        what: "This page",
        outcome: "good",
        told: `The page came over ${location.protocol.replace(":", "")}; it may open this address.`,
        advice: "",
      };
}

async function relayStep(relay: string): Promise<CheckStep> {
  const what = "Relay";
  try {
    const health = new URL("/healthz", relay.replace(/^ws/, "http"));
    const { ok, status } = await fetch(health, { signal: AbortSignal.timeout(10_000) });
    if (ok) return { what, outcome: "good", told: `${relay} answers.`, advice: "" };
    return {
      what,
      outcome: "bad",
      told: `${health.href} answers ${status}.`,
      advice: "Is this the address of a webbolt relay?",
    };
  } catch (thrown) {
    const same = new URL(relay.replace(/^ws/, "http"), location.href).origin === location.origin;
    if (!same)
      return {
        what,
        outcome: "skipped",
        told: "The relay does not show its health to pages of other origins. The next step tells more.",
        advice: "",
      };
    return {
      what,
      outcome: "bad",
      told: messageOf(thrown),
      advice: "Is the relay running? Start it with `webbolt relay --upstream bolt://HOST:7687`.",
    };
  }
}

async function* serverSteps(profile: ConnectionProfile, target: Target, secret: string): AsyncGenerator<CheckStep> {
  let cx: Connection;
  try {
    cx = await Connection.open(profile, { ...optionsFor(target, secret), connectTimeout: 15_000 });
  } catch (thrown) {
    if (thrown instanceof ConnectionUnavailable)
      return yield { what: "Connection", outcome: "bad", told: messageOf(thrown), advice: advice[thrown.reason] ?? "" };
    yield { what: "Connection", outcome: "good", told: "The server answers.", advice: "" };
    return yield { what: "Login", outcome: "bad", told: messageOf(thrown), advice: loginAdvice(thrown) };
  }
  yield {
    what: "Connection",
    outcome: "good",
    told: cx.protocolVersion ? `The server speaks Bolt ${cx.protocolVersion}.` : "The server speaks HTTP.",
    advice: "",
  };
  yield {
    what: "Login",
    outcome: "good",
    told: loginTold(target),
    advice: "",
  };
  try {
    const result = await cx.runProg(target.database, "RETURN 1", {}, { readonly: true });
    await result.consume();
    yield {
      what: "Query",
      outcome: "good",
      told: `${target.database || "The home database"} answers queries.`,
      advice: "",
    };
  } catch (thrown) {
    yield {
      what: "Query",
      outcome: "bad",
      told: messageOf(thrown),
      advice: "Does the database exist, is it online, and may this user read it?",
    };
  } finally {
    await cx.close();
  }
}

function loginTold({ scheme, user }: Target): string {
  if (scheme === "none") return "The server asks for no user.";
  return scheme === "basic"
    ? `The server takes ${user}.`
    : `The server takes the ${secretNames[scheme].toLowerCase()}.`;
}

function loginAdvice(thrown: unknown): string {
  const code = thrown instanceof Failure ? thrown.code : "";
  if (code.endsWith("AuthenticationRateLimit"))
    return "There were too many wrong passwords. Wait some seconds before the next try.";
  if (code.endsWith("CredentialsExpired"))
    return (
      "The password has to be changed first: " +
      "connect to the system database and run ALTER CURRENT USER SET PASSWORD."
    );
  if (code.endsWith("TokenExpired")) return "The token has expired. Take a new one from who gave it.";
  return "Check how to log in, user and password. A fresh server's first password is asked for on its own page.";
}
