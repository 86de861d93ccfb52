import { useState } from "preact/hooks";
import type { Target } from "../core/session.js";
import { Icon } from "../ui/icon.js";
import { check, type CheckStep } from "./check.js";

/** Tries a target step by step. */
export function CheckView({ form, secret }: { form: Target; secret: string }) {
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
