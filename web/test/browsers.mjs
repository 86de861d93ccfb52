// Starts the browsers that the page is tested in.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import puppeteer from "puppeteer-core";

// As in tools/setup.sh
const programs = {
  chrome: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  firefox: ["firefox-esr", "firefox"],
};
const macPrograms = {
  chrome: "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  firefox: "/Applications/Firefox.app/Contents/MacOS/firefox",
};

/** The program of a browser, that of CHROMIUM or FIREFOX if it is set, or undefined where there is none. */
export function programOf(browser) {
  const chosen = process.env[browser === "chrome" ? "CHROMIUM" : "FIREFOX"];
  const folders = process.env.PATH.split(delimiter);
  const found = programs[browser].flatMap(name => folders.map(folder => join(folder, name)));
  return [chosen, ...found, macPrograms[browser]].find(path => path && existsSync(path));
}

/**
 * Starts a browser without a window. Without a GPU, Chromium draws WebGL with SwiftShader. trusted is the certificate
 * of a test's server: Chromium
 * takes that one without its authority, Firefox, which cannot be told which one, takes any. local is a name for this
 * machine, whose pages are
 * not secure, as those of localhost are.
 */
export async function launch(browser, { trusted, local } = {}) {
  const executablePath = programOf(browser);
  if (!executablePath)
    throw new Error(
      `${browser} is not installed (apt-get install ${browser === "chrome" ? "chromium" : "firefox-esr"})`,
    );
  const args =
    browser === "chrome"
      ? [
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--enable-unsafe-swiftshader",
          "--force-color-profile=srgb",
        ]
      : [];
  if (trusted && browser === "chrome") {
    const key = trusted.publicKey.export({ type: "spki", format: "der" });
    args.push("--ignore-certificate-errors-spki-list=" + createHash("sha256").update(key).digest("base64"));
  }
  if (local && browser === "chrome") args.push(`--host-resolver-rules=MAP ${local} 127.0.0.1`);
  const extraPrefsFirefox = local ? { "network.dns.localDomains": local } : {};
  const running = await puppeteer.launch({
    browser,
    executablePath,
    args,
    extraPrefsFirefox,
    headless: true,
    protocolTimeout: 120_000, // a wait is one call: longer than any test's patience
    acceptInsecureCerts: trusted !== undefined && browser === "firefox",
  });
  if (browser === "firefox") {
    const newPage = running.newPage.bind(running);
    running.newPage = async (attempts = 3) => {
      try {
        return forFirefoxESR(await newPage());
      } catch (error) {
        // Firefox may lose a tab that it opens while it closes another.
        if (attempts === 1 || !/no such frame/.test(error.message)) throw error;
        return running.newPage(attempts - 1);
      }
    };
  }
  return running;
}

// Firefox 140 tells of these as of errors in a page, to which no event in the page belongs; later versions do not.
const noPageErrors = /Firefox can.t establish a connection to the server|uncaught exception: undefined$/;

/** Whether what puppeteer tells as an error of a page is one. */
export function isPageError(error) {
  return !noPageErrors.test(String(error));
}

/** Changes a page so that puppeteer's calls do in Firefox 140, the ESR of Debian 12, what they do in later ones. */
function forFirefoxESR(page) {
  const setViewport = page.setViewport.bind(page);
  page.setViewport = async size => {
    try {
      await setViewport(size);
    } catch (error) {
      if (!/unknown command emulation/.test(error.message)) throw error; // how the device is held: the size is set
      await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, {}, size);
    }
  };
  // Puppeteer's own compiles the function in the page, where a policy forbids that.
  page.waitForFunction = async (wanted, { timeout = 30_000, polling = 50 } = {}, ...args) => {
    const end = performance.now() + timeout;
    for (;;) {
      const found = await page.evaluateHandle(wanted, ...args).catch(error => {
        if (!/navigat|no such frame|context/i.test(error.message)) throw error; // the page was about to change
      });
      if (found && (await found.evaluate(value => Boolean(value)))) return found;
      await found?.dispose();
      if (performance.now() > end) throw new Error(`waited ${timeout} ms for ${wanted}`);
      await sleep(polling);
    }
  };
  return page;
}
