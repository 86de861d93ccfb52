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

/** What the page's address asks for, beyond settings. */
export interface Request {
  query: string;
  auto: boolean;
}

/**
 * Settings of the last visit, with what the page's address says instead: in its query, or in its fragment, which is never sent to
 * a server. A password is taken out of the address bar at once, and is not remembered.
 */
export function initialSettings(): Settings {
  const asked = addressParameters();
  const settings: Settings = { ...standard, ...remembered(), password: "" };
  for (const key of ["uri", "user", "database", "password"] as const) {
    const value = asked.get(key);
    if (value !== null) settings[key] = value;
  }
  const relay = asked.get("relay");
  if (relay !== null) {
    settings.useRelay = relay !== "off";
    settings.relay = relay === "off" || relay === ownRelay() ? "" : relay;
  }
  hidePassword();
  return settings;
}

/** An address that names a server asks for its graph at once. */
export function initialRequest(): Request {
  const asked = addressParameters();
  return { query: asked.get("query") ?? "", auto: asked.get("auto") === "1" || (asked.has("uri") && asked.get("auto") !== "0") };
}

function addressParameters(): URLSearchParams {
  return new URLSearchParams([...new URLSearchParams(location.search), ...new URLSearchParams(location.hash.slice(1))]);
}

function hidePassword(): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  if (!fragment.has("password")) return;
  fragment.delete("password");
  const address = new URL(location.href);
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
