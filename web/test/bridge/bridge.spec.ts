// The JavaScript API with its engine, against fake servers. Each query's first word tells the server what to do: see
// bridge/node_test.go.
import assert from "node:assert/strict";
import { after, describe, test as nodeTest } from "node:test";
import { pathToFileURL } from "node:url";
import { reactive, shallowReadonly } from "@vue/reactivity";
import { produce } from "immer";
import { observable } from "mobx";
import { engineFor } from "../../src/engine/engine.js";
import { methods, type Methods } from "../../src/engine/protocol.js";
import type { Field, Shape } from "../../src/engine/shape.js";
import {
  auth,
  Connection,
  ConnectionBroken,
  ConnectionPool,
  ConnectionUnavailable,
  connect,
  DateTime,
  Failure,
  shutdown,
  type ConnectorOptions,
  type Parameters,
} from "../../src/index.js";

const { BRIDGE_WASM, BRIDGE_5_8, BRIDGE_4_2, BRIDGE_SILENT } = process.env as { [name: string]: string };
const uri = BRIDGE_5_8!;
const older = BRIDGE_4_2!;

after(() => shutdown());

const test = (name: string, run: () => Promise<void>) => nodeTest(name, { timeout: 10_000 }, run);

/** The first value of a query's first record. */
async function first(
  result: Promise<{ fetch(): Promise<{ [field: string]: any } | undefined>; discard(): Promise<void> }>,
): Promise<any> {
  const given = await result;
  const record = await given.fetch();
  await given.discard();
  return record && Object.values(record)[0];
}

