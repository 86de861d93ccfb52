// Runs a bundle of tests in a browser, and writes what came of each spec.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../../browsers.mjs";
import { serve } from "../../environment.mjs";

const core = fileURLToPath(new URL("../node_modules/jasmine-core/lib/jasmine-core/jasmine.js", import.meta.url));

/** Specs that take longer are told while they run, in milliseconds. */
const slow = 20_000;

export async function inBrowser({ bundle, name, filter, browser }) {
  const files = await serve({ "/bundle/": dirname(bundle) + "/", "/": fileURLToPath(new URL(".", import.meta.url)) });
  const running = await launch(browser);
  try {
    const page = await running.newPage();
    page.setDefaultTimeout(0);
    await page.goto(files.origin + "/page.html");
    await page.addScriptTag({ content: readFileSync(core, "utf8") });
    await page.evaluate(filter => globalThis.prepareJasmine(filter), filter);
    await page.addScriptTag({ url: `/bundle/${basename(bundle)}` });
    await page.evaluate(() => void globalThis.runJasmine());
    for (let seen = 0, done = false; !done; ) {
      await new Promise(resolve => setTimeout(resolve, 1000));
      const step = await page.evaluate(
        from => ({ done: globalThis.jasmineDone, came: globalThis.jasmineResults.slice(from) }),
        seen,
      );
      for (const { name: spec, status, why, duration } of step.came) {
        if (status === "failed") console.log(`FAILED ${spec}: ${why[0]}`);
        if (duration > slow) console.log(`${Math.round(duration / 1000)} s for ${spec}`);
      }
      ({ done } = step);
      seen += step.came.length;
    }
    writeFileSync(name, JSON.stringify(await page.evaluate(() => globalThis.jasmineResults), null, 1));
  } finally {
    await running.close();
    await files.close();
  }
}
