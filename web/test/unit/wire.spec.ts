import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToEngine } from "../../src/engine/messages.js";
import { packMessage, unpackMessage } from "../../src/engine/wire.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("messages to the engine are PackStream", () => {
  assert.equal(hex(packMessage({ cancel: 3 })), "a1" + "8663616e63656c" + "03");
  assert.equal(
    hex(packMessage({ method: "result.credit", args: { result: 1, blocks: 2 } })),
    "a2" +
      "866d6574686f64" +
      "8d726573756c742e637265646974" +
      "8461726773" +
      "a2" +
      "86726573756c74" +
      "01" +
      "86626c6f636b73" +
      "02",
  );
  const credit: ToEngine = { id: 1, method: "connection.getConfig", args: { on: 7, transaction: undefined } };
  assert.equal(hex(packMessage(credit)).slice(0, 10), "a3" + "826964" + "01");
  assert.equal(
    hex(packMessage({ answer: 4, kind: "resolve", value: { addresses: ["a"] } })),
    "a2" + "86616e73776572" + "04" + "8576616c7565" + "a1" + "89616464726573736573" + "91" + "8161",
  );
  assert.equal(
    hex(packMessage({ answer: 4, error: { class: "E", message: "" } })),
    "a2" + "86616e73776572" + "04" + "856572726f72" + "a2" + "85636c617373" + "8145" + "876d657373616765" + "80",
  );
});

test("what the engine does not know is refused by its name", () => {
  const refused = (method: string, args: object, message: RegExp) =>
    assert.throws(
      () => packMessage({ method, args } as never),
      (thrown: Error) => thrown instanceof RangeError && message.test(thrown.message),
      String(message),
    );
  const run = { on: 1, graphName: "", cypher: "RETURN 1", parameters: new Uint8Array([0xa0]), credit: 4 };
  packMessage({ method: "connection.runProg", args: run });
  refused("connection.runProg", { ...run, graphName: 5 }, /argument graphName: it takes a string, and was given 5/);
  refused(
    "connection.runProg",
    { ...run, cypher: undefined },
    /argument cypher: it takes a string, and was given undefined/,
  );
  refused("connection.runProg", { ...run, cyper: "" }, /argument cyper: there is no such option/);
  refused(
    "connection.runProg",
    { ...run, options: { timeout: "5" } },
    /argument timeout: it takes a number of milliseconds, and was given a string/,
  );
  refused(
    "connection.runProg",
    { ...run, options: { timeOut: 5 } },
    /argument timeOut: there is no such option; did you mean timeout\?/,
  );
  refused(
    "pool.setMaxSize",
    { on: 1, maxSize: -1 },
    /argument maxSize: it takes a whole number, at least 0, and was given -1/,
  );
  refused(
    "connection.begin",
    { on: 1, graphName: "", options: { notifications: { minimumSeverity: "LOUD" } } },
    /"WARNING", "INFORMATION", "OFF"/,
  );
  refused("connection.begin", { on: 1, graphName: "", toString: 5 }, /argument toString: there is no such option/);
});

test("messages of the engine are JSON", () => {
  assert.deepEqual(unpackMessage('{"id":1,"value":{"$x":1}}'), { id: 1, value: { $x: 1 } });
  const block = new ArrayBuffer(8);
  assert.deepEqual(unpackMessage(['{"result":2}', block]), { result: 2, block });
  assert.deepEqual(unpackMessage(['{"id":1,"rows":{"result":1}}', block]), { id: 1, rows: { result: 1, block } });
});

test("what JSON does not have", () => {
  const value = (text: string) => (unpackMessage(`!{"id":1,"value":${text}}`) as { value: unknown }).value;
  assert.equal(value('{"$int":"-9223372036854775808"}'), -9223372036854775808n);
  assert.deepEqual(value('[{"$date":981173106007}]'), [new Date("2001-02-03T04:05:06.007Z")]);
  assert.ok(Number.isNaN(value('{"$float":"NaN"}')));
  assert.equal(value('{"$float":"-Infinity"}'), -Infinity);
  assert.deepEqual(value('{"$bytes":"AAEC/w=="}'), new Uint8Array([0, 1, 2, 255]));
  assert.deepEqual(value('{"$$int":"1","$$$":{"$int":"2"},"plain":null}'), { $int: "1", $$: 2n, plain: null });
});
