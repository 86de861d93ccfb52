import { linkRequest } from "../core/link.js";
import { database, describe, linked, server, state, target } from "../core/session.js";
import { switchTheme, isDark } from "../core/theme.js";
import { transaction } from "../core/transaction.js";
import { draft, execution, room, run, type Room } from "../core/workspace.js";
import { Admin } from "../admin/admin.js";
import { Connections } from "../connection/connections.js";
import { LinkRequestView } from "../connection/link.js";
import { PasswordDialog } from "../connection/password.js";
import { Editor } from "../editor/editor.js";
import { TransactionBar } from "../transaction/transaction.js";
import { Questions } from "../ui/dialog.js";
import { Icon, type IconName } from "../ui/icon.js";
import { Results, StatusLine } from "./results.js";

const rooms: [Room, string, IconName][] = [
  ["query", "Query", "query"],
  ["admin", "Server", "admin"],
  ["connections", "Connect", "connections"],
];

/** The page: a rail of rooms, a bar that says where it is connected, and the room that is open. */
export function App() {
  return (
    <>
      <nav class="rail" aria-label="Rooms">
        <span class="mark" aria-hidden="true">
          <svg viewBox="0 0 24 24" fill="currentColor">
            <path d="M5 17 13 5l6 12" stroke="currentColor" stroke-width="1.8" fill="none" />
            <circle cx="5" cy="17" r="3.6" />
            <circle cx="19" cy="17" r="2.8" />
            <circle cx="13" cy="5" r="3.2" />
          </svg>
        </span>
        {rooms.map(([name, title, icon]) => (
          <button
            type="button"
            id={`room-${name}`}
            aria-current={room.value === name ? "page" : undefined}
            onClick={() => (room.value = name)}
          >
            <Icon name={icon} />
            <span>{title}</span>
          </button>
        ))}
        <span class="space" />
        <button
          type="button"
          id="theme-button"
          aria-label={isDark() ? "Light colours" : "Dark colours"}
          title={isDark() ? "Light colours" : "Dark colours"}
          onClick={switchTheme}
        >
          <Icon name="theme" />
        </button>
      </nav>
      <header class="top">
        <h1>webbolt</h1>
        <ConnectionChip />
        <Databases />
        {target.value.readonly && (
          <span class="tag" id="readonly">
            read-only
          </span>
        )}
        {transaction.value && room.value !== "query" && (
          <button type="button" class="tag warn" onClick={() => (room.value = "query")}>
            transaction open
          </button>
        )}
      </header>
      <main>
        {linkRequest.value && <LinkRequestView />}
        {!linkRequest.value && room.value === "query" && <QueryRoom />}
        {!linkRequest.value && room.value === "admin" && <Admin />}
        {!linkRequest.value && room.value === "connections" && <Connections />}
      </main>
      <PasswordDialog />
      <Questions />
    </>
  );
}

function QueryRoom() {
  return (
    <div class="room query">
      <Editor>
        <TransactionBar />
      </Editor>
      {execution.value ? <Results /> : <Welcome />}
      <StatusLine />
    </div>
  );
}

function ConnectionChip() {
  const words = {
    off: "Not connected",
    connecting: "Connecting…",
    on: server.value?.agent || "Connected",
    failed: "No connection",
  };
  return (
    <button
      type="button"
      id="connection"
      class="chip"
      data-state={state.value}
      title={`${words[state.value]}. Click to change the connection.`}
      onClick={() => (room.value = "connections")}
    >
      <span class="chip-text">{describe(target.value)}</span>
      <span class="sr">{words[state.value]}</span>
      {linked.value && <span class="tag warn">from a link</span>}
    </button>
  );
}

function Databases() {
  const databases = server.value?.databases ?? [];
  if (databases.length < 2) return null;
  const home = target.value.database || server.value?.home || "";
  return (
    <select
      id="database"
      aria-label="Database"
      value={database.value || home}
      disabled={transaction.value !== undefined}
      onChange={({ currentTarget }) => (database.value = currentTarget.value)}
    >
      {databases.map(name => (
        <option value={name}>{name}</option>
      ))}
    </select>
  );
}

const examples: [string, string][] = [
  ["The whole graph", "MATCH (n)\nOPTIONAL MATCH (n)-[r]->(m)\nRETURN n, r, m"],
  ["Labels", "MATCH (n) UNWIND labels(n) AS label\nRETURN label, count(*) AS nodes ORDER BY nodes DESC"],
  [
    "Relationship types",
    "MATCH ()-[r]->()\nRETURN type(r) AS type, count(*) AS relationships ORDER BY relationships DESC",
  ],
  [
    "A profile",
    "PROFILE MATCH (n)-[r]->(m)\nRETURN labels(n) AS from, type(r) AS type, count(*) AS times\n" +
      "ORDER BY times DESC LIMIT 10",
  ],
];

function Welcome() {
  return (
    <section class="result welcome" id="welcome">
      <h2>Ask your graph</h2>
      <p>
        Write Cypher above and press Ctrl+Enter, or begin with one of these. Click a node for its properties, twice for
        its neighbours.
      </p>
      <div class="examples">
        {examples.map(([name, query]) => (
          <button
            type="button"
            class="button"
            onClick={() => {
              draft.value = query;
              void run(query);
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </section>
  );
}
