import { linked, ownRelay, passwordWanted, givePassword, target } from "../core/session.js";
import { secretNames, type Scheme } from "../core/login.js";
import { Dialog } from "../ui/dialog.js";

/** Asks for the password, and says where it goes. */
export function PasswordDialog() {
  const wanted = passwordWanted.value;
  if (!wanted) return null;
  const { uri, scheme, user, useRelay, relay } = target.value;
  const name = secretNames[scheme];
  return (
    <Dialog label={name} id="password-dialog" onClose={() => wanted.answer(false)}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          givePassword(String(given.get("password")), given.get("keep") === "on");
        }}
      >
        <h2>{scheme === "basic" ? `Password of ${user}` : name}</h2>
        {wanted.message && (
          <p class="bad" role="alert">
            {wanted.message}
          </p>
        )}
        {linked.value && <p class="target-warning">A link chose where your {name.toLowerCase()} goes:</p>}
        <dl class={linked.value ? "facts large" : "facts"}>
          <dt>Server</dt>
          <dd>{uri.slice(0, 300)}</dd>
          {useRelay && (
            <>
              <dt>Relay</dt>
              <dd>{(relay || ownRelay()).slice(0, 300)}</dd>
            </>
          )}
        </dl>
        <label>
          {name}
          <input name="password" type="password" required autofocus autocomplete={completionOf(scheme)} />
        </label>
        {scheme === "basic" && (
          <label class="check">
            <input name="keep" type="checkbox" />
            Keep it until this tab is closed
          </label>
        )}
        <Answers cancel={() => wanted.answer(false)} />
      </form>
    </Dialog>
  );
}

function Answers({ cancel }: { cancel: () => void }) {
  return (
    <footer>
      <button type="button" class="button" onClick={cancel}>
        Cancel
      </button>
      <button type="submit" class="button primary">
        Connect
      </button>
    </footer>
  );
}

/** Password managers keep passwords, and no tokens or tickets. */
export function completionOf(scheme: Scheme): string {
  return scheme === "basic" ? "current-password" : "off";
}
