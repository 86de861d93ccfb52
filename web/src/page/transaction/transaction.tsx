import { useEffect, useState } from "preact/hooks";
import { parseLiteral } from "../core/literals.js";
import { database, ready, target } from "../core/session.js";
import { messageOf } from "../core/text.js";
import { begin, end, lastEnd, transaction } from "../core/transaction.js";
import { execution } from "../core/workspace.js";
import { Popover } from "../ui/popover.js";

/** Begins a transaction, shows the open one, and ends it. */
export function TransactionBar() {
  const open = transaction.value;
  const [failure, setFailure] = useState("");
  if (!open) {
    return (
      <>
        <Popover icon="lock" label="Begin a transaction" text="Transaction" id="begin-button">
          {close => <BeginForm close={close} />}
        </Popover>
        {(failure || lastEnd.value) && (
          <span class="transaction-end" role="status">
            {failure || lastEnd.value}
          </span>
        )}
      </>
    );
  }
  const busy = execution.value?.busy.value ?? false;
  const finish = (how: "commit" | "rollback") => (): void => {
    setFailure("");
    end(how).catch((thrown: unknown) => setFailure(messageOf(thrown)));
  };
  return (
    <div class="transaction" id="transaction" role="group" aria-label="Open transaction">
      <span class="pulse" />
      <span>
        {open.readonly ? "Read" : "Write"} transaction{open.database && ` on ${open.database}`}, open for{" "}
        <Since date={open.since} />
      </span>
      <button type="button" class="button primary" id="commit" disabled={busy} onClick={finish("commit")}>
        Commit
      </button>
      <button type="button" class="button" id="rollback" disabled={busy} onClick={finish("rollback")}>
        Roll back
      </button>
    </div>
  );
}

/** Begins what a form says. False if the user gave no password. Throws where the form cannot be read. */
async function beginAs(given: FormData): Promise<boolean> {
  const text = (name: string): string => String(given.get(name) ?? "").trim();
  const metadata = text("metadata") === "" ? {} : parseLiteral(text("metadata"));
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata))
    throw new Error("Metadata is a map, such as {app: 'report'}.");
  if (!(await ready())) return false;
  await begin({
    readonly: text("access") === "read",
    timeout: Number(text("timeout")) * 1000,
    metadata: metadata as Record<string, unknown>,
  });
  return true;
}

function BeginForm({ close }: { close: () => void }) {
  const [failure, setFailure] = useState("");
  const submit = async (form: HTMLFormElement): Promise<void> => {
    setFailure("");
    try {
      if (await beginAs(new FormData(form))) close();
    } catch (thrown) {
      setFailure(messageOf(thrown));
    }
  };
  return (
    <form
      class="form"
      id="begin"
      onSubmit={event => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <p class="muted">
        Statements run in it until you commit or roll back. {database.value && `It is on ${database.value}.`}
      </p>
      <Access only={target.value.readonly} />
      <label>
        Timeout in seconds
        <input name="timeout" type="number" min="0" step="any" placeholder="the server's" />
      </label>
      <label>
        Metadata
        <input name="metadata" class="code" placeholder="{app: 'report'}" spellcheck={false} />
      </label>
      {failure && (
        <p class="bad" role="alert">
          {failure}
        </p>
      )}
      <footer>
        <button class="button primary" type="submit">
          Begin
        </button>
      </footer>
    </form>
  );
}

/** only: nothing may be written through this connection. */
function Access({ only }: { only: boolean }) {
  return (
    <fieldset class="choice">
      <legend>Access</legend>
      <label>
        <input type="radio" name="access" value="write" defaultChecked={!only} disabled={only} />
        Write
      </label>
      <label>
        <input type="radio" name="access" value="read" defaultChecked={only} />
        Read
      </label>
    </fieldset>
  );
}

function Since({ date }: { date: Date }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((now - date.getTime()) / 1000));
  return (
    <time dateTime={date.toISOString()}>
      {seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`}
    </time>
  );
}
