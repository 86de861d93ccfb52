/** One figure of the relay. */
export interface Metric {
  name: string;
  labels: string;
  value: string;
}

/** The relay's own lines of a Prometheus text. */
export function parseMetrics(text: string): Metric[] {
  return text
    .split("\n")
    .slice(0, 5000)
    .flatMap(line => {
      const found = /^webbolt_relay_(\w+)(?:\{(.*)\})? (\S+)/.exec(line);
      return found && !found[1]!.endsWith("_bucket")
        ? [{ name: found[1]!, labels: found[2] ?? "", value: found[3]! }]
        : [];
    });
}
