// What crosses to the engine for a query of neo4j-driver's, and what its records cost on the way to who awaits them.
import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { test } from "node:test";
import * as core from "neo4j-driver-core";
import type { Connector, ListenedQuery } from "../../src/connector.js";
import { VirtualConnection, type Home } from "../../src/driver/connection.js";
import { coreValues } from "../../src/driver/values.js";
import type { ResultListener } from "../../src/engine/engine.js";
import type { End } from "../../src/engine/protocol.js";
import type { TransactionOptions } from "../../src/options.js";
import { buffer, vectors } from "./vectors.js";

/** A Connector that notes what it is asked for. */
class Noted {
  readonly asked: string[] = [];
  listener: ResultListener | undefined;
  signal: AbortSignal | undefined;

  listen(listener: ResultListener, query: ListenedQuery, options: TransactionOptions) {
    this.asked.push(`run ${query.cypher}`);
    this.listener = listener;
    this.signal = options.signal;
    return {
      answer: Promise.resolve({ protocolVersion: "5.8" } as never),
      grant: (blocks: number) => this.asked.push(`grant ${blocks}`),
      discard: () => this.asked.push("discard"),
    };
  }

  async beginBy() {
    this.asked.push("begin");
    return {} as never;
  }

  async rollback() {
    this.asked.push("rollback");
  }
}

function opened() {
  const noted = new Noted();
  const home: Home = {
    make: coreValues({}),
    errorOf: thrown => thrown as Error,
    version: () => 5.8 as never,
    released: () => noted.asked.push("released"),
  };
  const connection = new VirtualConnection(home, noted as unknown as Connector, {});
  const holder = { getConnection: async () => connection, releaseConnection: () => connection.release() };
  const run = (query: string) => new core.Result(Promise.resolve(connection.run(query)), query, {}, holder as never);
  return { noted, connection, run };
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve));

test("a query is one message to the engine, and nothing else is", async () => {
  const { noted, run } = opened();
  assert.deepEqual(noted.asked, [], "a connection is there at once");
  const result = run("RETURN 1").then(({ records }) => records.length);
  await settled();
  assert.deepEqual(noted.asked, ["run RETURN 1"]);
  noted.listener!.resultEvent({ result: 1, fields: ["n"], end: {} as End }, undefined);
  assert.equal(await result, 0);
  assert.deepEqual(noted.asked, ["run RETURN 1", "released"]);
});

test("a reset aborts what runs, and what comes after it runs", async () => {
  const { noted, connection, run } = opened();
  connection.beginTransaction({});
  void run("RETURN 1").catch(() => {});
  await settled();
  const { signal } = noted;
  assert.equal(signal?.aborted, false);
  await connection.resetAndFlush();
  assert.equal(signal?.aborted, true);
  void run("RETURN 2");
  await settled();
  assert.equal(noted.signal?.aborted, false);
  assert.deepEqual(noted.asked, ["begin", "run RETURN 1", "rollback", "run RETURN 2"]);
});

for (const how of ["awaited", "subscribed"]) {
  test(`records that are ${how} take no promise each`, async () => {
    const { blocks, fields } = vectors.reduce((most, each) =>
      each.records.length > most.records.length ? each : most,
    );
    const { noted, run } = opened();
    const result = run("RETURN 1");
    let seen = 0;
    const done =
      how === "awaited"
        ? result.then(({ records }) => (seen = records.length))
        : new Promise<unknown>((resolve, reject) =>
            result.subscribe({ onNext: () => seen++, onCompleted: resolve, onError: reject }),
          );
    await settled();
    let promises = 0;
    const hook = createHook({ init: (_, type) => void (type === "PROMISE" && promises++) }).enable();
    const listener = noted.listener!;
    listener.resultEvent({ result: 1, fields: Array.from({ length: fields }, (_, i) => `f${i}`) }, undefined);
    for (const block of blocks) listener.resultEvent({ result: 1, block: buffer(block) }, undefined);
    listener.resultEvent({ result: 1, end: {} as End }, undefined);
    hook.disable();
    await done;
    assert.ok(seen > 20, `${seen} records`);
    assert.ok(promises < seen / 2, `${promises} promises for ${seen} records`);
  });
}
