export type {
  ClusterMember,
  ConfigSetting,
  ConnectionRecord,
  ManagementBean,
  QueryRecord,
  ServerProfile,
  Stats,
  TerminatedTransaction,
  TransactionRecord,
} from "./engine/protocol.js";
