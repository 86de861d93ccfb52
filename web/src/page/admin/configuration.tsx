import { useState } from "preact/hooks";
import { borrow } from "../core/session.js";
import { textOf } from "../core/text.js";
import { useLive } from "../ui/live.js";
import { Facts, LiveView } from "./live.js";

/** The server's settings, with search. */
export function ConfigurationView() {
  const [wanted, setWanted] = useState("");
  const live = useLive(() => borrow(cx => cx.getConfig()), 30);
  const search = (
    <input
      type="search"
      aria-label="Search the settings"
      placeholder="Search"
      id="config-search"
      value={wanted}
      onInput={({ currentTarget }) => setWanted(currentTarget.value)}
    />
  );
  return (
    <LiveView title="Configuration" live={live} tools={search}>
      {config => {
        const settings = Object.values(config).filter(({ name, description }) =>
          `${name} ${description}`.toLowerCase().includes(wanted.toLowerCase()),
        );
        return (
          <Facts
            heads={["Setting", "Value", "What it is"]}
            empty="No setting is like that."
            rows={settings.slice(0, 1000).map(({ name, value, description, dynamic }) => [
              <code>{name}</code>,
              <code>{textOf(value, 300)}</code>,
              <>
                {description.slice(0, 600)}
                {dynamic && <em class="tag">dynamic</em>}
              </>,
            ])}
          />
        );
      }}
    </LiveView>
  );
}
