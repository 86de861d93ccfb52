import { useState } from "preact/hooks";
import {
  close,
  connector,
  describe,
  failure,
  forgetSecret,
  linked,
  noticed,
  ownRelay,
  ready,
  server,
  state,
  target,
  use,
  type Target,
} from "../core/session.js";
import { messageOf, timeText } from "../core/text.js";
import { room } from "../core/workspace.js";
import { Icon, IconButton } from "../ui/icon.js";
import { check, type CheckStep } from "./check.js";
import { drop, keep, saved } from "./saved.js";
import { measure, waysTo, type SpeedFinding } from "./speed.js";

/** Where the page connects to: saved connections, a form, a check and a speed test. */
export function Connections() {
  const [form, setForm] = useState<Target>(target.value);
  const [secret, setSecret] = useState("");
  return (
    <div class="room connections">
      <aside class="side-list" aria-label="Saved connections">
        <h2>Connections</h2>
        <ul>
          {saved.value.map(({ name, target: known }) => (
            <li key={name}>
              <button
                type="button"
                aria-current={JSON.stringify(known) === JSON.stringify(target.value)}
                onClick={() => {
                  setForm(known);
                  setSecret("");
                }}
              >
                <strong>{name}</strong>
                <span>{describe(known)}</span>
              </button>
              <IconButton
                name="trash"
                label={`Remove ${name}`}
                onClick={() => {
                  drop(name);
                  forgetSecret(known);
                }}
              />
            </li>
          ))}
        </ul>
        {saved.value.length === 0 && <p class="muted">Save a connection to find it here. Passwords are never saved.</p>}
      </aside>
      <div class="sheet">
        <Form form={form} setForm={setForm} secret={secret} setSecret={setSecret} />
        <CheckView form={form} secret={secret} />
        <SpeedView />
      </div>
    </div>
  );
}

function Form({
  form,
  setForm,
  secret,
  setSecret,
}: {
  form: Target;
  setForm: (form: Target) => void;
  secret: string;
  setSecret: (secret: string) => void;
}) {
  const [keepSecret, setKeepSecret] = useState(false);
  const [fault, setFault] = useState("");
  const [name, setName] = useState("");
  const text = (key: "uri" | "user" | "database" | "relay") => ({
    name: key,
    value: form[key],
    spellcheck: false,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [key]: currentTarget.value.trim() }),
  });
  const flag = (key: "useRelay" | "readonly") => ({
    type: "checkbox" as const,
    name: key,
    checked: form[key],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [key]: currentTarget.checked }),
  });
  const submit = async (): Promise<void> => {
    setFault("");
    use(form, secret, { keep: keepSecret && secret !== "" });
    setSecret("");
    try {
      if (!(await ready())) return;
      await (await connector()).verifyConnectivity();
      room.value = "query";
    } catch (thrown) {
      noticed(thrown);
      setFault(messageOf(thrown));
    }
  };
  const on = state.value === "on";
  return (
    <form
      class="form card"
      id="connection-form"
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>{on ? <>Connected to {describe(target.value)}</> : "Connect"}</h2>
      {on && (
        <p class="muted">
          {server.value?.agent}
          {server.value?.boltVersion && `, Bolt ${server.value.boltVersion}`}
          {linked.value && " · chosen by a link, and not kept"}
        </p>
      )}
      {fault || (state.value === "failed" && failure.value) ? (
        <p class="bad" role="alert" id="connection-fault">
          {fault || messageOf(failure.value)}
        </p>
      ) : null}
      <label>
        Address
        <input {...text("uri")} required placeholder="bolt://localhost:7687" autocomplete="url" />
      </label>
      <div class="pair">
        <label>
          User
          <input {...text("user")} autocomplete="username" placeholder="none" />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            value={secret}
            autocomplete="current-password"
            onInput={({ currentTarget }) => setSecret(currentTarget.value)}
          />
        </label>
      </div>
      <label class="check">
        <input
          type="checkbox"
          name="keep"
          checked={keepSecret}
          onChange={({ currentTarget }) => setKeepSecret(currentTarget.checked)}
        />
        Keep the password until this tab is closed
      </label>
      <label>
        Database
        <input {...text("database")} autocomplete="off" placeholder="the user's home database" />
      </label>
      <label class="check">
        <input {...flag("useRelay")} />
        Through a relay: faster, and it reaches servers that pages cannot
      </label>
      {form.useRelay && (
        <label>
          Relay
          <input {...text("relay")} autocomplete="off" placeholder={ownRelay()} />
        </label>
      )}
      <label class="check">
        <input {...flag("readonly")} />
        Read-only: nothing is written through this connection
      </label>
      <footer>
        {on && (
          <button
            type="button"
            class="button"
            id="disconnect"
            onClick={() => {
              forgetSecret(target.value);
              void close();
            }}
          >
            Disconnect
          </button>
        )}
        <span class="space" />
        <input
          aria-label="Name to save under"
          placeholder="Name"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button
          type="button"
          class="button"
          id="save-connection"
          onClick={() => {
            keep(name.trim() || describe(form), form);
            setName("");
          }}
        >
          <Icon name="star" />
          Save
        </button>
        <button type="submit" class="button primary" id="connect" disabled={state.value === "connecting"}>
          {state.value === "connecting" ? "Connecting…" : "Connect"}
        </button>
      </footer>
    </form>
  );
}

