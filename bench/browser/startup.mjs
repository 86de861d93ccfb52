// How soon a page is ready, and how much it has to load.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Milliseconds from navigation to a connection that can be used, nothing being cached. */
export async function measureStart({ browser, files, report, settings }, source) {
  if (!source.start) return;
  const { uri, user = "", password = "" } = source.server;
  const query = new URLSearchParams({ uri, user, password });
  for (let round = 0; round <= settings.rounds; round++) {
    for (const subject of ["webbolt", "neo4j-driver"]) {
      const page = await browser.newPage();
      await page.setCacheEnabled(false);
      await page.goto(`${files.origin}/page/start-${subject}.html?${query}`);
      const ready = await (await page.waitForFunction("globalThis.ready")).jsonValue();
      if (round > 0) report.add(source.name, "start-up", "navigation to ready", subject, "ms", ready);
      await page.close();
    }
  }
  console.error(`${source.name}: start-up`);
}

/** Kilobytes under brotli of what a page loads, and of WebAssembly alone beside an empty Go program. */
export function measureSizes(report, dist) {
  const add = (load, subject, bytes) => report.add("files", load, "size under brotli", subject, "kB", bytes / 1000);
  const wasm = packed(`${dist}webbolt.wasm`);
  add("wasm", "webbolt", wasm);
  add("wasm", "empty Go module", emptyModule());
  const scripts = readdirSync(dist).filter(name => name === "index.js" || name === "worker.js" || isStatic(dist, name));
  add(
    "all",
    "webbolt",
    scripts.reduce((sum, name) => sum + packed(dist + name), wasm),
  );
  add("all", "neo4j-driver", packed(`${here}node_modules/neo4j-driver/lib/browser/neo4j-web.esm.min.js`));
  console.error("sizes");
}

/** Whether index.js imports the chunk at once, and not only when it is needed. */
function isStatic(dist, name) {
  return name.startsWith("chunk-") && new RegExp(`from\\s*"\\./${name}"`).test(readFileSync(`${dist}index.js`, "utf8"));
}

function packed(file) {
  if (existsSync(`${file}.br`)) return readFileSync(`${file}.br`).length;
  const bytes = readFileSync(file);
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;
}

/** The size of a Go program that does nothing. */
function emptyModule() {
  const folder = mkdtempSync(join(tmpdir(), "webbolt-empty-"));
  try {
    writeFileSync(join(folder, "go.mod"), "module empty\n\ngo 1.26\n");
    writeFileSync(join(folder, "main.go"), "package main\n\nfunc main() {}\n");
    execFileSync("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", "empty.wasm", "."], {
      cwd: folder,
      env: { ...process.env, GOOS: "js", GOARCH: "wasm" },
    });
    return packed(join(folder, "empty.wasm"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
