import { useState } from "preact/hooks";
import { connector, noticed, ready, state } from "../core/session.js";
import { ClusterView } from "./cluster.js";
import { ConfigurationView } from "./configuration.js";
import { ConnectionsView, QueriesView, TransactionsView } from "./activity.js";
import { ManagementView } from "./management.js";
import { OverviewView } from "./overview.js";
import { RelayView } from "./relay.js";
import { SchemaView } from "./schema.js";

const views = {
  overview: ["Overview", OverviewView],
  schema: ["Schema", SchemaView],
  transactions: ["Transactions", TransactionsView],
  queries: ["Queries", QueriesView],
  connections: ["Connections", ConnectionsView],
  cluster: ["Cluster", ClusterView],
  configuration: ["Configuration", ConfigurationView],
  management: ["Management data", ManagementView],
  relay: ["Relay", RelayView],
} as const;

/** What the server is and does. Each view refreshes itself. */
export function Admin() {
  const [shown, setShown] = useState<keyof typeof views>("overview");
  const View = views[shown][1];
  return (
    <div class="room admin">
      <nav class="side-list" aria-label="Views of the server">
        <h2>Server</h2>
        <ul>
          {Object.entries(views).map(([key, [title]]) => (
            <li key={key}>
              <button
                type="button"
                id={`admin-${key}`}
                aria-current={key === shown ? "page" : undefined}
                onClick={() => setShown(key as keyof typeof views)}
              >
                <strong>{title}</strong>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div class="sheet" id="admin-view" data-view={shown}>
        {state.value === "on" || state.value === "connecting" ? <View key={shown} /> : <Connect />}
      </div>
    </div>
  );
}

function Connect() {
  return (
    <div class="note-block">
      <p>There is no connection yet.</p>
      <button type="button" class="button primary" id="admin-connect" onClick={() => void open()}>
        Connect
      </button>
    </div>
  );
}

async function open(): Promise<void> {
  if (await ready()) await connector().catch(noticed);
}
