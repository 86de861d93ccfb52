import assert from "node:assert/strict";
import { test } from "node:test";
import { socketHost } from "../../src/engine/socket.js";

const memory = new WebAssembly.Memory({ initial: 1 });
const { takeBytes, sendBytes } = socketHost(memory);
const at = (address: number, size: number) => [...new Uint8Array(memory.buffer, address, size)];
const message = (...bytes: number[]) => ({ data: Uint8Array.from(bytes).buffer }) as MessageEvent;

test("bytes are taken across messages, and no more than there is room for", () => {
  const queue = [message(1, 2, 3), message(), message(4, 5), message(6)];
  const arm = () => assert.fail("there are bytes");
  assert.equal(takeBytes(queue, arm, 100, 2), 2);
  assert.deepEqual(at(100, 2), [1, 2]);
  assert.equal(takeBytes(queue, arm, 200, 2), 2);
  assert.deepEqual(at(200, 2), [3, 4]);
  assert.equal(takeBytes(queue, arm, 300, 9), 2);
  assert.deepEqual(at(300, 3), [5, 6, 0]);
  assert.equal(queue.length, 0);
});

test("an event without bytes is left to Go, after the bytes before it", () => {
  const queue = [message(1), { data: "text" } as MessageEvent, message(2)];
  assert.equal(
    takeBytes(queue, () => {}, 0, 9),
    1,
  );
  assert.equal(
    takeBytes(queue, () => {}, 0, 9),
    -1,
  );
  assert.equal(queue.length, 2);
});

test("where nothing has arrived, the reader is to be woken", () => {
  let armed = 0;
  assert.equal(
    takeBytes([], () => armed++, 0, 9),
    0,
  );
  assert.equal(armed, 1);
});

test("a frame is sent while the socket is open and little waits", () => {
  const sent: number[][] = [];
  const socket = { readyState: 1, bufferedAmount: 10, send: (b: Uint8Array) => sent.push([...b]) };
  new Uint8Array(memory.buffer).set([7, 8], 50);
  assert.equal(sendBytes(socket as unknown as WebSocket, 10, 50, 2), true);
  assert.deepEqual(sent, [[7, 8]]);
  assert.equal(sendBytes(socket as unknown as WebSocket, 9, 50, 2), false);
  socket.readyState = 2;
  assert.equal(sendBytes(socket as unknown as WebSocket, 10, 50, 2), false);
  assert.equal(sent.length, 1);
});
