// Runs tests in a page. A test takes the context that prepare made.
import * as webbolt from "/dist/index.js";
import { Skipped } from "./assert.js";
import { suites } from "./suites.js";

let context;

globalThis.webbolt = webbolt;

// A test's context has, besides all that the package exports:
//
//   server       where Neo4j is, with its version, user and password
//   uri          the server's address by this way: bolt:// or http://
//   http, is4    whether the way is HTTP, and whether the server is Neo4j 4.4
//   bolt         the version of Bolt that this way uses, "" over HTTP
//   many         how many rows are many: over a direct WebSocket Neo4j sends each in two messages, which takes browsers
// long
//   breakable    the same server behind a proxy: cut() ends all connections to it, and cut(true) refuses new ones, too,
// until mend()
//   places       addresses where other things are: nobody, silence, nonsense, a server that is not Neo4j
//   open         opens a connection; options, auth: what it is opened with; tokens: makes tokens
//   collectGarbage   runs the browser's garbage collector; absent where that cannot be asked for
globalThis.prepare = ({ server, uri, bolt, options, breakable, places }) => {
  const http = uri.startsWith("http");
  const auth = webbolt.auth.basic(server.user, server.password);
  context = {
    ...webbolt,
    server,
    uri,
    bolt,
    http,
    is4: server.version.startsWith("4."),
    breakable,
    places,
    many: http || options.relay ? 12_000 : 2_000,
    cut: globalThis.cutConnections,
    mend: globalThis.mendConnections,
    collectGarbage: globalThis.collectGarbage,
    auth,
    options: { ...options, auth },
    tokens: webbolt.auth,
    open: (more = {}) => webbolt.Connection.open(uri, { ...options, auth, ...more }),
  };
};

// Neo4j 4.4 refuses a transaction in which another one, of the tests on the other page for instance, has made a
// constraint. It says to try again.
const disturbed = "Neo.TransientError.Transaction.ConstraintsChanged";

/** Gives {}, or what went wrong as fault, or why there was nothing to test as skipped. */
globalThis.runTest = async (suite, name, attempts = 3) => {
  try {
    await suites[suite][name](context);
    return {};
  } catch (thrown) {
    if (thrown?.code === disturbed && attempts > 1) return globalThis.runTest(suite, name, attempts - 1);
    if (thrown instanceof Skipped) return { skipped: thrown.message };
    return {
      fault:
        thrown instanceof Error
          ? `${thrown.name}: ${thrown.code ?? ""} ${thrown.message}\n${thrown.stack}`
          : String(thrown),
    };
  }
};