function CheckView({ form, secret }: { form: Target; secret: string }) {
  const [steps, setSteps] = useState<CheckStep[]>([]);
  const [busy, setBusy] = useState(false);
  const start = async (): Promise<void> => {
    setBusy(true);
    setSteps([]);
    for await (const step of check(form, secret)) setSteps(before => [...before, step]);
    setBusy(false);
  };
  return (
    <section class="card" id="check">
      <header>
        <h2>Check</h2>
        <button type="button" class="button" disabled={busy} onClick={() => void start()}>
          {busy ? "Checking…" : "Check the connection"}
        </button>
      </header>
      <p class="muted">Tries the address above step by step, and says what to do where one fails.</p>
      <ol class="steps">
        {steps.map(({ what, outcome, told, advice }) => (
          <li data-outcome={outcome}>
            <Icon name={outcome === "good" ? "check" : outcome === "bad" ? "close" : "more"} />
            <div>
              <strong>{what}</strong> {told}
              {advice && <p>{advice}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function SpeedView() {
  const [findings, setFindings] = useState<SpeedFinding[]>([]);
  const [abort, setAbort] = useState<AbortController>();
  const start = async (): Promise<void> => {
    if (!(await ready())) return;
    const own = new AbortController();
    setAbort(own);
    setFindings([]);
    for (const way of waysTo(target.peek())) {
      if (own.signal.aborted) break;
      const finding = await measure(way, own.signal);
      setFindings(before => [...before, finding]);
    }
    setAbort(undefined);
  };
  const fastest = Math.max(...findings.map(({ rows, read }) => rows / (read || 1)));
  return (
    <section class="card" id="speed">
      <header>
        <h2>Speed</h2>
        {abort ? (
          <button type="button" class="button danger" onClick={() => abort.abort()}>
            Stop
          </button>
        ) : (
          <button type="button" class="button" onClick={() => void start()}>
            Measure
          </button>
        )}
      </header>
      <p class="muted">
        Reads 200,000 rows on each way to {describe({ ...target.value, useRelay: false })}, one after the other.
      </p>
      <table class="plain">
        {findings.length > 0 && (
          <thead>
            <tr>
              <th>Way</th>
              <th>Opened in</th>
              <th>Rows a second</th>
            </tr>
          </thead>
        )}
        <tbody>
          {findings.map(({ way, rows, opened, read, failure: why }) => (
            <tr>
              <th>{way}</th>
              {why ? (
                <td colSpan={2} class="muted">
                  {why.slice(0, 300)}
                </td>
              ) : (
                <>
                  <td>{timeText(opened)}</td>
                  <td>
                    <span class="bar" style={{ width: `${Math.round((rows / read / fastest) * 120)}px` }} />
                    {Math.round((rows / read) * 1000).toLocaleString()}
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
