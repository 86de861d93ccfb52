// Compares what came of the specs over the two connection providers.

/**
 * Specs that look into the pool of the driver's own connections, which webbolt's are not: they are left out over
 * webbolt.
 */
export const internals =
  /connection to the pool|acquire (connection for|separate connections)|decrease active connection count|discard (closed|old) connections/;

export function compare(place, { official, webbolt }) {
  const lines = [];
  const count = results => results.filter(({ status }) => status === "passed").length;
  for (const [over, results] of Object.entries({ official, webbolt })) {
    if (results)
      lines.push(
        `${place}, ${over}: ${count(results)} of ${results.filter(({ status }) => status !== "excluded" && status !== "pending").length} specs passed`,
      );
  }
  if (!official || !webbolt) return { text: lines.join("\n"), missing: 0 };
  const passed = new Set(official.filter(({ status }) => status === "passed").map(({ name }) => name));
  const missing = webbolt.filter(({ name, status }) => status === "failed" && passed.has(name));
  for (const { name, why } of missing) lines.push(`MISSING: ${name}\n    ${why[0] ?? ""}`);
  const left = [...passed].filter(name => internals.test(name));
  for (const name of left) lines.push(`left out, as it looks into pool internals: ${name}`);
  lines.push(
    `${place}: ${missing.length} specs that pass over the driver's own connections fail over webbolt's; ${left.length} are left out`,
  );
  return { text: lines.join("\n"), missing: missing.length };
}
