// The page's rooms know the core and the ui, and none of the others; only the shell knows rooms. The page knows no
// more of the package than its users do.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../../src/page/", import.meta.url));
const sources = readdirSync(page, { recursive: true }).filter(name => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"));

/** What a folder may import from, besides itself, packages, and the package's public modules. */
const allowed = {
  core: [],
  ui: ["core"],
  shell: ["core", "ui", "admin", "connection", "editor", "graph", "messages", "plan", "table", "transaction"],
  ...Object.fromEntries(
    ["admin", "connection", "editor", "graph", "messages", "plan", "table", "transaction"].map(room => [
      room,
      ["core", "ui"],
    ]),
  ),
};
const open = /^\.\.\/(index|presets\/[a-z]+)\.js$/;

test("no room reaches into another, nor beneath the public API", () => {
  const wrong = [];
  for (const name of sources) {
    const folder = name.includes("/") ? name.split("/")[0] : "";
    for (const [, specifier] of readFileSync(page + name, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const target = relative(page, resolve(page + dirname(name), specifier));
      if (target.startsWith("..")) {
        if (!open.test(target)) wrong.push(`${name} imports ${specifier}`);
      } else if (folder !== "" && target.split("/")[0] !== folder && !allowed[folder]?.includes(target.split("/")[0])) {
        wrong.push(`${name} imports ${specifier}`);
      }
    }
  }
  assert.ok(sources.length > 30);
  assert.deepEqual(wrong, []);
});

test("rooms stay small enough to be read", () => {
  const long = sources
    .map(name => [name, readFileSync(page + name, "utf8").split("\n").length])
    .filter(([, lines]) => lines > 400);
  assert.deepEqual(long, []);
});
