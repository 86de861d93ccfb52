/** Where the page connects to, as whom. */
export interface Settings {
  uri: string;
  user: string;
  password: string;
  database: string;
  useRelay: boolean;
  /** Empty for the relay that serves this page. */
  relay: string;
}

const storageKey = "webbolt.settings";

const standard: Settings = { uri: "bolt://localhost:7687", user: "neo4j", password: "", database: "", useRelay: true, relay: "" };

/** What the page's address asks for. Anybody can have written it, so it waits for the user's click. */
export interface Request {
  query: string;
  /** The link asks for its query to be run. */
  auto: boolean;
  /** What the link has the page connect with, where it says so. */
  target: { [what: string]: string };
}

/** The settings of the last visit. */
export function initialSettings(): Settings {
  return { ...standard, ...remembered(), password: "" };
}

/** The settings with what the page's address says instead: in its query, or in its fragment, which is never sent to a server. */
export function linkedSettings(settings: Settings): Settings {
  const asked = linked;
  settings = { ...settings };
  for (const key of ["uri", "user", "database", "password"] as const) {
    const value = asked.get(key);
    if (value !== null) settings[key] = value;
  }
  const relay = asked.get("relay");
  if (relay !== null) {
    settings.useRelay = relay !== "off";
    settings.relay = relay === "off" || relay === ownRelay() ? "" : relay;
  }
  return settings;
}

/** What the link asks for, for the user to see. */
export function initialRequest(): Request {
  const target: Request["target"] = {};
  for (const [key, what] of [["uri", "Server"], ["relay", "Relay"], ["user", "User"], ["database", "Database"]] as const) {
    const value = linked.get(key);
    if (value !== null) target[what] = value;
  }
  if (linked.get("relay") === ownRelay()) target["Relay"] = `${ownRelay()} (which serves this page)`;
  return { query: linked.get("query") ?? "", auto: linked.get("auto") === "1", target };
}

/** Read once, as the password is then taken out of the address bar. */
const linked = addressParameters();
hidePassword();

function addressParameters(): URLSearchParams {
  return new URLSearchParams([...new URLSearchParams(location.search), ...new URLSearchParams(location.hash.slice(1))]);
}

function hidePassword(): void {
  const address = new URL(location.href);
  const fragment = new URLSearchParams(address.hash.slice(1));
  if (!fragment.has("password") && !address.searchParams.has("password")) return;
  fragment.delete("password");
  address.searchParams.delete("password");
  address.hash = fragment.toString();
  history.replaceState(null, "", address);
}

export function remember({ password: _, ...settings }: Settings): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(settings));
  } catch {
    // Private windows may have no storage; the page works without.
  }
}

function remembered(): Partial<Settings> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

/** The relay that serves this page. */
export function ownRelay(): string {
  return new URL("/bolt", location.href).href.replace(/^http/, "ws");
}
