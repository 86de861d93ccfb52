import * as core from "neo4j-driver-core";
import type { ConnectorOptions } from "../connector.js";
import type { TransactionOptions } from "../options.js";

/**
 * The keys of a driver's configuration that webbolt reads: neo4j-driver's own keys and webbolt's, which neo4j-driver
 * passes on.
 */
export interface DriverConfig {
  encrypted?: boolean | string;
  trust?: string;
  trustedCertificates?: string[];
  clientCertificate?: unknown;
  encryptionProfiles?: unknown[];
  maxConnectionPoolSize?: number;
  connectionAcquisitionTimeout?: number;
  maxConnectionLifetime?: number;
  connectionLivenessCheckTimeout?: number;
  connectionTimeout?: number;
  fetchSize?: number;
  disableLosslessIntegers?: boolean;
  useBigInt?: boolean;
  telemetryDisabled?: boolean;
  notificationFilter?: core.NotificationFilter;
  resolver?: (address: string) => string[] | Promise<string[]>;
  /** webbolt's keys: see ClientOptions and EngineOptions. */
  relay?: string | URL;
  worker?: boolean;
  wasmURL?: string | URL;
  workerURL?: string | URL;
}

/** Where a driver connects to, and how. */
export interface Target {
  routing: boolean;
  address: { asHostPort(): string };
  config: DriverConfig;
  userAgent?: string | undefined;
  routingContext?: Record<string, string> | undefined;
}

/** Refuses what would otherwise be ignored. */
export function refuseUnsupported(config: DriverConfig): void {
  if (config.encryptionProfiles?.length)
    throw core.newError(
      "webbolt has no encryption profiles; use the driver's own connections (neo4j-driver-bolt-connection) for those",
    );
  if (config.clientCertificate)
    throw core.newError(
      "webbolt sends no client certificates: in a browser only the browser can; use the driver's own connections for those",
    );
  if (config.trust === "TRUST_CUSTOM_CA_SIGNED_CERTIFICATES" || config.trustedCertificates?.length) {
    throw core.newError(
      "webbolt trusts the certificates that the browser or Node.js trusts, and no list of its own (trustedCertificates): " +
        "add yours there (for Node.js, NODE_EXTRA_CA_CERTS), or use the driver's own connections",
    );
  }
}

export function uriOf({ routing, address, config, routingContext }: Target): string {
  const encrypted = config.encrypted === true || config.encrypted === "ENCRYPTION_ON";
  const suffix = encrypted ? (config.trust === "TRUST_ALL_CERTIFICATES" ? "+ssc" : "+s") : "";
  const query = new URLSearchParams(routingContext ?? {}).toString();
  return `${routing ? "neo4j" : "bolt"}${suffix}://${address.asHostPort()}${query ? "?" + query : ""}`;
}

/** The greatest number of a 32-bit integer, which is how the engine counts. */
const most = 2 ** 31 - 1;

/** neo4j-driver's default fetch size. */
const usualFetchSize = 1000;

/**
 * The engine's fetch size. With the driver's default, with which the engine starts, too, the engine chooses: it asks
 * for more and more records for a reader that keeps up.
 */
export function fetchSizeOf(theirs: number | undefined): number | undefined {
  return theirs === usualFetchSize ? undefined : theirs;
}

/**
 * A driver's configuration as webbolt's options. Times are in milliseconds in both. Core handles retries and bookmarks.
 */
export function connectorOptions({ config, userAgent }: Target): ConnectorOptions {
  const { connectionLivenessCheckTimeout: idleCheck, maxConnectionPoolSize, connectionTimeout } = config;
  return {
    bookmarks: false,
    retryTime: -1,
    userAgent,
    relay: config.relay,
    worker: config.worker,
    wasmURL: config.wasmURL,
    workerURL: config.workerURL,
    disableTelemetry: config.telemetryDisabled,
    notifications: filterOf(config.notificationFilter),
    resolver: config.resolver,
    connectTimeout: connectionTimeout || -1,
    acquireTimeout: config.connectionAcquisitionTimeout,
    maxAge: config.maxConnectionLifetime,
    maxSize: maxConnectionPoolSize === undefined ? undefined : Math.min(maxConnectionPoolSize, most),
    idleCheck: idleCheck === undefined ? -1 : Math.max(idleCheck, 1),
  };
}

/** A notification filter in webbolt's form. */
export function filterOf(filter: core.NotificationFilter | undefined): TransactionOptions["notifications"] {
  if (!filter) return undefined;
  return {
    minimumSeverity: filter.minimumSeverityLevel as never,
    disabledCategories: (filter.disabledCategories ?? filter.disabledClassifications) as string[] | undefined,
  };
}
