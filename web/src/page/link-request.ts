import { byID, element } from "./dom.js";
import type { Request } from "./settings.js";

/** What the user allows a link to do. */
export interface LinkRequestActions {
  /** Takes over the link's connection, and then runs its query if the link asks for that. */
  accept(run: boolean): void;
  ignore(): void;
}

const longest = 300;

/** Shows where a link has the page connect to, and waits: anybody can write a link, and the password goes where it says. */
export function showLinkRequest({ target, query, auto }: Request, { accept, ignore }: LinkRequestActions): void {
  const root = byID("link-request");
  const runs = auto && query !== "";
  const answer = (call: () => void) => () => {
    root.hidden = true;
    call();
  };
  root.hidden = false;
  root.replaceChildren(
    element("h2", {}, "The link that you opened wants to connect to"),
    element("dl", {}, ...Object.entries(target).flatMap(([what, value]) => [
      element("dt", {}, what), element("dd", {}, value === "off" && what === "Relay" ? "none" : value.slice(0, longest)),
    ])),
    element("p", {}, "Your user name and password go there. Continue only if you know this address."),
    ...(runs ? [element("pre", {}, query.slice(0, 10 * longest))] : []),
    element("footer", {},
      element("button", { type: "button", class: "button", id: "link-ignore", click: answer(ignore) }, "Ignore the link"),
      element("button", { type: "button", class: "button primary", id: "link-accept", click: answer(() => accept(runs)) }, runs ? "Connect and run the query" : "Use this connection")),
  );
}
