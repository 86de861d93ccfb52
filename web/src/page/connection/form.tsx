import { useState } from "preact/hooks";
import { secretNames, type Scheme } from "../core/login.js";
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
import { messageOf } from "../core/text.js";
import { room } from "../core/workspace.js";
import { Icon } from "../ui/icon.js";
import { completionOf } from "./password.js";
import { keep } from "./saved.js";

/** A target that is being written, and its secret, which is kept nowhere else. */
export interface FormState {
  form: Target;
  setForm: (form: Target) => void;
  secret: string;
  setSecret: (secret: string) => void;
}

/** Says where to connect, and connects. */
export function ConnectionForm(held: FormState) {
  const { form, secret, setSecret } = held;
  const [keepSecret, setKeepSecret] = useState(false);
  const [fault, setFault] = useState("");
  const submit = async (): Promise<void> => {
    setFault("");
    use(form, secret, { keep: keepSecret && form.scheme === "basic" && secret !== "" });
    setSecret("");
    try {
      if (!(await ready())) return;
      await (await connector()).verifyConnectivity();
      if (room.peek() === "connections") room.value = "query"; // unless the user went on meanwhile
    } catch (thrown) {
      noticed(thrown);
      setFault(messageOf(thrown));
    }
  };
  return (
    <form
      class="form card"
      id="connection-form"
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <Current />
      {fault || (state.value === "failed" && failure.value) ? (
        <p class="bad" role="alert" id="connection-fault">
          {fault || messageOf(failure.value)}
        </p>
      ) : null}
      <label>
        Address
        <input {...text(held, "uri")} required placeholder="bolt://localhost:7687" autocomplete="url" />
      </label>
      <Login {...held} keepSecret={keepSecret} setKeepSecret={setKeepSecret} />
      <label>
        Database
        <input {...text(held, "database")} autocomplete="off" placeholder="the user's home database" />
      </label>
      <Ways {...held} />
      <Footer form={form} />
    </form>
  );
}

/** A field of the form. */
function text({ form, setForm }: FormState, key: "uri" | "user" | "database" | "relay") {
  return {
    name: key,
    value: form[key],
    spellcheck: false,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [key]: currentTarget.value.trim() }),
  };
}

function flag({ form, setForm }: FormState, key: "useRelay" | "readonly") {
  return {
    type: "checkbox" as const,
    name: key,
    checked: form[key],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [key]: currentTarget.checked }),
  };
}

/** What is connected now. */
function Current() {
  if (state.value !== "on") return <h2>Connect</h2>;
  return (
    <>
      <h2>Connected to {describe(target.value)}</h2>
      <p class="muted">
        {server.value?.agent}
        {server.value?.boltVersion && `, Bolt ${server.value.boltVersion}`}
        {linked.value && " · chosen by a link, and not kept"}
      </p>
    </>
  );
}

const schemes: { [scheme in Scheme]: string } = {
  basic: "User and password",
  bearer: "Token of single sign-on (bearer)",
  kerberos: "Kerberos ticket",
  none: "No log-in",
};

/** How to log in. Tokens and tickets are never kept; a password only for the tab, if the user asks. */
function Login(held: FormState & { keepSecret: boolean; setKeepSecret: (keep: boolean) => void }) {
  const { form, setForm, secret, setSecret, keepSecret, setKeepSecret } = held;
  const field = (
    <label>
      {secretNames[form.scheme]}
      <input
        name="password"
        type="password"
        value={secret}
        autocomplete={completionOf(form.scheme)}
        onInput={({ currentTarget }) => setSecret(currentTarget.value)}
      />
    </label>
  );
  return (
    <>
      <label>
        Log-in
        <select
          name="scheme"
          value={form.scheme}
          onChange={({ currentTarget }) => {
            setSecret("");
            setForm({ ...form, scheme: currentTarget.value as Scheme });
          }}
        >
          {Object.entries(schemes).map(([scheme, name]) => (
            <option value={scheme}>{name}</option>
          ))}
        </select>
      </label>
      {form.scheme === "basic" && (
        <>
          <div class="pair">
            <label>
              User
              <input {...text(held, "user")} required autocomplete="username" />
            </label>
            {field}
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
        </>
      )}
      {(form.scheme === "bearer" || form.scheme === "kerberos") && field}
    </>
  );
}

/** Which way to go, and what is allowed on it. */
function Ways(held: FormState) {
  return (
    <>
      <label class="check">
        <input {...flag(held, "useRelay")} />
        Through a relay: faster, and it reaches servers that pages cannot
      </label>
      {held.form.useRelay && (
        <label>
          Relay
          <input {...text(held, "relay")} autocomplete="off" placeholder={ownRelay()} />
        </label>
      )}
      <label class="check">
        <input {...flag(held, "readonly")} />
        Read-only: nothing is written through this connection
      </label>
    </>
  );
}

function Footer({ form }: { form: Target }) {
  const [name, setName] = useState("");
  const save = (): void => {
    keep(name.trim() || describe(form), form);
    setName("");
  };
  const disconnect = (): void => {
    forgetSecret(target.value);
    void close();
  };
  return (
    <footer>
      {state.value === "on" && (
        <button type="button" class="button" id="disconnect" onClick={disconnect}>
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
      <button type="button" class="button" id="save-connection" onClick={save}>
        <Icon name="star" />
        Save
      </button>
      <button type="submit" class="button primary" id="connect" disabled={state.value === "connecting"}>
        {state.value === "connecting" ? "Connecting…" : "Connect"}
      </button>
    </footer>
  );
}
