import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToEngine } from "../../src/engine/messages.js";
import { packMessage, unpackMessage } from "../../src/engine/wire.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("messages to the engine are PackStream", () => {
  assert.equal(hex(packMessage({ cancel: 3 })), "a1" + "8663616e63656c" + "03");
  const call: ToEngine = { id: 1, method: "m", args: { p: new Uint8Array([1, 2]), absent: undefined, half: 0.5 } };
  assert.equal(hex(packMessage(call)), "a3" + "826964" + "01" + "866d6574686f64" + "816d" + "8461726773"
    + "a2" + "8170" + "cc020102" + "8468616c66" + "c13fe0000000000000");
  assert.throws(() => packMessage({ answer: 1, ok: true, value: () => {} }), TypeError);
});

test("messages of the engine are JSON", () => {
  assert.deepEqual(unpackMessage('{"id":1,"ok":true,"value":{"$x":1}}'), { id: 1, ok: true, value: { $x: 1 } });
  const block = new ArrayBuffer(8);
  assert.deepEqual(unpackMessage(['{"event":"block","result":2}', block]), { event: "block", result: 2, block });
});

test("what JSON does not have", () => {
  const value = (text: string) => (unpackMessage(`!{"id":1,"ok":true,"value":${text}}`) as { value: unknown }).value;
  assert.equal(value('{"$int":"-9223372036854775808"}'), -9223372036854775808n);
  assert.deepEqual(value('[{"$date":981173106007}]'), [new Date("2001-02-03T04:05:06.007Z")]);
  assert.ok(Number.isNaN(value('{"$float":"NaN"}')));
  assert.equal(value('{"$float":"-Infinity"}'), -Infinity);
  assert.deepEqual(value('{"$bytes":"AAEC/w=="}'), new Uint8Array([0, 1, 2, 255]));
  assert.deepEqual(value('{"$$int":"1","$$$":{"$int":"2"},"plain":null}'), { $int: "1", $$: 2n, plain: null });
});
