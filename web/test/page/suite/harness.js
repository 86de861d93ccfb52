// Runs tests in a page. A test takes the context that prepare made.
import * as webbolt from "/dist/index.js";
import abandoned from "./abandoned.js";
import admin from "./admin.js";
import breaks from "./breaks.js";
import connection from "./connection.js";
import connector from "./connector.js";
import errors from "./errors.js";
import pool from "./pool.js";
import result from "./result.js";
import values from "./values.js";

const suites = { connection, result, values, errors, admin, pool, connector, breaks, abandoned };
let context;

globalThis.webbolt = webbolt;

globalThis.prepare = ({ server, options, breakable }) => {
  const auth = webbolt.auth.basic(server.user, server.password);
  context = {
    ...webbolt, server, uri: server.uri, breakable, cut: globalThis.cutConnections, collectGarbage: globalThis.collectGarbage, auth, options: { ...options, auth },
    tokens: webbolt.auth,
    open: (more = {}) => webbolt.Connection.open(server.uri, { ...options, auth, ...more }),
  };
};

/** Gives undefined, or what went wrong. */
globalThis.runTest = async (suite, name) => {
  try {
    await suites[suite][name](context);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}\n${thrown.stack}` : String(thrown);
  }
};
