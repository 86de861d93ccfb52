import { useState } from "preact/hooks";
import { target } from "../core/session.js";
import { isText, kept } from "../core/store.js";
import { messageOf } from "../core/text.js";
import { Facts } from "./live.js";
import { parseMetrics, type Metric } from "./metrics.js";

/** Where the relay's admin listener is; it is another one than the page's. */
const address = kept("relay-admin", "", found => (isText(found) ? found : undefined));

/** The relay's own figures, where it lets this page read them. */
export function RelayMetrics() {
  const [metrics, setMetrics] = useState<Metric[]>();
  const [told, setTold] = useState("");
  if (!target.value.useRelay) return null;
  const load = async (): Promise<void> => {
    setTold("");
    try {
      const response = await fetch(new URL("/metrics", address.value), { signal: AbortSignal.timeout(5000) });
      if (!response.ok) throw new Error(`It answers ${response.status}.`);
      setMetrics(parseMetrics((await response.text()).slice(0, 1_000_000)));
    } catch (thrown) {
      setTold(
        `${messageOf(thrown)} The relay shows its metrics on its admin listener (--admin). A page of another origin can read them only behind a proxy that allows it.`,
      );
    }
  };
  return (
    <>
      <h3>Relay</h3>
      <form
        class="inline"
        onSubmit={event => {
          event.preventDefault();
          void load();
        }}
      >
        <input
          aria-label="Address of the relay's admin listener"
          placeholder="http://127.0.0.1:9090"
          value={address.value}
          onInput={({ currentTarget }) => (address.value = currentTarget.value.trim())}
        />
        <button class="button" type="submit">
          Read metrics
        </button>
      </form>
      {told && (
        <p class="muted" role="status">
          {told}
        </p>
      )}
      {metrics && (
        <Facts
          heads={["Metric", "Labels", "Value"]}
          empty="None."
          rows={metrics.map(({ name, labels, value }) => [name, labels, value])}
        />
      )}
    </>
  );
}
