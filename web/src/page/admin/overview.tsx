import { borrow, connector, read, server } from "../core/session.js";
import { bytesText, timeText } from "../core/text.js";
import { useLive } from "../ui/live.js";
import { Facts, LiveView } from "./live.js";

interface DatabaseRow {
  name: string;
  currentStatus: string;
  role?: string;
  address?: string;
  default: boolean;
  home?: boolean;
  statusMessage?: string;
}

/** Version, edition, databases, and what the page's own pool has done. */
async function load() {
  const [facts, databases, pools] = await Promise.all([
    borrow(async cx => ({
      version: await cx.neo4jVersion(),
      edition: await cx.neo4jEdition(),
      bolt: cx.protocolVersion,
      agent: cx.userAgent,
    })),
    read<DatabaseRow>("SHOW DATABASES", {}, { database: "system" }).catch(() => undefined),
    connector().then(own => own.statistics()),
  ]);
  return { facts, databases, pools: [...pools] };
}

export function OverviewView() {
  const live = useLive(load, 5);
  return (
    <LiveView title="Overview" live={live}>
      {({ facts, databases, pools }) => (
        <>
          <div class="tiles">
            <Tile name="Version" value={facts.version} />
            <Tile name="Edition" value={facts.edition} />
            <Tile name="Protocol" value={facts.bolt ? `Bolt ${facts.bolt}` : "HTTP"} />
            <Tile name="Home database" value={server.value?.home || "not told"} />
          </div>
          <h3>Databases</h3>
          {databases === undefined ? (
            <p class="muted">{server.value?.databases.join(", ") || "The server does not list them to this user."}</p>
          ) : (
            <Facts
              heads={["Name", "Status", "Role", "Address", ""]}
              empty="None."
              rows={databases
                .slice(0, 1000)
                .map(row => [
                  row.name,
                  row.currentStatus,
                  row.role ?? "",
                  row.address ?? "",
                  [row.default && "default", row.home && "home"].filter(Boolean).join(", "),
                ])}
            />
          )}
          <h3>This page's connections</h3>
          <Facts
            heads={["Server", "Open", "In use", "Lent", "Queries", "Received", "Sent", "Waited", "Failed", "Broken"]}
            empty="None."
            rows={pools.map(([profile, pool]) => [
              profile.address,
              pool.size,
              pool.inUse,
              pool.acquired.toLocaleString(),
              pool.queries.toLocaleString(),
              bytesText(pool.bytesIn),
              bytesText(pool.bytesOut),
              pool.waited === 0 ? "never" : `${pool.waited.toLocaleString()} times, ${timeText(pool.waitTime)}`,
              pool.failed,
              pool.broken,
            ])}
          />
        </>
      )}
    </LiveView>
  );
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div class="tile">
      <span>{name}</span>
      <strong>{value.slice(0, 60)}</strong>
    </div>
  );
}
