import * as core from "neo4j-driver-core";
import { Connection } from "../connection.js";
import { Connector, type ConnectorOptions } from "../connector.js";
import type { Failure } from "../errors.js";
import type { Auth } from "../options.js";
import { connectorOptions, refuseUnsupported, uriOf, type DriverConfig, type Target } from "./config.js";
import { VirtualConnection, type Access, type Home } from "./connection.js";
import { coreError } from "./errors.js";
import { coreValues } from "./values.js";

/** The parameters from which neo4j-driver makes a provider. */
export interface ProviderParameters {
  id?: number;
  config: DriverConfig;
  log?: core.internal.logger.Logger;
  address: Target["address"];
  userAgent?: string;
  authTokenManager?: core.AuthTokenManager;
  /** Before neo4j-driver 5.8. */
  authToken?: Auth;
  /** Of a neo4j:// address. */
  routingContext?: Record<string, string>;
  hostNameResolver?: unknown;
}

/** Failures that mean that a token is refused. */
const refusals = ["Unauthorized", "Forbidden", "TokenExpired", "CredentialsExpired"].map(
  name => `Neo.ClientError.Security.${name}`,
);

/** How long results may continue, in milliseconds, after a driver was closed; then they end with an error. */
const closingTime = 500;

/** Gives core its connections, through one Connector for each user: the driver's own user, and those of sessions. */
export class Provider extends core.ConnectionProvider implements Home {
  /** How many connections are lent, by address. Applications read this to see whether connections are open. */
  readonly _openConnections: Record<string, number> = {};
  /** Applications read this, too. */
  readonly _userAgent: string | undefined;
  readonly make: Home["make"];
  readonly #given: ProviderParameters;
  readonly #routing: boolean;
  readonly #auth: Pick<core.AuthTokenManager, "getToken" | "handleSecurityException">;
  readonly #connectors = new Map<string, Promise<Connector>>();
  readonly #lent = new Set<VirtualConnection>();
  readonly #lost: string;
  #token: Auth | undefined;
  #version = "5.0";
  #closed = false;

