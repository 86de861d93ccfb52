export type * from "./admin.js";
export { connect } from "./connect.js";
export { Connection, type ClientOptions, type ConnectionStatistics, type Route } from "./connection.js";
export {
  Connector,
  Transaction,
  type ConnectorOptions,
  type ExecuteOptions,
  type TransactionSummary,
  type Work,
} from "./connector.js";
export { shutdown, type EngineOptions } from "./engine/engine.js";
export {
  ConnectionBroken,
  ConnectionUnavailable,
  Failure,
  ProtocolError,
  RoutingTableInvalid,
  UnsupportedError,
  type UnavailableReason,
} from "./errors.js";
export { caption, colorOf, Graph, GraphBuilder, type Appearance, type GraphDelta, type GraphOptions } from "./graph.js";
export {
  auth,
  type Auth,
  type AuthSupplier,
  type CallOptions,
  type NotificationFilter,
  type Parameters,
  type TransactionOptions,
} from "./options.js";
export { ConnectionPool, type PoolOptions, type PoolStatistics } from "./pool.js";
export { ConnectionProfile, type ProfileParts } from "./profile.js";
export { Result, type GrowOptions, type Record, type RecordIterator } from "./result.js";
export type { Block, Column, FloatMode, IntegerMode, ValueOptions } from "./rowblock.js";
export type { BlockRows } from "./rows.js";
export type * from "./summary.js";
export { TransactionRef } from "./transaction.js";
export * from "./values.js";
