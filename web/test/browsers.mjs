// Starts the browsers that the page is tested in.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

const programs = {
  chrome: [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  firefox: [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"],
};

/** The program of a browser, or undefined where there is none. */
export function programOf(browser) {
  return programs[browser].find(path => path && existsSync(path));
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
  return puppeteer.launch({
    browser,
    executablePath,
    args,
    extraPrefsFirefox,
    headless: true,
    protocolTimeout: 60_000,
    acceptInsecureCerts: trusted !== undefined && browser === "firefox",
  });
}
