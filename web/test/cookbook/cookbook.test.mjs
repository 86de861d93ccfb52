// Runs every recipe of docs/cookbook.md, in Node.js against a real Neo4j, with addresses, passwords and labels of the
// test's own.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { neo4j, startRelay, web } from "../environment.mjs";
import { react } from "./react.mjs";
import { recipesOf } from "./recipes.mjs";

const server = neo4j();
const own = "Cookbook" + process.pid;
const recipes = recipesOf(readFileSync(join(web, "../docs/cookbook.md"), "utf8"));
const checked = new Set();

describe("the cookbook", { skip: server.skip ?? false, timeout: 180_000 }, () => {
  let folder;
  let relay;
  let db;
  let end;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "webbolt-cookbook-"));
    mkdirSync(join(folder, "node_modules/react"), { recursive: true });
    symlinkSync(web, join(folder, "node_modules/webbolt"));
    symlinkSync(join(web, "node_modules/graphology"), join(folder, "node_modules/graphology"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(
      join(folder, "node_modules/react/package.json"),
      JSON.stringify({ type: "module", exports: "./index.js" }),
    );
    writeFileSync(
      join(folder, "node_modules/react/index.js"),
      "export const useState = (first) => globalThis.hooks.useState(first);\n" +
        "export const useEffect = (effect, on) => globalThis.hooks.useEffect(effect, on);\n",
    );
    relay = await startRelay(server.uri);
    const { auth, connect, shutdown } = await import(pathToFileURL(join(web, "dist/index.js")).href);
    end = shutdown;
    db = await connect(server.uri, { auth: auth.basic(server.user, server.password) });
    await db.executeQuery(`
      UNWIND [['Ada', 1915], ['Grace', 1986], ['Keanu', 1984]] AS person
      CREATE (p:${own}Person {name: person[0], born: person[1]})-[:ACTED_IN]->(:${own}Movie {title: 'The ' + person[0]})`);
  });
  after(async () => {
    await db?.executeQuery(`MATCH (n) WHERE n:${own}Person OR n:${own}Movie DETACH DELETE n`);
    await end?.(); // with what recipes leave open, which would keep the process alive
    await relay?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** A recipe's code with what a reader puts into it. */
  function adapted(code, more = {}) {
    const ours = {
      '"neo4j://localhost:7687"': JSON.stringify(server.uri),
      '"neo4j", "secret"': JSON.stringify([server.user, server.password]).slice(1, -1),
      '"wss://example.org/bolt"': JSON.stringify(relay.url),
      ":Person": `:${own}Person`,
      ":Movie": `:${own}Movie`,
      '"https://cdn.jsdelivr.net/npm/webbolt/dist/index.js"': JSON.stringify(
        pathToFileURL(join(web, "dist/index.js")).href,
      ),
      ...more,
    };
    return Object.entries(ours).reduce((text, [theirs, mine]) => text.replaceAll(theirs, mine), code);
  }

  /** Tests a recipe by what its code exports. */
  function recipe(title, check, { more, language } = {}) {
    checked.add(title);
    test(title, { timeout: 60_000 }, async () => {
      const blocks = recipes.get(title);
      assert.ok(blocks, `docs/cookbook.md has no recipe "${title}"`);
      const { language: written, code } = blocks.find(block =>
        language ? block.language === language : /^(js|jsx|ts)$/.test(block.language),
      );
      const file = join(folder, title.replace(/\W+/g, "-") + (written === "ts" ? ".ts" : ".js"));
      writeFileSync(file, adapted(code, more));
      const here = process.cwd();
      process.chdir(folder);
      try {
        await check(() => import(pathToFileURL(file).href), blocks);
      } finally {
        process.chdir(here);
      }
    });
  }

  /** What the console got meanwhile. */
  async function printed(work) {
    const lines = [];
    const { log } = console;
    console.log = (...values) => lines.push(values.join(" "));
    try {
      await work();
    } finally {
      console.log = log;
    }
    return lines;
  }

  const born = async name =>
    (await (await db.run(`MATCH (p:${own}Person {name: $name}) RETURN p.born AS born`, { name })).fetch())?.born;

  test("the README's example", { timeout: 60_000 }, async () => {
    const [, code] = /^```js\n(.*?)^```$/ms.exec(readFileSync(join(web, "../README.md"), "utf8"));
    const file = join(folder, "readme.js");
    writeFileSync(file, adapted(code));
    const lines = await printed(() => import(pathToFileURL(file).href));
    assert.deepEqual(lines.slice(0, -2).sort(), ["Grace 1986", "Keanu 1984"]);
    assert.match(lines.at(-2), /^\d+ \d+$/);
    assert.equal(lines.at(-1), "9007199254740993");
  });

  recipe("Ask the first question", async run => {
    assert.deepEqual((await printed(run)).sort(), ["Grace 1986", "Keanu 1984"]);
  });

  recipe("Give rows a type", async run => {
    assert.deepEqual(
      (await run()).people.map(({ name, born }) => [name, born]),
      [
        ["Ada", 1915],
        ["Keanu", 1984],
        ["Grace", 1986],
      ],
    );
  });

  recipe("Write, and try again where that helps", async run => {
    assert.equal((await run()).friends, 1);
  });

  recipe("Load a CSV file", async run => {
    writeFileSync("people.csv", "name,born\nLinus,1969\nMargaret,1936\n");
    await run();
    assert.deepEqual([await born("Linus"), await born("Margaret")], [1969, 1936]);
  });

  recipe("Write a result into a file, from Node.js", async run => {
    await run();
    const lines = readFileSync("people.jsonl", "utf8")
      .trim()
      .split("\n")
      .map(line => JSON.parse(line));
    assert.ok(
      lines.some(({ name, born }) => name === "Ada" && born === 1915),
      JSON.stringify(lines),
    );
  });

  recipe("Stream a million rows into a chart", async run => {
    let [points, last] = [0, 0];
    const pen = {
      fillRect: x => {
        points++;
        last = x;
      },
    };
    await (await run()).chart({ width: 1000, height: 100, getContext: () => pen });
    assert.equal(points, 1_000_000);
    assert.ok(last > 999 && last < 1000, String(last));
  });

  recipe("Get columns as typed arrays", async run => {
    const { oldest, kinds } = await run();
    assert.equal(oldest, 111);
    assert.deepEqual(kinds, ["Int32Array", "Float64Array"]);
  });

  recipe("Draw a graph as it arrives", async run => {
    const { drawn } = await run();
    assert.deepEqual([drawn.order, drawn.size], [6, 3]);
  });

  recipe("Hand a result to DuckDB-wasm, or to Arrow", async run => {
    const { tableFromIPC } = await import("apache-arrow");
    let table;
    await (await run()).load({
      insertArrowFromIPCStream: async (bytes, { name }) => {
        table = [name, tableFromIPC(bytes)];
      },
    });
    assert.equal(table[0], "people");
    assert.ok(table[1].toArray().some(({ name, born }) => name === "Ada" && Number(born) === 1915));
  });

  recipe("Cancel when the reader leaves", async run => {
    const page = new EventTarget();
    globalThis.addEventListener = page.addEventListener.bind(page);
    try {
      const { slow } = await run();
      const running = slow();
      setTimeout(() => page.dispatchEvent(new Event("pagehide")), 200);
      await assert.rejects(running, { name: "AbortError" });
    } finally {
      delete globalThis.addEventListener;
    }
  });

  recipe("Use it in React", async run => {
    const { useQuery } = await run();
    const { states, unmount, settled } = react(() =>
      useQuery(db, `MATCH (p:${own}Person {name: 'Ada'}) RETURN p.born AS born`, undefined),
    );
    await settled(({ loading }) => !loading);
    assert.equal(states[0].loading, true);
    assert.deepEqual(
      { ...states.at(-1), rows: states.at(-1).rows.map(({ born }) => born) },
      { rows: [1915], loading: false, error: undefined },
    );
    unmount();

    const failing = react(() => useQuery(db, "RETURN nothing", undefined));
    await failing.settled(({ error }) => error);
    assert.equal(failing.states.at(-1).error.name, "Failure");
    failing.unmount();

    const leaving = react(() =>
      useQuery(db, "UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i", undefined),
    );
    leaving.unmount();
    await db.verifyConnectivity();
    assert.equal(leaving.states.at(-1).error, undefined, "what is unmounted shows no error");
  });

  recipe("Stop after the first rows", async run => {
    assert.deepEqual((await run()).first, [1, 2, 3]);
  });

  recipe("Keep large integers exact", async run => {
    assert.deepEqual((await run()).values, [7, 9007199254740993n, true]);
  });

  recipe("Send a FLOAT that is whole", async run => {
    assert.deepEqual((await run()).values, [0, 0.7]);
  });

  recipe("Read and write dates", async run => {
    assert.deepEqual((await run()).values, [
      "2026-02-28",
      "2026-03-29T12:00:00+02:00[Europe/Stockholm]",
      "Europe/Stockholm",
      "2026-03-29T10:00:00.000Z",
    ]);
  });

  recipe("Send rows to a worker, or keep them in IndexedDB", async run => {
    assert.deepEqual((await run()).values, [[1, 2], "2026-03-01"]);
  });

  recipe("Tell errors apart", async run => {
    const { ask } = await run();
    assert.equal(await ask(server.uri, "RETRUN 1"), "mend the query");
    assert.equal(await ask("bolt://127.0.0.1:9", "RETURN 1").then(text => text.slice(0, 14)), "no connection:");
    assert.equal((await ask(server.uri, "RETURN 7 AS n")).n, 7);
  });

  recipe("See why a query is slow", async run => {
    const { lines } = await run();
    assert.match(lines[0], /^ProduceResults.*: \d+ rows, \d+ hits$/);
    assert.ok(lines.length > 1, lines.join("\n"));
  });

  recipe("Read what another session has written", async run => {
    assert.equal((await run()).n, 1);
  });

  recipe("Choose among databases", async run => {
    const { names, home } = await run();
    assert.ok(names.includes("neo4j"), String(names));
    assert.equal(home, "neo4j");
  });

  recipe("Log in with a token (JWT, OIDC)", async run => {
    const asked = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (url, options) => {
      if (url !== "/session/token") return fetch(url, options);
      asked.push(options.credentials);
      return Response.json({ access_token: "a.b.c" });
    };
    try {
      // The server knows no tokens: it says so, which shows that it was given one.
      await assert.rejects((await run()).open(server.uri), { name: "Failure", code: /Unauthorized/ });
      assert.deepEqual(asked.slice(0, 1), ["include"]);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  recipe(
    "Put a public demo online, read-only",
    async (run, blocks) => {
      const password = join(folder, "password");
      writeFileSync(password, server.password + "\n", { mode: 0o600 });
      const config = join(folder, "demo.yaml");
      const { code } = blocks.find(({ language }) => language === "yaml");
      writeFileSync(
        config,
        code
          .replace("127.0.0.1:8080", "127.0.0.1:0")
          .replace("127.0.0.1:7687", server.bolt)
          .replace("reader", server.user)
          .replace("/etc/webbolt/neo4j-password", password),
      );
      const demo = await startRelay(server.uri, "-config", config);
      try {
        globalThis.demoRelay = demo.url;
        const { n, refused } = await run();
        assert.ok(n >= 3, String(n));
        assert.match(refused, /AccessMode|Forbidden|Unauthorized|Request\.Invalid/);
      } finally {
        await demo.close();
      }
    },
    {
      more: {
        '"wss://example.org/bolt"': "globalThis.demoRelay",
        '"bolt://127.0.0.1:7687"': JSON.stringify(server.uri),
      },
    },
  );

  checked.add("Serve the relay behind nginx");
  test("Serve the relay behind nginx", () => {
    // the whole file is tested with the relay's recipes
    const whole = readFileSync(join(web, "../deploy/nginx/webbolt.conf"), "utf8").split("\n");
    const [{ code }] = recipes.get("Serve the relay behind nginx");
    for (const line of code.trimEnd().split("\n")) assert.ok(whole.includes(line), line);
  });

  recipe("Use Neo4j Aura", async run => {
    const { open } = await run();
    await assert.rejects(
      open(),
      error => error.name === "ConnectionUnavailable" && error.address.includes("databases.neo4j.io"),
    );
  });

  recipe("Use it in a notebook", async run => {
    assert.ok((await run()).people.some(({ name }) => name === "Ada"));
  });

  test("every recipe is tested, and there are twenty and more", () => {
    assert.deepEqual(
      [...recipes.keys()].filter(title => !checked.has(title)),
      [],
    );
    assert.ok(recipes.size >= 20, String(recipes.size));
  });
});
