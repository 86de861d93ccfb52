// All tests that run in pages. docs/api.md names them as "suite: test".
import abandoned from "./abandoned.js";
import admin from "./admin.js";
import auth from "./auth.js";
import breaks from "./breaks.js";
import clones from "./clones.js";
import connection from "./connection.js";
import connector from "./connector.js";
import errors from "./errors.js";
import pool from "./pool.js";
import profile from "./profile.js";
import result from "./result.js";
import summary from "./summary.js";
import time from "./time.js";
import transaction from "./transaction.js";
import values from "./values.js";

export const suites = {
  connection,
  transaction,
  result,
  summary,
  values,
  auth,
  errors,
  profile,
  admin,
  pool,
  connector,
  breaks,
  time,
  abandoned,
  clones,
};
