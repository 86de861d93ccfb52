// Compares what came of the specs over the two connection providers.

/** Specs that look into the pool of the driver's own connections, which webbolt's are not. */
export const internals = /connection to the pool|acquire (connection for|separate connections)|decrease active connection count/;

export function compare(place, { official, webbolt }) {
  const lines = [];
  const count = (results) => results.filter(({ status }) => status === "passed").length;
  for (const [over, results] of Object.entries({ official, webbolt })) {
    if (results) lines.push(`${place}, ${over}: ${count(results)} of ${results.filter(({ status }) => status !== "excluded" && status !== "pending").length} specs passed`);
  }
  if (!official || !webbolt) return { text: lines.join("\n"), missing: 0 };
  const passed = new Set(official.filter(({ status }) => status === "passed").map(({ name }) => name));
  const lost = webbolt.filter(({ name, status }) => status === "failed" && passed.has(name));
  const missing = lost.filter(({ name }) => !internals.test(name));
  for (const { name, why } of lost) lines.push(`${internals.test(name) ? "internals" : "MISSING"}: ${name}\n    ${why[0] ?? ""}`);
  lines.push(`${place}: ${missing.length} specs that pass over the official connections fail over webbolt's, beside ${lost.length - missing.length} that look into pool internals`);
  return { text: lines.join("\n"), missing: missing.length };
}
