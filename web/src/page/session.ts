import { auth, connect, ConnectionProfile, type Connector, type GraphBuilder, type Result, type Summary } from "../index.js";
import { ownRelay, type Settings } from "./settings.js";

/** What hears of a running query. */
export interface QueryListener {
  fields(fields: string[]): void;
  records(records: Record<string, unknown>[]): void;
}

/** The page's connection to a server, made when it is first needed and again when settings change. */
export class Session {
  #settings: Settings;
  #connector: Promise<Connector> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get settings(): Settings {
    return this.#settings;
  }

  set settings(settings: Settings) {
    this.#settings = settings;
    void this.close();
  }

  /** Whether a password is missing: a try without it would count as a wrong one, and servers lock users out after some. */
  get lacksPassword(): boolean {
    return this.#settings.user !== "" && this.#settings.password === "";
  }

  /** Gives the connector, which is opened once for all that ask. The signal ends only the caller's wait. */
  async connect(signal?: AbortSignal): Promise<Connector> {
    signal?.throwIfAborted();
    const opening = (this.#connector ??= this.#open());
    const given = signal ? Promise.race([opening, aborted(signal)]) : opening;
    try {
      return await given;
    } catch (thrown) {
      if (!signal?.aborted && this.#connector === opening) this.#connector = undefined;
      throw thrown;
    }
  }

  #open(): Promise<Connector> {
    const { uri, user, password, useRelay, relay, database } = this.#settings;
    return connect(new ConnectionProfile(uri, database ? { database } : {}), {
      auth: user ? auth.basic(user, password) : auth.none(), relay: useRelay ? relay || ownRelay() : undefined, userAgent: "webbolt-page/0.1",
    });
  }

  /** Runs a query and hands on its records as they come; their nodes and relationships go into the builder, too. */
  async run(query: string, parameters: Record<string, unknown>, graph: GraphBuilder, listener: QueryListener, signal?: AbortSignal): Promise<Summary> {
    const connector = await this.connect(signal);
    const result: Result = await connector.run(query, parameters, { signal });
    listener.fields(await result.fields({ signal }));
    for await (const records of result.batches({ graph, signal })) listener.records(records);
    return result.summary();
  }

  async close(): Promise<void> {
    const connector = this.#connector;
    this.#connector = undefined;
    await (await connector?.catch(() => undefined))?.close();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
