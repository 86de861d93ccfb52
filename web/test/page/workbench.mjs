// The page as tests drive it with puppeteer: opened from a relay, asked queries, looked at.
import { isPageError, launch } from "../browsers.mjs";

/** How long anything may take, in milliseconds, on a slow machine. */
export const patience = { timeout: 45_000 };

export class Workbench {
  page;
  faults = [];
  #browser;
  #relay;
  #server;

  /** relay is where the page comes from; server is the Neo4j that links name. */
  static async launch(browser, relay, server) {
    const made = new Workbench();
    made.#browser = await launch(browser);
    made.#relay = relay;
    made.#server = server;
    return made;
  }

  /** Opens the page anew, with settings in its address, which are accepted unless they are to be left. */
  async open(settings = {}, { leave = false, accept = true, width = 1200, height = 800, touch = false } = {}) {
    await this.page?.close();
    this.page = await this.#browser.newPage();
    this.faults = [];
    this.page.on("pageerror", error => isPageError(error) && this.faults.push(String(error)));
    this.page.on(
      "console",
      message =>
        message.type() === "error" && /Content.Security/i.test(message.text()) && this.faults.push(message.text()),
    );
    // a driven browser has nobody to ask for a place, so files are downloaded
    await this.page.evaluateOnNewDocument(() => delete globalThis.showSaveFilePicker);
    await this.page.setViewport({ width, height, ...(touch ? { hasTouch: true, isMobile: true } : {}) });
    const { uri, user, password } = this.#server;
    const fragment = new URLSearchParams({ uri, user, password, ...settings });
    await this.goto(leave ? "/" : `/#${fragment}`);
    if (leave || !accept) return;
    await this.click("#link-accept");
    if (settings.auto === "1") await this.state("done", "failed");
  }

  async goto(path) {
    await this.page.goto(this.#relay.page + path);
    await this.state("idle", "running", "done", "failed");
  }

  /** Writes a query and runs it. */
  async ask(query, ...outcomes) {
    await this.write(query);
    await this.click("#run");
    await this.state(...(outcomes.length > 0 ? outcomes : ["done"]));
  }

  async write(query) {
    if (await this.page.$("#room-query:not([aria-current])")) await this.click("#room-query");
    await this.visible("#run");
    await this.page.evaluate(text => webboltPage.write(text), query);
  }

  state(...wanted) {
    return this.page.waitForFunction(states => states.includes(document.body.dataset.state), patience, wanted);
  }

  shown() {
    return this.page.evaluate(() => ({ ...document.body.dataset }));
  }

  /** Waits until the graph has found its places. */
  still() {
    return this.page.waitForFunction(() => document.body.dataset.layout === "still", patience);
  }

  text(selector) {
    return this.page.$eval(selector, element => element.innerText);
  }

  visible(selector) {
    return this.page.waitForFunction(wanted => document.querySelector(wanted)?.checkVisibility(), patience, selector);
  }

  /** Waits until an element's text is like a pattern. */
  reads(selector, pattern) {
    return this.page.waitForFunction(
      (wanted, source, flags) => new RegExp(source, flags).test(document.querySelector(wanted)?.innerText ?? ""),
      patience,
      selector,
      pattern.source,
      pattern.flags,
    );
  }

  async click(selector) {
    await this.visible(selector);
    await this.page.$eval(selector, element => element.click());
  }

  /** Types into a field in place of what is there. */
  async fill(selector, text) {
    await this.visible(selector);
    await this.page.$eval(
      selector,
      (field, value) => {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      },
      text,
    );
  }

  /** Clicks a drawn node. */
  async clickNode(node, { twice = false, modifier } = {}) {
    await this.page.waitForFunction(wanted => webboltPage.placeOf(wanted), patience, node);
    const { x, y } = await this.page.evaluate(wanted => webboltPage.placeOf(wanted), node);
    if (modifier) await this.page.keyboard.down(modifier);
    await this.page.mouse.click(x, y, { count: twice ? 2 : 1 });
    if (modifier) await this.page.keyboard.up(modifier);
  }

  /** What the page saves while work is done: its bytes and its text. */
  async download(work) {
    await this.page.evaluate(() => {
      globalThis.saved = new Promise(resolve => {
        const { createObjectURL } = URL;
        URL.createObjectURL = blob => {
          URL.createObjectURL = createObjectURL;
          void blob.arrayBuffer().then(bytes => resolve(Array.from(new Uint8Array(bytes))));
          return createObjectURL(blob);
        };
      });
    });
    await work();
    const bytes = await this.page.evaluate(() => globalThis.saved);
    return { bytes: Uint8Array.from(bytes), text: new TextDecoder().decode(Uint8Array.from(bytes)) };
  }

  close() {
    return this.#browser?.close();
  }
}
