// For esbuild: Go's support script as a function. It defines names on the global object, so it is only to run where an
// engine starts. A module of its own, to be imported when needed, would do but for service workers, which cannot import
// later.
import { readFileSync } from "node:fs";
import { transform } from "esbuild";

export const goScript = {
  name: "go-script",
  setup(build) {
    build.onLoad({ filter: /[\\/]wasm_exec\.js$/ }, async ({ path }) => ({
      contents: (
        await transform(`export default function defineGo() {\n${readFileSync(path, "utf8")}\n}`, { minify: true })
      ).code,
    }));
  },
};