/** Waits for a rejection of a class, with a message. */
async function rejects<E extends Error>(
  promise: Promise<unknown>,
  type: new (...args: any[]) => E,
  message: RegExp,
): Promise<E> {
  const thrown = await promise.then(
    () => assert.fail("it does not reject"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof type, `${String(thrown)} is no ${type.name}`);
  assert.match(thrown.message, message);
  return thrown;
}

for (const worker of [false, true]) {
  const engine = { worker, wasmURL: pathToFileURL(BRIDGE_WASM!), workerURL: new URL("worker.mjs", import.meta.url) };
  const open = (options: object = {}, at = uri) => Connection.open(at, { ...engine, ...options });
  const openConnector = (options: ConnectorOptions = {}, at = uri) => connect(at, { ...engine, ...options });

  describe(worker ? "in a worker" : "on the page", () => {
    test("the engine has every method", async () => {
      const running = await engineFor(engine);
      for (const [method, shape] of Object.entries(methods)) {
        const outcome = await running.call(method as keyof Methods, sample(shape) as never).then(
          () => "",
          (thrown: Error) => thrown.message,
        );
        assert.doesNotMatch(outcome, /has no method|no such name/, method);
      }
    });

    test("the engine refuses what it does not know", async () => {
      const running = await engineFor(engine);
      const shape = methods["connection.begin"] as { [name: string]: Field };
      shape["misspelt"] = { kind: "flag" };
      try {
        await rejects(
          running.call("connection.begin", { on: 1, graphName: "", misspelt: true } as never),
          RangeError,
          /misspelt: there is no such name/,
        );
      } finally {
        delete shape["misspelt"];
      }
    });

    test("options reach the server", async () => {
      const cx = await open({
        userAgent: "tester/1",
        fetchSize: 2,
        notifications: { minimumSeverity: "OFF" },
        boltVersions: ["5.8"],
      });
      const hello = await first(cx.runProg("", "HELLO"));
      assert.match(hello, /tester\/1/);
      assert.match(hello, /notifications_minimum_severity:OFF/);
      const options = {
        readonly: true,
        timeout: 1500,
        bookmarks: ["b1"],
        impersonatedUser: "ada",
        metadata: { app: "x" },
      };
      const seen = await first(cx.runProg("movies", "SEEN", { a: 1 }, options));
      for (const part of [
        /a:1/,
        /db:movies/,
        /mode:r/,
        /tx_timeout:1500/,
        /bookmarks:\[b1\]/,
        /imp_user:ada/,
        /tx_metadata:map\[app:x\]/,
      ])
        assert.match(seen, part);
      assert.deepEqual(
        await (await cx.runProg("", "COUNT 5")).records().toArray(),
        [0, 1, 2, 3, 4].map(n => ({ n })),
      );
      await cx.close();
    });

    test("dates with a zone go as the server knows them, whoever sends them", async () => {
      for (const [at, tag] of [
        [uri, "i"],
        [older, "f"],
      ] as const) {
        const born = DateTime.fromDate(new Date(0));
        const zoned = new DateTime(2020, 6, 1, 12, 0, 0, 0, 7200, "Europe/Berlin");
        const db = await openConnector({}, at);
        const cx = await Connection.open(at, engine);
        const sent = [
          await first(db.run("SEEN", { zoned, born })),
          await first(cx.runProg("", "SEEN", { zoned, born })),
          await first(db.run("SEEN", {}, { metadata: { zoned, born } })),
          await first(db.executeQuery("SEEN", { list: [zoned, born] })),
        ];
        const code = tag.charCodeAt(0);
        for (const text of sent) {
          assert.match(text, new RegExp(`\\{${code} \\[`), tag);
          assert.match(text, new RegExp(`\\{${tag.toUpperCase().charCodeAt(0)} \\[`), tag);
        }
        await db.close();
        await cx.close();
      }
    });

    test("an answer brings what is there already", async () => {
      const db = await openConnector();
      const result = await db.executeQuery("COUNT 3");
      assert.equal(result.hasRecords(), true);
      assert.equal(result.summary().complete, true);
      assert.deepEqual(await result.records().toArray(), [{ n: 0 }, { n: 1 }, { n: 2 }]);
      assert.deepEqual(await (await db.run("NOTHING")).fields(), []);
      await db.close();
    });

    test("a wait is given up, and the connection is good afterwards", async () => {
      const cx = await open();
      const abort = new AbortController();
      const result = await cx.runProg("", "WAIT", {}, { signal: abort.signal });
      const waiting = result.fetch();
      abort.abort(new Error("enough"));
      await rejects(waiting, Error, /enough/);
      assert.equal(await first(cx.runProg("", "COUNT 1")), 0);
      await cx.close();
    });

    test("errors come from where the call was made", async () => {
      const db = await openConnector();
      async function inTheCaller() {
        await db.run("FAIL syntax");
      }
      const thrown = await rejects(inTheCaller(), Failure, /^syntax$/);
      assert.match(thrown.stack!, /^Failure: syntax\n/);
      assert.match(thrown.stack!, /inTheCaller/);
      await db.close();
    });

    test("what callbacks throw is what arrives, or its cause", async () => {
      const mine = new Error("mine");
      const throwing = () => {
        throw mine;
      };
      for (const attempt of [
        open({ auth: throwing }),
        openConnector({ auth: throwing }),
        openConnector({ resolver: throwing }, uri),
      ]) {
        const outcome = await attempt.then(
          opened => opened.close(),
          (reason: unknown) => reason,
        );
        if (outcome !== undefined) assert.ok(outcome === mine || (outcome as Error).cause === mine, String(outcome));
      }
      await assert.rejects(open({ auth: throwing }), reason => reason === mine || (reason as Error).cause === mine);
      const db = await openConnector();
      const odd = { no: "error" };
      await assert.rejects(
        db.executeWrite(() => Promise.reject(odd)),
        reason => reason === odd,
      );
      await db.close();
    });

    test("wrong options are refused by their names", async () => {
      const db = await openConnector();
      const wrong: [Promise<unknown>, RegExp][] = [
        [open({ timeout: 5 }), /timeout: there is no such option/],
        [open({ fetchsize: 5 }), /did you mean fetchSize\?/],
        [open({ connectTimeout: "5" }), /connectTimeout: it takes a number of milliseconds, and was given a string/],
        [open({ signal: 5 }), /signal: it takes an AbortSignal/],
        [open({ integers: "all" }), /integers: it takes "auto", "bigint", "number"/],
        [
          open({ notifications: { minimumseverity: "OFF" } }),
          /notifications.minimumseverity: there is no such option; did you mean minimumSeverity\?/,
        ],
        [
          ConnectionPool.open(uri, { ...engine, maxSize: 0 }),
          /maxSize: it takes a whole number, at least 1, and was given 0/,
        ],
        [openConnector({ routing: "no" } as never), /routing: it takes true or false/],
        [openConnector({ bookmarks: true } as never), /bookmarks: it takes an array of strings, or false/],
        [db.run("X", {}, { timeout: "5" } as never), /timeout: it takes a number of milliseconds/],
        [db.run("X", {}, { database: 5 } as never), /database: it takes a string/],
        [db.run("X", new Map([["a", 1]]) as never), /parameters: it takes an object of names and values, and not Map/],
        [db.run("X", [1] as never), /parameters: /],
        [db.run(5 as never), /cypher: it takes a string/],
        [db.run("X", {}, { datbase: "x" } as never), /datbase: there is no such option/],
        [db.executeRead(5 as never), /work: it takes a function/],
        [db.begin("", { bookmarks: "b" } as never), /bookmarks: it takes an array of strings/],
        [db.commit({} as never), /transaction: it takes what begin gives/],
        [db.graphNames({ singal: 1 } as never), /singal: there is no such option/],
        [db.run("X", {}, { timeout: Number.NaN }), /timeout/],
      ];
      for (const [refused, message] of wrong) await rejects(refused, RangeError, message);
      await rejects(db.run("X", {}, { timeout: 1e13 }), RangeError, /Timeout: .*100 years/);
      await db.close();
    });

    test("what is closed says so", async () => {
      const cx = await open();
      await cx.close();
      for (const call of [() => cx.runProg("", "X"), () => cx.begin(), () => cx.statistics()])
        await rejects(call(), RangeError, /^the connection was closed$/);
      const db = await openConnector();
      const tx = await db.begin();
      await db.close();
      for (const call of [
        () => db.run("X"),
        () => db.executeQuery("X"),
        () => db.executeRead(() => 1),
        () => db.runQuery(tx, "X"),
        () => db.bookmarks(),
      ]) {
        await rejects(call(), RangeError, /^the connector was closed$/);
      }
    });

    test("pools are added until the signal says no", async () => {
      const db = await openConnector();
      await db.addPools(db.profile);
      await db.addPools(db.profile, { signal: new AbortController().signal });
      await rejects(db.addPools(db.profile, { signal: AbortSignal.abort(new Error("enough")) }), Error, /enough/);
      await rejects(db.addPools("bolt://x" as never, db.profile), RangeError, /profiles: they are ConnectionProfiles/);
      await rejects(db.addPools(db.profile, "x" as never), RangeError, /options: they are an object/);
      await db.close();
    });

    test("what is open is rolled back when the page is put aside", async () => {
      const cx = await open();
      const db = await openConnector();
      const [held, borrowed] = [await cx.begin(), await db.begin()];
      const waiting = await db.run("WAIT");
      const read = waiting.fetch();
      (await engineFor(engine)).notify("suspend", {});
      assert.equal(((await read.catch((reason: unknown) => reason)) as Error).name, "AbortError");
      await rejects(cx.runQuery(held, "COUNT 1"), RangeError, /broken|ended/);
      await rejects(db.runQuery(borrowed, "COUNT 1"), RangeError, /broken|ended/);
      assert.equal(await first(cx.runProg("", "COUNT 1")), 0);
      assert.equal(await first(db.run("COUNT 1")), 0);
      await cx.close();
      await db.close();
    });

    test("what has ended can be rolled back, so that a failure is not hidden", async () => {
      const db = await openConnector();
      const tx = await db.begin();
      await rejects(first(db.runQuery(tx, "FAIL no such thing")), Failure, /no such thing/);
      for (let i = 0; i < 2; i++) assert.equal((await db.rollback(tx)).bookmark, "");
      assert.equal((await db.rollback(tx)).profile.host, db.profile.host);
      await db.close();
    });

    // The relay promises a sign of life each second.
    nodeTest("a network that has gone away without a word is noticed", { timeout: 60_000 }, async () => {
      const { uri, relay, control } = JSON.parse(BRIDGE_SILENT!) as { [name: string]: string };
      const cx = await open({ relay }, uri);
      const waiting = (await cx.runProg("", "WAIT")).fetch();
      let ended = false;
      waiting.catch(() => {}).finally(() => (ended = true));
      await new Promise(resolve => setTimeout(resolve, 5000));
      assert.equal(ended, false, "the server takes its time, and the relay says that it is there");
      await fetch(control + "/silence");
      await rejects(waiting, ConnectionBroken, /gave no sign of life for 3 s while an answer was due/);
      assert.equal(cx.broken, true);
      await fetch(control + "/end"); // Node.js waits for a WebSocket's last words as long as it takes
      const other = await open({ relay, receiveTimeout: 60_000 }, uri);
      assert.equal(await first(other.runProg("", "COUNT 1")), 0);
      await other.close();
    });

    test("a call keeps alive what it was made on", async () => {
      const names = { given: undefined as string[] | undefined, thrown: undefined as unknown };
      const ask = async () => {
        const db = await openConnector();
        db.graphNames().then(
          given => (names.given = given),
          (thrown: unknown) => (names.thrown = thrown),
        );
      };
      const frames = Error.stackTraceLimit;
      Error.stackTraceLimit = 0; // V8's errors hold the objects whose methods are on the stack, as other engines' do not
      try {
        await ask();
      } finally {
        Error.stackTraceLimit = frames;
      }
      for (let i = 0; i < 30 && !names.given && !names.thrown; i++) {
        globalThis.gc!();
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      assert.deepEqual(names, { given: ["movies"], thrown: undefined });
    });

    test("frameworks leave the objects as they are", async () => {
      const db = await openConnector();
      const result = await db.run("COUNT 3");
      const tx = await db.begin();
      const held = { db, result, tx, profile: db.profile };
      const vue = reactive({ value: held }).value;
      assert.equal(await first(vue.db.run("COUNT 1")), 0);
      assert.deepEqual(await vue.result.fetch(), { n: 0 });
      assert.deepEqual([vue.profile.password, vue.tx.broken, shallowReadonly(vue.db) !== undefined], ["", false, true]);
      const mobx = observable({ value: held }).value;
      assert.equal(await first(mobx.db.run("COUNT 1")), 0);
      assert.deepEqual(await mobx.result.fetch(), { n: 1 });
      const immer = produce({ value: held, n: 0 }, draft => {
        draft.n++;
        assert.equal(draft.value.tx.broken, false);
      });
      assert.equal(await first(immer.value.db.run("COUNT 1")), 0);
      assert.deepEqual(await immer.value.result.fetch(), { n: 2 });
      await db.rollback(tx);
      await db.close();
    });

    test("parameters may have an interface, and tokens parameters", async () => {
      interface Person {
        name: string;
      }
      const ada: Person = { name: "Ada" };
      const cx = await open({ auth: { ...auth.basic("u", "p"), parameters: { key: 1 } } });
      assert.match(await first(cx.runProg("", "SEEN", ada)), /name:Ada/);
      const typed: Parameters = ada;
      assert.equal(typed["name"], "Ada");
      await cx.close();
    });

    test("who is not there is told by its reason", async () => {
      const thrown = await rejects(
        Connection.open("ws://127.0.0.1:1/bolt", engine),
        ConnectionUnavailable,
        /127\.0\.0\.1:1/,
      );
      assert.equal(thrown.reason, "network");
    });
  });
}

/** Arguments that fit a shape, with handles that nothing has. */
function sample(shape: Shape): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, sampleOf(field)]));
}

function sampleOf({ kind, of, min, one }: Field): unknown {
  switch (kind) {
    case "flag":
      return true;
    case "text":
      return one?.[0] ?? "x";
    case "integer":
      return Math.max(min ?? 0, 0);
    case "number":
    case "time":
      return 1;
    case "texts":
    case "objects":
      return [];
    case "textMap":
      return {};
    case "packed":
      return new Uint8Array([0xa0]);
    case "object":
      return sample(of!);
  }
  throw new Error(kind);
}
