import { useState } from "preact/hooks";
import { describe, forgetSecret, target, type Target } from "../core/session.js";
import { IconButton } from "../ui/icon.js";
import { CheckView } from "./check-view.js";
import { ConnectionForm } from "./form.js";
import { drop, saved } from "./saved.js";
import { SpeedView } from "./speed-view.js";

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
        <ConnectionForm form={form} setForm={setForm} secret={secret} setSecret={setSecret} />
        <CheckView form={form} secret={secret} />
        <SpeedView />
      </div>
    </div>
  );
}
