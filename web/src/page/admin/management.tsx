import { useState } from "preact/hooks";
import type { ManagementBean } from "../../index.js";
import { borrow } from "../core/session.js";
import { textOf } from "../core/text.js";
import { useLive } from "../ui/live.js";
import { LiveView } from "./live.js";

/** The server's JMX beans as a tree: by domain, then by bean; with search. */
export function ManagementView() {
  const [wanted, setWanted] = useState("");
  const live = useLive(() => borrow(cx => cx.getManagementData()), 10);
  const search = (
    <input
      type="search"
      aria-label="Search the beans"
      placeholder="Search"
      id="bean-search"
      value={wanted}
      onInput={({ currentTarget }) => setWanted(currentTarget.value)}
    />
  );
  return (
    <LiveView title="Management data" live={live} tools={search}>
      {beans => {
        const domains = byDomain(Object.values(beans), wanted.toLowerCase());
        if (domains.size === 0)
          return (
            <p class="muted">
              {Object.keys(beans).length === 0 ? "The server shows none to this user." : "No bean is like that."}
            </p>
          );
        return (
          <div class="tree">
            {[...domains].map(([domain, members]) => (
              <details open={wanted !== ""}>
                <summary>
                  {domain} <small>{members.length}</small>
                </summary>
                {members.map(bean => (
                  <Bean bean={bean} open={wanted !== "" && members.length <= 5} />
                ))}
              </details>
            ))}
          </div>
        );
      }}
    </LiveView>
  );
}

function Bean({ bean: { name, description, attributes }, open }: { bean: ManagementBean; open: boolean }) {
  const [shown, setShown] = useState(open);
  return (
    <details open={open} onToggle={({ currentTarget }) => setShown(currentTarget.open)}>
      <summary>{name.slice(name.indexOf(":") + 1).slice(0, 300)}</summary>
      {shown && (
        <>
          <p class="muted">{description.slice(0, 500)}</p>
          <dl class="facts">
            {Object.entries(attributes)
              .slice(0, 300)
              .map(([key, value]) => (
                <>
                  <dt>{key}</dt>
                  <dd>{textOf(value, 500)}</dd>
                </>
              ))}
          </dl>
        </>
      )}
    </details>
  );
}

function byDomain(beans: ManagementBean[], wanted: string): Map<string, ManagementBean[]> {
  const domains = new Map<string, ManagementBean[]>();
  for (const bean of beans.slice(0, 5000)) {
    if (
      wanted &&
      !bean.name.toLowerCase().includes(wanted) &&
      !Object.keys(bean.attributes).some(key => key.toLowerCase().includes(wanted))
    )
      continue;
    const domain = bean.name.split(":")[0]!;
    domains.set(domain, [...(domains.get(domain) ?? []), bean]);
  }
  return new Map([...domains].sort(([a], [b]) => (a < b ? -1 : 1)));
}
