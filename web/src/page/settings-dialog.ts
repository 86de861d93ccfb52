import { byID } from "./dom.js";
import { ownRelay, type Settings } from "./settings.js";

/** The dialog in which settings are changed. */
export class SettingsDialog {
  readonly #dialog = byID<HTMLDialogElement>("settings");
  readonly #form = byID<HTMLFormElement>("settings-form");
  readonly #message = byID("settings-message");

  /** onSave is called with changed settings. */
  constructor(onSave: (settings: Settings) => void) {
    this.#field("relay").placeholder = ownRelay();
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#dialog.close();
      onSave(this.#read());
    });
    byID("settings-cancel").addEventListener("click", () => this.#dialog.close());
    this.#field("useRelay").addEventListener("change", () => this.#adapt());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** linked tells that a link named the server, so that the user knows where the password goes. */
  open(settings: Settings, message = "", linked = false): void {
    const target = byID("settings-target");
    target.hidden = !linked;
    target.textContent = `A link chose where your password goes: ${settings.uri}${settings.useRelay ? `, through the relay ${settings.relay || ownRelay()}` : ""}`.slice(0, 500);
    this.#message.textContent = message;
    this.#message.hidden = message === "";
    for (const name of ["uri", "user", "password", "database", "relay"] as const) this.#field(name).value = settings[name];
    this.#field("useRelay").checked = settings.useRelay;
    this.#adapt();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field(settings.user && !settings.password ? "password" : "uri").focus();
  }

  #read(): Settings {
    const text = (name: string) => this.#field(name).value.trim();
    return {
      uri: text("uri"), user: text("user"), password: this.#field("password").value, database: text("database"),
      useRelay: this.#field("useRelay").checked, relay: text("relay"),
    };
  }

  #field(name: string): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }

  #adapt(): void {
    this.#field("relay").disabled = !this.#field("useRelay").checked;
  }
}
