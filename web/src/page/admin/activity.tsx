import { useState } from "preact/hooks";
import type { Connection, Stats } from "../../index.js";
import { borrow, target } from "../core/session.js";
import { bytesText, messageOf, textOf, timeText } from "../core/text.js";
import { confirmed } from "../ui/dialog.js";
import { useLive } from "../ui/live.js";
import { Facts, LiveView } from "./live.js";

const seconds = 2;
/** A server may have any number of them. */
const most = 500;

export function ConnectionsView() {
  const live = useLive(() => borrow(cx => cx.getConnections()), seconds);
  const [told, end] = useEnding(live.refresh);
  return (
    <LiveView title="Connections" live={live} told={told}>
      {records => (
        <Facts
          heads={["Id", "User", "Client", "Program", "Since", ""]}
          empty="The server has no connections."
          keys={records.map(({ cxid }) => cxid)}
          rows={records
            .slice(0, most)
            .map(({ cxid, serverProfile, clientAddress, userAgent, since }) => [
              <code>{cxid}</code>,
              serverProfile.user,
              clientAddress,
              userAgent.slice(0, 200),
              since?.toLocaleString() ?? "",
              <Terminate end={() => end(cxid, `${userAgent} of ${serverProfile.user}, ${clientAddress}`, killed)} />,
            ])}
        />
      )}
    </LiveView>
  );
}

export function TransactionsView() {
  const live = useLive(() => borrow(cx => cx.getTransactions()), seconds);
  const [told, end] = useEnding(live.refresh);
  return (
    <LiveView title="Transactions" live={live} told={told}>
      {records => (
        <Facts
          heads={["Id", "Database", "User", "Query", "Runs for", "Status", ""]}
          empty="No transaction is open."
          keys={records.map(({ txid }) => txid)}
          rows={records
            .slice(0, most)
            .map(({ txid, database, serverProfile, currentQuery, stats, status }) => [
              <code>{txid}</code>,
              database,
              serverProfile.user,
              <QueryText text={currentQuery} />,
              elapsed(stats),
              status.slice(0, 100),
              <Terminate end={() => end(txid, currentQuery, terminated)} />,
            ])}
        />
      )}
    </LiveView>
  );
}

export function QueriesView() {
  const live = useLive(
    () => borrow(async cx => ({ queries: await cx.getQueries(), transactions: await cx.getTransactions() })),
    seconds,
  );
  const [told, end] = useEnding(live.refresh);
  return (
    <LiveView title="Queries" live={live} told={told}>
      {({ queries, transactions }) => (
        <Facts
          heads={["Id", "Database", "User", "Query", "Parameters", "Runs for", "Memory", ""]}
          empty="No query runs."
          keys={queries.map(({ qid }) => qid)}
          rows={queries.slice(0, most).map(({ qid, database, serverProfile, query, parameters, stats, cxid }) => {
            const within = transactions.find(other => other.currentQid === qid || (other.cxid === cxid && cxid !== ""));
            return [
              <code>{qid}</code>,
              database,
              serverProfile.user,
              <QueryText text={query} />,
              <span class="clip">{textOf(parameters, 200)}</span>,
              elapsed(stats),
              stats.allocatedBytes === null ? "" : bytesText(Number(stats.allocatedBytes)),
              within ? <Terminate end={() => end(within.txid, query, terminated)} /> : "",
            ];
          })}
        />
      )}
    </LiveView>
  );
}

function QueryText({ text }: { text: string }) {
  return (
    <code class="clip" title={text.slice(0, 2000)}>
      {text.slice(0, 300)}
    </code>
  );
}

function elapsed({ elapsedTime }: Stats): string {
  return elapsedTime === null ? "" : timeText(elapsedTime);
}

/** Has the server end a thing, and gives what it says of it. */
type Ending = (cx: Connection, id: string) => Promise<string>;

const terminated: Ending = async (cx, id) => (await cx.terminateTransactions([id]))[0]?.message ?? "";

/** Closes a connection of the server's; what runs on it ends. */
const killed: Ending = async (cx, id) => {
  const result = await cx.runProg<{ message: string }>("", "CALL dbms.killConnection($id) YIELD message", { id });
  return (await result.records().toArray())[0]?.message ?? "";
};

/** Gives what the server said last, and what ends a thing after a question. */
function useEnding(done: () => void): [told: string, end: (id: string, detail: string, how: Ending) => void] {
  const [told, setTold] = useState("");
  const end = async (id: string, detail: string, how: Ending): Promise<void> => {
    if (!(await confirmed(`Terminate ${id}?`, { detail: detail.slice(0, 2000), action: "Terminate" }))) return;
    setTold(`${id}: terminating…`);
    try {
      setTold(`${id}: ${(await borrow(cx => how(cx, id))).slice(0, 200) || "The server gave no answer."}`);
    } catch (thrown) {
      setTold(`${id} was not terminated. ${messageOf(thrown).slice(0, 300)}`);
    }
    done();
  };
  return [told, (id, detail, how) => void end(id, detail, how)];
}

function Terminate({ end }: { end: () => void }) {
  const { readonly } = target.value;
  return (
    <button
      type="button"
      class="button small"
      disabled={readonly}
      title={readonly ? "This connection is read-only." : undefined}
      onClick={end}
    >
      Terminate
    </button>
  );
}
