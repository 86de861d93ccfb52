// The ways to reach Neo4j that the JavaScript API is tested on, and what is tested on each. A wide matrix of
// browsers, places and servers would show little more:
// Chromium has the whole of it, Firefox what may differ between browsers, and the other servers what differs between
// servers.
import { suites } from "./suite/suites.js";

const everything = Object.keys(suites);
const overHTTP = everything.filter(name => name !== "profile");
const byServer = ["connection", "summary", "values", "errors", "admin"];

/** The version of Bolt that each server is spoken to in. */
const newestBolt = { 4.4: "4.4", 5.26: "5.8", 2026.08: "6.1" };

function way(version, place, protocol, chrome, firefox) {
  return {
    name: `${version}, ${place}, ${protocol}`,
    version,
    worker: place === "worker",
    http: protocol === "HTTP",
    relay: protocol === "relay",
    bolt: protocol === "HTTP" ? "" : newestBolt[version],
    suites: { chrome, firefox },
  };
}

export const ways = [
  way("5.26", "worker", "direct", everything, everything),
  way(
    "5.26",
    "worker",
    "relay",
    ["connection", "transaction", "result", "errors", "breaks", "connector", "values", "summary"],
    ["connection", "errors", "breaks"],
  ),
  way("5.26", "worker", "HTTP", overHTTP, ["connection", "transaction", "result", "errors", "breaks"]),
  way("5.26", "page", "direct", ["connection", "result", "breaks", "abandoned"], ["connection", "result"]),
  way("5.26", "page", "relay", ["connection", "errors"], []),
  way("5.26", "page", "HTTP", ["connection", "result", "breaks"], ["connection"]),
  way("4.4", "worker", "direct", [...byServer, "transaction", "auth", "time"], ["values"]),
  way("4.4", "worker", "HTTP", ["connection", "transaction", "summary", "values", "admin"], []),
  way("2026.08", "worker", "direct", [...byServer, "auth"], ["values"]),
  way("2026.08", "worker", "HTTP", ["connection", "values", "admin"], []),
];
