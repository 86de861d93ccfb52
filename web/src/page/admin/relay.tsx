import { target } from "../core/session.js";
import { isText, kept } from "../core/store.js";
import { messageOf } from "../core/text.js";
import { useLive } from "../ui/live.js";
import { Facts, LiveView } from "./live.js";
import { parseMetrics, type Metric } from "./metrics.js";

/** Where the relay's admin listener is; it is another one than the page's. */
const address = kept("relay-admin", "", found => (isText(found) ? found : undefined));

/** The relay's own figures, where it lets this page read them. */
export function RelayView() {
  const live = useLive(load, 5);
  const tools = (
    <form
      class="inline"
      onSubmit={event => {
        event.preventDefault();
        live.refresh();
      }}
    >
      <input
        id="relay-admin"
        aria-label="Address of the relay's admin listener"
        placeholder="http://127.0.0.1:9090"
        value={address.value}
        onInput={({ currentTarget }) => (address.value = currentTarget.value.trim())}
      />
      <button class="button" type="submit">
        Read
      </button>
    </form>
  );
  return (
    <LiveView title="Relay" live={live} tools={tools}>
      {({ metrics, told }) =>
        metrics ? (
          <Facts
            heads={["Metric", "Labels", "Value"]}
            empty="It tells none."
            keys={metrics.map(({ name, labels }) => name + labels)}
            rows={metrics.map(({ name, labels, value }) => [
              <code>{name}</code>,
              labels,
              <span class="figure">{figure(value)}</span>,
            ])}
          />
        ) : (
          <p class="muted">{told}</p>
        )
      }
    </LiveView>
  );
}

/** Reads the metrics, or tells why there are none. */
async function load(): Promise<{ metrics?: Metric[]; told: string }> {
  if (!target.peek().useRelay) return { told: "The connection goes through no relay." };
  if (address.peek() === "")
    return { told: "A relay tells its metrics on its admin listener (--admin). Write its address above." };
  try {
    const response = await fetch(new URL("/metrics", address.peek()), { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`It answers ${response.status}.`);
    return { metrics: parseMetrics((await response.text()).slice(0, 1_000_000)), told: "" };
  } catch (thrown) {
    const why =
      "Is this the address of the relay's admin listener (--admin)? " +
      "A page of another origin can read it only behind a proxy that allows it.";
    return { told: `${messageOf(thrown)} ${why}` };
  }
}

/** A number in the reader's digits; what is none stays as it is. */
function figure(value: string): string {
  const number = Number(value);
  return Number.isFinite(number) ? number.toLocaleString(undefined, { maximumFractionDigits: 6 }) : value;
}
