// Encrypted connections, and pages that came over https.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "node:tls";
import { launch, programOf } from "../browsers.mjs";
import { fileAt, missing, neo4j, serve, web } from "../environment.mjs";

const folders = { "/dist/": web + "dist/", "/suite/": web + "test/page/suite/", "/": web + "test/page/html/" };
const server = neo4j();

/** What comes of a query, in the page's own words. */
async function outcomeOf(page, uri, options = {}) {
  return page.evaluate(
    async (target, user, password, more) => {
      const { auth, Connection } = globalThis.webbolt;
      try {
        const cx = await Connection.open(target, { auth: auth.basic(user, password), ...more });
        const { n } = await (await cx.runProg("", "RETURN 7 AS n")).fetch();
        await cx.close();
        return { n };
      } catch ({ name, reason, message }) {
        return { name, reason, message };
      }
    },
    uri,
    server.user,
    server.password,
    options,
  );
}

for (const browser of ["chrome", "firefox"]) {
  const without = server.skip ?? (programOf(browser) ? false : missing(`${browser} is not installed`));

  describe(`encryption, ${browser}`, { skip: without }, () => {
    const noTLS = server.https ? false : missing("the server takes no TLS; start it with withneo4j -tls");
    const encrypted = [
      `bolt+s://${server.bolt}`,
      `neo4j+s://${server.bolt}`,
      `wss://${server.bolt}`,
      `https://${server.https}`,
    ];
    let files;
    let doubting;
    before(async () => {
      files = await serve(folders);
      doubting = await launch(browser);
    });
    after(async () => {
      await doubting?.close();
      await files?.close();
    });

    /** What comes of a query to each address. */
    async function outcomes(running) {
      const page = await running.newPage();
      await page.goto(files.origin + "/");
      return Promise.all(encrypted.map(uri => outcomeOf(page, uri)));
    }

    test("a certificate that the browser trusts", { skip: noTLS, timeout: 60_000 }, async () => {
      const trusting = await launch(browser, { trusted: await certificate() });
      try {
        for (const { n, message } of await outcomes(trusting)) assert.equal(n, 7, message);
      } finally {
        await trusting.close();
      }
    });

    test("a certificate that the browser does not trust", { skip: noTLS, timeout: 60_000 }, async () => {
      for (const { name, reason, message } of await outcomes(doubting)) {
        assert.deepEqual([name, reason], ["ConnectionUnavailable", "network"], message);
        assert.match(message, /trusts the certificate/);
      }
    });

    test("a page that is not secure", { timeout: 60_000 }, async () => {
      const running = await launch(browser, { local: "page.test" });
      try {
        const page = await running.newPage();
        await page.goto(files.origin.replace("127.0.0.1", "page.test"));
        assert.equal(await page.evaluate("isSecureContext"), false);
        const { n, message } = await outcomeOf(page, server.uri);
        assert.equal(n, 7, message);
      } finally {
        await running.close();
      }
    });

    test("on a page that is not secure the end of a worker is seen, too", { timeout: 90_000 }, async () => {
      const running = await launch(browser, { local: "page.test" });
      try {
        const page = await running.newPage();
        await page.goto(files.origin.replace("127.0.0.1", "page.test"));
        const error = await page.evaluate(
          async (uri, user, password) => {
            const { auth, Connection } = globalThis.webbolt;
            const workers = [];
            globalThis.Worker = class extends Worker {
              constructor(...given) {
                super(...given);
                workers.push(this);
              }
            };
            const cx = await Connection.open(uri, { auth: auth.basic(user, password) });
            const answer = cx
              .runProg("", "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j RETURN sum(i * j)")
              .then(result => result.fetch());
            for (const worker of workers) worker.terminate(); // tells nobody
            return answer.then(
              () => "an answer",
              ({ name, message }) => `${name}: ${message}`,
            );
          },
          server.uri,
          server.user,
          server.password,
        );
        assert.match(error, /^ConnectionBroken: webbolt's worker was ended/);
      } finally {
        await running.close();
      }
    });

    test("a page that came over https may not use plain addresses", { timeout: 60_000 }, async () => {
      const page = await doubting.newPage();
      await page.setRequestInterception(true);
      page.on("request", request => {
        // there is no such host: the files come from here
        const file = fileAt(folders, new URL(request.url()).pathname);
        void request.respond(file ? { status: 200, contentType: file.type, body: file.body } : { status: 404 });
      });
      await page.goto("https://page.example/");
      for (const [uri, options] of [
        ["bolt://192.0.2.1", {}],
        ["ws://192.0.2.1", {}],
        ["http://192.0.2.1", {}],
        ["bolt://example.org", { relay: "ws://192.0.2.1/bolt" }],
      ]) {
        const { name, reason, message } = await outcomeOf(page, uri, { worker: false, ...options });
        assert.deepEqual([name, reason], ["ConnectionUnavailable", "mixed-content"], message);
      }
    });
  });
}

/** The server's certificate. */
function certificate() {
  const [host, port] = server.https.split(":");
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
