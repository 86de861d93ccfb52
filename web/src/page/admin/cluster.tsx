import { borrow } from "../core/session.js";
import { messageOf } from "../core/text.js";
import { useLive } from "../ui/live.js";
import { Facts, LiveView } from "./live.js";

/** The members of the cluster, or that there is none. */
export function ClusterView() {
  const live = useLive(
    () =>
      borrow(async cx => {
        try {
          return { members: await cx.getClusterOverview(), alone: "" };
        } catch (thrown) {
          if (thrown instanceof TypeError) return { members: [], alone: messageOf(thrown) };
          throw thrown;
        }
      }),
    5,
  );
  return (
    <LiveView title="Cluster" live={live}>
      {({ members, alone }) =>
        alone ? (
          <p class="muted">{alone}</p>
        ) : (
          <Facts
            heads={["Id", "Addresses", "Databases and roles", "Groups"]}
            empty="The server names no members."
            rows={members.slice(0, 500).map(({ id, addresses, databases, groups }) => [
              <code>{id}</code>,
              addresses.join(", "),
              Object.entries(databases)
                .map(([name, role]) => `${name}: ${role}`)
                .join(", "),
              groups.join(", "),
            ])}
          />
        )
      }
    </LiveView>
  );
}
