/** How a client reached the server, as far as the server tells. It is not one to connect with: schemes and hosts may be the server's own. */
export interface ServerProfile {
  scheme: string;
  user: string;
  host: string;
  /** 0 where the server tells none. */
  port: number;
}

/** One connection that the server has open. */
export interface ConnectionRecord {
  cxid: string;
  since: Date | null;
  clientAddress: string;
  serverProfile: ServerProfile;
  userAgent: string;
}

/** One query that runs on the server. */
export interface QueryRecord {
  qid: string;
  since: Date | null;
  cxid: string;
  clientAddress: string;
  serverProfile: ServerProfile;
  metadata: Record<string, unknown>;
  database: string;
  query: string;
  parameters: Record<string, unknown>;
  planner: string;
  runtime: string;
  indexes: unknown[];
  status: string;
  stats: Stats;
}

/** One transaction that is open on the server. */
export interface TransactionRecord {
  txid: string;
  since: Date | null;
  cxid: string;
  clientAddress: string;
  serverProfile: ServerProfile;
  metadata: Record<string, unknown>;
  database: string;
  currentQid: string;
  currentQuery: string;
  status: string;
  stats: Stats;
}

/** Figures of a query or a transaction, times in milliseconds; null where the server does not tell. */
export interface Stats {
  activeLockCount: number | bigint | null;
  elapsedTime: number | null;
  cpuTime: number | null;
  waitTime: number | null;
  idleTime: number | null;
  pageHits: number | bigint | null;
  pageFaults: number | bigint | null;
  allocatedBytes: number | bigint | null;
  /** What else the server tells, under the server's names. */
  other: Record<string, unknown>;
}

/** One server of a cluster. */
export interface ClusterMember {
  id: string;
  addresses: string[];
  /** Database to role. */
  databases: Record<string, string>;
  groups: string[];
  /** What else the server tells, under the server's names. */
  other: Record<string, unknown>;
}

/** One of the server's settings. */
export interface ConfigSetting {
  name: string;
  description: string;
  value: unknown;
  /** It can be changed while the server runs. */
  dynamic: boolean;
}

/** One JMX bean of the server. */
export interface ManagementBean {
  name: string;
  description: string;
  attributes: Record<string, unknown>;
}

/** The server's answer for one transaction that it was asked to end. */
export interface TerminatedTransaction {
  txid: string;
  username: string;
  message: string;
}
