// Runs a bundle of tests in a Node.js process of its own, and writes what came of each spec.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);

export async function inNode({ bundle, name, filter: { only, skip }, settings }) {
  const child = spawn(process.execPath, [self, bundle, name, only, skip], {
    stdio: "inherit",
    env: { ...process.env, ...settings },
  });
  await new Promise((resolve, reject) => {
    child.on("exit", code => (code === 0 ? resolve() : reject(new Error(`the tests ended with ${code}`))));
  });
}

if (process.argv[1] === self) {
  const { default: Jasmine } = await import("jasmine");
  const [, , bundle, name, only, skip] = process.argv;
  const jasmine = new Jasmine();
  jasmine.loadConfig({ random: false });
  jasmine.exitOnCompletion = false;
  jasmine.clearReporters();
  const results = [];
  jasmine.addReporter({
    specDone({ fullName, status, failedExpectations, duration }) {
      results.push({
        name: fullName,
        status,
        why: failedExpectations.map(({ message }) => message.slice(0, 500)),
        duration,
      });
      if (status === "failed") console.log(`FAILED ${fullName}: ${failedExpectations[0]?.message.slice(0, 300)}`);
    },
  });
  process.on("unhandledRejection", thrown =>
    console.log("unhandled:", String(thrown?.message ?? thrown).slice(0, 300)),
  );
  await import(pathToFileURL(bundle).href);
  const wanted = spec =>
    new RegExp(only).test(spec.getFullName()) && !(skip && new RegExp(skip).test(spec.getFullName()));
  jasmine.env.configure({ specFilter: wanted });
  await jasmine.execute();
  writeFileSync(name, JSON.stringify(results, null, 1));
  process.exit(0); // tests leave drivers open
}
