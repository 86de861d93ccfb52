// Builds the examples as their users do: with the packed package, in a folder of their own.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve, web } from "./environment.mjs";

export const examples = ["sigma", "cytoscape", "react", "plain"];

/** Packs and installs the package; build makes an example ready to be served, close removes all. */
export function prepareExamples() {
  const folder = mkdtempSync(join(tmpdir(), "webbolt-examples-"));
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: web,
      encoding: "utf8",
    }),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "examples", private: true, type: "module" }));
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)], {
    cwd: folder,
    stdio: "ignore",
  });
  const wanted = new Set(
    examples
      .filter(name => name !== "plain")
      .flatMap(name =>
        Object.keys(JSON.parse(readFileSync(join(web, "examples", name, "package.json"), "utf8")).dependencies),
      ),
  );
  wanted.delete("webbolt");
  // their packages are here already
  for (const name of wanted) symlinkSync(join(web, "node_modules", name), join(folder, "node_modules", name));

  return {
    /** Builds one example and serves it. In the mode "development", React's StrictMode mounts twice. */
    async serve(name, mode = "production") {
      const app = join(folder, name);
      cpSync(join(web, "examples", name), app, { recursive: true });
      if (name === "plain") return serve({ "/webbolt/": join(folder, "node_modules/webbolt/"), "/": app + "/" });
      execFileSync(
        process.execPath,
        [join(web, "node_modules/vite/bin/vite.js"), "build", "--mode", mode, "--logLevel", "error"],
        { cwd: app, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, NODE_ENV: mode } },
      );
      return serve({ "/": join(app, "dist/") });
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Fills in an example's form and sends it. */
export async function connectExample(page, { uri, user, password }) {
  await page.waitForSelector("#connect");
  await page.evaluate(
    values => {
      const form = document.getElementById("connect");
      for (const [name, value] of Object.entries(values)) {
        const field = form.elements.namedItem(name);
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      form.requestSubmit();
    },
    { uri, user, password },
  );
}
