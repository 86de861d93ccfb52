// Small programs that use the package as its users get it: packed and installed in a folder of their own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { neo4j, web } from "../environment.mjs";

export const server = neo4j();

/** A policy under which the package works, which allows no more than it needs. */
export const strict =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ws:";

/** What a user's program does; the answer is "ok 7", or the error. options is JavaScript's text. */
export const use = (from, options) => `
import { auth, connect } from ${JSON.stringify(from)};
export async function use() {
  const options = { auth: auth.basic(${JSON.stringify(server.user)}, ${JSON.stringify(server.password)}) };
  const db = await connect(${JSON.stringify(server.uri)}, { ...options, ...${typeof options === "string" ? options : JSON.stringify(options)} });
  const result = await db.executeQuery("UNWIND range(1, $n) AS n RETURN n, datetime() AS now", { n: 7 });
  const records = await result.records().toArray();
  await db.close();
  return "ok " + records.length;
}
`;

/** What a page says of it. */
export const inPage = `\nuse().catch((error) => [error.name, error.reason, error.message].join(" | ")).then((answer) => (document.documentElement.dataset.outcome = answer));\n`;

export const html = (script, type = "module") =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="${type}" src="${script}"></script>`;

/** Packs the package and installs it in a new folder. */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), "webbolt-package-"));
  const packed = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: web,
      encoding: "utf8",
    }),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, packed[0].filename)], {
    cwd: folder,
    stdio: "ignore",
  });
  return {
    folder,
    packed: packed[0].filename,
    files: packed[0].files.map(({ path }) => path),
    installed: join(folder, "node_modules/webbolt"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes files, {name: text}, into a folder, and gives the folder. */
export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What a page says came of its program. */
export async function outcome(browser, url) {
  const page = await browser.newPage();
  try {
    await page.goto(url, { timeout: 120_000 }); // a development server builds first
    await page.waitForFunction(() => document.documentElement.dataset.outcome, { timeout: 30_000 });
    return await page.evaluate(() => document.documentElement.dataset.outcome);
  } finally {
    await page.close();
  }
}