  constructor(routing: boolean, given: ProviderParameters) {
    super();
    refuseUnsupported(given.config);
    this.#given = given;
    this._userAgent = given.userAgent;
    this.#routing = routing;
    this.#auth = given.authTokenManager ?? {
      getToken: () => Promise.resolve(given.authToken as never),
      handleSecurityException: () => false,
    };
    this.#lost = routing ? core.error.SESSION_EXPIRED : core.error.SERVICE_UNAVAILABLE;
    this.make = coreValues(given.config);
  }

  override async acquireConnection(access: Access = {}): Promise<never> {
    try {
      const connection = new VirtualConnection(this, await this.#connector(access.auth), access);
      this.#lent.add(connection);
      this.#count(1);
      return connection as never;
    } catch (thrown) {
      throw this.errorOf(thrown, access);
    }
  }

  released(connection: VirtualConnection): void {
    this.#lent.delete(connection);
    this.#count(-1);
  }

  errorOf(thrown: unknown, { auth }: Access): Error {
    const error = coreError(thrown, this.#lost) as core.Neo4jError;
    if (!auth && this.#token && error.code?.startsWith("Neo.ClientError.Security.")) {
      if (this.#auth.handleSecurityException(this.#token as never, error.code as never))
        error.retriable = error.retryable = true;
    }
    return error;
  }

  version(told?: string): never {
    if (told) this.#version = told;
    const [major, minor] = this.#version.split(".").map(Number);
    return ("ProtocolVersion" in core ? new core.ProtocolVersion(major!, minor!) : Number(this.#version)) as never;
  }

  override getNegotiatedProtocolVersion(): Promise<never> {
    return this.#handshake();
  }

  override supportsMultiDb(): Promise<boolean> {
    return this.#atLeast(4, 0);
  }

  override supportsTransactionConfig(): Promise<boolean> {
    return this.#atLeast(3, 0);
  }

  override supportsUserImpersonation(): Promise<boolean> {
    return this.#atLeast(4, 4);
  }

  override supportsSessionAuth(): Promise<boolean> {
    return this.#atLeast(5, 1);
  }

  /** Whether servers route. Core asks this before it caches home databases; the engine does that itself. */
  override SSREnabled(): boolean {
    return false;
  }

  override verifyConnectivityAndGetServerInfo(access: Access = {}): Promise<core.ServerInfo> {
    return this.#probe(access, async connection => {
      const server = { address: connection.profile.address, version: `Neo4j/${await connection.neo4jVersion()}` };
      return new core.ServerInfo(server, this.version());
    });
  }

  override async verifyAuthentication(access: Access = {}): Promise<boolean> {
    try {
      return await this.#probe(access, async () => true);
    } catch (thrown) {
      if (refusals.includes((thrown as core.Neo4jError).code)) return false;
      throw thrown;
    }
  }

  /** Requested records still arrive, as they do over the driver's own connections. */
  override async close(): Promise<void> {
    this.#closed = true;
    const flowed = Promise.all([...this.#lent].map(connection => connection.flowed()));
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([flowed, new Promise(resolve => (timer = setTimeout(resolve, closingTime)))]);
    clearTimeout(timer);
    const open = [...this.#connectors.values()];
    this.#connectors.clear();
    for (const connector of open)
      await connector.then(
        opened => opened.close(),
        () => {},
      );
  }

  #count(change: number): void {
    const address = this.#given.address.asHostPort();
    this._openConnections[address] = (this._openConnections[address] ?? 0) + change;
  }

  #connector(auth: Auth | undefined): Promise<Connector> {
    if (this.#closed) return Promise.reject(core.newError("Pool is closed, it is no more able to serve requests."));
    const key = auth ? JSON.stringify(auth) : "";
    let connector = this.#connectors.get(key);
    if (!connector) {
      connector = this.#open(auth);
      this.#connectors.set(key, connector);
      connector.catch(() => this.#connectors.delete(key));
    }
    return connector;
  }

  #open(auth: Auth | undefined): Promise<Connector> {
    const target = { ...this.#given, routing: this.#routing };
    return Connector.open(uriOf(target), {
      ...connectorOptions(target),
      ...this.#logged(),
      auth: auth ?? (refused => this.#renewed(refused)),
    });
  }

  /** Reports the engine's events to the driver's log. */
  #logged(): ConnectorOptions {
    const { log, id } = this.#given;
    if (!log) return {};
    const debug = (message: string) => log.isDebugEnabled() && log.debug(`webbolt, driver ${id}: ${message}`);
    return {
      onBind: ({ txid, graphName }) => debug(`transaction ${txid} of database '${graphName}' begins`),
      onUnbind: ({ txid }) => debug(`transaction ${txid} has ended`),
      onBroken: ({ address }, message) =>
        log.error(`webbolt, driver ${id}: a connection to ${address} broke: ${message}`),
    };
  }

  /**
   * A token of the driver. After the server has refused one, the driver's token manager is told, and may have another;
   * the engine tries the same token only once.
   */
  async #renewed(refused: Failure | undefined): Promise<Auth> {
    if (refused && this.#token) this.#auth.handleSecurityException(this.#token as never, refused.code as never);
    this.#token = (await this.#auth.getToken()) as Auth;
    return this.#token;
  }

  /** Calls look with a connection to a server that serves the database. */
  async #probe<T>(access: Access, look: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      const connector = await this.#connector(access.auth);
      const [pool] = await connector.getPools(access.database ?? "", {
        readonly: (access.accessMode ?? "READ") === "READ",
      });
      const connection = await pool!.acquire({ forceReset: true });
      try {
        this.version(connection.protocolVersion);
        return await look(connection);
      } finally {
        await connection.release();
      }
    } catch (thrown) {
      throw this.errorOf(thrown, access);
    }
  }

  /** The version of Bolt that a server speaks, found out without a user. */
  async #handshake(): Promise<never> {
    const target = { ...this.#given, routing: this.#routing };
    const { userAgent, relay, worker, wasmURL, workerURL, connectTimeout } = connectorOptions(target);
    try {
      return this.version(
        await Connection.handshake(uriOf(target), { userAgent, relay, worker, wasmURL, workerURL, connectTimeout }),
      );
    } catch (thrown) {
      throw this.errorOf(thrown, {});
    }
  }

  async #atLeast(major: number, minor: number): Promise<boolean> {
    await this.#handshake();
    const [theirs, detail] = this.#version.split(".").map(Number);
    return theirs! > major || (theirs === major && detail! >= minor);
  }
}
