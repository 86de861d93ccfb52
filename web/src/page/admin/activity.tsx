import { useState } from "preact/hooks";
import type { Stats } from "../../index.js";
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
  return (
    <LiveView title="Connections" live={live}>
      {records => (
        <Facts
          heads={["Id", "User", "Client", "Program", "Since"]}
          empty="The server has no connections."
          rows={records
            .slice(0, most)
            .map(({ cxid, serverProfile, clientAddress, userAgent, since }) => [
              <code>{cxid}</code>,
              serverProfile.user,
              clientAddress,
              userAgent.slice(0, 200),
              since?.toLocaleString() ?? "",
            ])}
        />
      )}
    </LiveView>
  );
}

export function TransactionsView() {
  const live = useLive(() => borrow(cx => cx.getTransactions()), seconds);
  return (
    <LiveView title="Transactions" live={live}>
      {records => (
        <Facts
          heads={["Id", "Database", "User", "Query", "Runs for", "Status", ""]}
          empty="No transaction is open."
          rows={records
            .slice(0, most)
            .map(({ txid, database, serverProfile, currentQuery, stats, status }) => [
              <code>{txid}</code>,
              database,
              serverProfile.user,
              <QueryText text={currentQuery} />,
              elapsed(stats),
              status.slice(0, 100),
              <Terminate id={txid} query={currentQuery} done={live.refresh} />,
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
  return (
    <LiveView title="Queries" live={live}>
      {({ queries, transactions }) => (
        <Facts
          heads={["Id", "Database", "User", "Query", "Parameters", "Runs for", "Memory", ""]}
          empty="No query runs."
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
              within ? <Terminate id={within.txid} query={query} done={live.refresh} /> : "",
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

/** Ends a transaction on the server, after a question. */
function Terminate({ id, query, done }: { id: string; query: string; done: () => void }) {
  const [told, setTold] = useState("");
  const terminate = async (): Promise<void> => {
    if (!(await confirmed(`Terminate ${id}?`, { detail: query.slice(0, 2000), action: "Terminate" }))) return;
    setTold("Terminating…");
    try {
      const [answer] = await borrow(cx => cx.terminateTransactions([id]));
      setTold(answer?.message.slice(0, 200) ?? "The server gave no answer.");
    } catch (thrown) {
      setTold(messageOf(thrown).slice(0, 300));
    }
    done();
  };
  if (told) return <span role="status">{told}</span>;
  return (
    <button type="button" class="button small" disabled={target.value.readonly} onClick={() => void terminate()}>
      Terminate
    </button>
  );
}
