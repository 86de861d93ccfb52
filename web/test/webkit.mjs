// Starts WebKit: Debian's WebKitGTK MiniBrowser, driven by WebKitWebDriver, on a display of its own.
import { spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { Builder } from "selenium-webdriver";
import { freePort } from "./environment.mjs";

const driver = "/usr/bin/WebKitWebDriver";
const browser = () => globSync("/usr/lib/*/webkit2gtk-4.1/MiniBrowser")[0];

/** What is missing to run WebKit, or undefined. */
export function webkitMissing() {
  if (!existsSync(driver) || !browser()) return "WebKit is not installed (apt-get install webkit2gtk-driver)";
  return process.env.DISPLAY || existsSync("/usr/bin/Xvfb")
    ? undefined
    : "there is no display for WebKit (apt-get install xvfb)";
}

/** Starts it; close ends all of it. */
export async function launchWebKit() {
  const ends = [];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const display = process.env.DISPLAY ?? (await startDisplay(ends));
    const port = await freePort();
    const service = start(
      driver,
      [`--port=${port}`],
      { DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LIBGL_ALWAYS_SOFTWARE: "1" },
      ends,
    );
    await answering(`http://127.0.0.1:${port}/status`, service);
    const options = { binary: browser(), args: ["--automation"] };
    const window = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": options })
      .build();
    ends.push(() => window.quit().catch(() => {}));
    await window.manage().setTimeouts({ script: 45_000, pageLoad: 45_000 });
    return { window, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function start(program, args, environment, ends) {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "ignore"] });
  ends.push(
    () =>
      new Promise(resolve => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  );
  return child;
}

/** A display that no window is seen on; Xvfb says which number it took. */
async function startDisplay(ends) {
  const child = spawn("/usr/bin/Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  ends.push(
    () =>
      new Promise(resolve => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  );
  const number = await new Promise((resolve, reject) => {
    child.stdout.once("data", text => resolve(String(text).trim()));
    child.once("exit", code => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return `:${number}`;
}

async function answering(url, child) {
  for (let left = 100; left > 0; left--) {
    if (child.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${child.exitCode}`);
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error("WebKitWebDriver does not answer");
}
