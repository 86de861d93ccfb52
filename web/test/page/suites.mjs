// The names of the tests that run in pages.
import abandoned from "./suite/abandoned.js";
import admin from "./suite/admin.js";
import breaks from "./suite/breaks.js";
import connection from "./suite/connection.js";
import connector from "./suite/connector.js";
import errors from "./suite/errors.js";
import pool from "./suite/pool.js";
import result from "./suite/result.js";
import values from "./suite/values.js";

const all = { connection, result, values, errors, admin, pool, connector, breaks, abandoned };

export const suites = Object.fromEntries(Object.entries(all).map(([name, tests]) => [name, Object.keys(tests)]));
