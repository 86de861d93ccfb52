// What the page tests run against: Neo4j, the relay, and a server for the files of the package.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const web = fileURLToPath(new URL("..", import.meta.url));
const root = join(web, "..");

/** Whether what is missing is a failure. */
export const inCI = process.env.CI === "true";

/**
 * Tells why something cannot be tested: a failure in continuous integration, elsewhere a test that is skipped for
 * all to see.
 */
export function missing(what) {
  if (inCI) throw new Error(what);
  console.error(`SKIPPED: ${what}`);
  return what;
}

/** The Neo4j of a version, such as "5.26", that tests use, or why there is none. */
export function neo4j(version = "5.26") {
  const name = "WEBBOLT_NEO4J_" + version.replace(".", "_");
  const text = process.env[name];
  if (!text) return { skip: missing(`${name} is not set, so there is no Neo4j ${version}; run \`make test-page\``) };
  const server = JSON.parse(text);
  return { ...server, uri: `bolt://${server.bolt}` };
}

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** The file that a path names in folders, {path: folder}, or undefined. */
export function fileAt(folders, pathname) {
  const mount = Object.keys(folders).find(prefix => pathname.startsWith(prefix));
  const name = mount && join(folders[mount], normalize(pathname.slice(mount.length) || "index.html"));
  if (!name || !existsSync(name) || !name.startsWith(normalize(folders[mount]))) return undefined;
  const file = extname(name) ? name : join(name, "index.html");
  return { type: types[extname(file)] ?? "application/octet-stream", body: readFileSync(file) };
}

/** Serves folders over HTTP: {path: folder}. The headers are a function of the path. */
export async function serve(folders, headers = () => ({})) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = fileAt(folders, pathname);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": file.type, ...headers(pathname) });
    response.end(file.body);
  });
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}

/** Starts a relay in front of Neo4j that serves the page. */
export async function startRelay(upstream, ...more) {
  const folder = mkdtempSync(join(tmpdir(), "webbolt-relay-"));
  const program = join(folder, "webbolt");
  execFileSync("go", ["build", "-o", program, "./server/webbolt"], { cwd: root, stdio: "inherit" });
  const relay = spawn(
    program,
    [
      "relay",
      "-listen",
      "127.0.0.1:0",
      "-upstream",
      upstream,
      "-static",
      join(web, "dist"),
      "-log-level",
      "warn",
      ...more,
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const end = () => relay.kill("SIGTERM");
  process.once("exit", end);
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => process.exit(1)); // which ends the relay, too
  }
  const address = await new Promise((resolve, reject) => {
    relay.once("exit", code => reject(new Error(`the relay ended with ${code}`)));
    relay.stdout.on("data", chunk => {
      const found = /listening on (\S+)/.exec(String(chunk));
      if (found) resolve(found[1]);
    });
  });
  return {
    page: `http://${address}`,
    url: `ws://${address}/bolt`,
    close: () =>
      new Promise(resolve => {
        relay.once("exit", () => {
          rmSync(folder, { recursive: true, force: true });
          process.off("exit", end);
          resolve();
        });
        end();
      }),
  };
}

/** A port of this machine that nobody listens on. */
export function freePort() {
  return new Promise(resolve => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
