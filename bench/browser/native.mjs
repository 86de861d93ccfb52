// The replay server and the native reader: bench/browser/source, as a child.
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export async function startSource() {
  const program = `${root}build/bench-source`;
  execFileSync("go", ["build", "-o", program, "./bench/browser/source"], { cwd: root, stdio: "inherit" });
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("the replay server ended");
    return JSON.parse(value);
  };
  const { tcp, ws } = await answer();
  return {
    tcp,
    ws,
    async read(asked) {
      child.stdin.write(JSON.stringify(asked) + "\n");
      const given = await answer();
      if (given.error) throw new Error(`native reader: ${given.error}`);
      return given;
    },
    close: () =>
      new Promise(resolve => {
        child.once("exit", resolve);
        child.stdin.end();
      }),
  };
}
