import { linked, ownRelay, passwordWanted, givePassword, target } from "../core/session.js";
import { Dialog } from "../ui/dialog.js";

/** Asks for the password, and says where it goes. */
export function PasswordDialog() {
  const wanted = passwordWanted.value;
  if (!wanted) return null;
  const { uri, user, useRelay, relay } = target.value;
  return (
    <Dialog label="Password" id="password-dialog" onClose={() => wanted.answer(false)}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          givePassword(String(given.get("password")), given.get("keep") === "on");
        }}
      >
        <h2>Password of {user}</h2>
        {wanted.message && (
          <p class="bad" role="alert">
            {wanted.message}
          </p>
        )}
        {linked.value && <p class="target-warning">A link chose where your password goes:</p>}
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
          Password
          <input name="password" type="password" required autofocus autocomplete="current-password" />
        </label>
        <label class="check">
          <input name="keep" type="checkbox" />
          Keep it until this tab is closed
        </label>
        <footer>
          <button type="button" class="button" onClick={() => wanted.answer(false)}>
            Cancel
          </button>
          <button type="submit" class="button primary">
            Connect
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
