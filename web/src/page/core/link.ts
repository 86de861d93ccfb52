import { signal } from "@preact/signals";
import { ownRelay, schemeFor, target, use, type Target } from "./session.js";
import { draft, run } from "./workspace.js";

/** What a link asks for. Anybody can have written it, so it is shown and waits for the user. */
export interface LinkRequest {
  /** Where the link has the page connect to, in words. */
  places: [what: string, value: string][];
  target: Target;
  query: string;
  /** The link asks for its query to be run. */
  auto: boolean;
}

/** The request that waits for the user's answer. */
export const linkRequest = signal<LinkRequest | undefined>(undefined);
/** The draft came from a link, and was not run yet. */
export const linkedQuery = signal(false);

let linkPassword = "";

/**
 * Reads the page's address, in its query and in its fragment, which is never sent to a server. A password is taken
 * out of the address bar at once.
 */
export function readLink(): void {
  const asked = new URLSearchParams([
    ...new URLSearchParams(location.search),
    ...new URLSearchParams(location.hash.slice(1)),
  ]);
  hidePassword();
  const query = asked.get("query") ?? "";
  if (query) {
    draft.value = query;
    linkedQuery.value = true;
  }
  const wanted = { ...target.peek() };
  const places: LinkRequest["places"] = [];
  for (const [key, what] of [
    ["uri", "Server"],
    ["relay", "Relay"],
    ["user", "User"],
    ["database", "Database"],
  ] as const) {
    const value = asked.get(key);
    if (value === null) continue;
    places.push([what, key === "relay" ? relayText(value) : value || "none"]);
    if (key === "user") wanted.scheme = schemeFor(value);
    if (key !== "relay") wanted[key] = value;
    else
      Object.assign(wanted, { useRelay: value !== "off", relay: value === "off" || value === ownRelay() ? "" : value });
  }
  if (places.length === 0) return;
  linkPassword = asked.get("password") ?? "";
  linkRequest.value = { places, target: wanted, query, auto: asked.get("auto") === "1" };
}

/** The user has seen where the link leads, and agrees. */
export function acceptLink(): void {
  const request = linkRequest.peek();
  if (!request) return;
  linkRequest.value = undefined;
  use(request.target, linkPassword, { fromLink: true });
  linkedQuery.value = false;
  if (request.auto && request.query) void run(request.query);
}

export function ignoreLink(): void {
  linkRequest.value = undefined;
}

function relayText(value: string): string {
  if (value === "off") return "none";
  return value === ownRelay() ? `${value} (which serves this page)` : value;
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
