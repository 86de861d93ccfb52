// A server that speaks Bolt in WebSockets, counts who logs in, keeps what it hears, and answers queries as a test tells
// it.
import { createServer } from "node:http";
import { acceptWebSocket, frame } from "./nonsense.mjs";

const tags = {
  hello: 0x01,
  goodbye: 0x02,
  reset: 0x0f,
  run: 0x10,
  discard: 0x2f,
  pull: 0x3f,
  route: 0x66,
  logon: 0x6a,
};
const success = 0x70;
const record = 0x71;
const ignored = 0x7e;
const failure = 0x7f;

/** A value in PackStream: integers as 64 bits, texts and lists of at most 65,535. */
function packed(value) {
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === "number" || typeof value === "bigint") {
    const integer = Buffer.alloc(9, 0xcb);
    integer.writeBigInt64BE(BigInt(value), 1);
    return integer;
  }
  if (typeof value === "string") return Buffer.concat([sized(0xd1, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([sized(0xd5, value.length), ...value.map(packed)]);
  const entries = Object.entries(value);
  return Buffer.concat([sized(0xd9, entries.length), ...entries.flatMap(([key, held]) => [packed(key), packed(held)])]);
}

function sized(marker, size) {
  const head = Buffer.alloc(3, marker);
  head.writeUInt16BE(size, 1);
  return head;
}

/** A message in chunks. */
function message(tag, ...fields) {
  const body = Buffer.concat([Buffer.from([0xb0 + fields.length, tag]), ...fields.map(packed)]);
  const parts = [];
  for (let at = 0; at < body.length; at += 0xffff) {
    const chunk = body.subarray(at, at + 0xffff);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(chunk.length);
    parts.push(size, chunk);
  }
  return Buffer.concat([...parts, Buffer.alloc(2)]);
}

/** Bytes in one frame of a WebSocket. */
function framed(bytes) {
  const head =
    bytes.length < 126
      ? Buffer.from([0x82, bytes.length])
      : bytes.length < 0x10000
        ? Buffer.alloc(4)
        : Buffer.alloc(10);
  if (head.length === 4) head.writeUInt16BE(bytes.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(bytes.length), 2);
  head[0] = 0x82;
  if (head.length > 2) head[1] = head.length === 4 ? 126 : 127;
  return Buffer.concat([head, bytes]);
}

/** One client's connection. */
class Conversation {
  #pending = Buffer.alloc(0);
  #greeted = false;
  #failed = false;
  #answer = {};

  constructor(server, send) {
    this.server = server;
    this.send = send;
  }

  hear(bytes) {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    if (!this.#greeted) {
      if (this.#pending.length < 20) return;
      this.#pending = this.#pending.subarray(20);
      this.#greeted = true;
      const [major, minor] = this.server.bolt.split(".");
      this.send(Buffer.from([0, 0, Number(minor), Number(major)]));
    }
    while (this.#pending.length >= 4) {
      const size = this.#pending.readUInt16BE(0);
      if (this.#pending.length < size + 4) return;
      const body = this.#pending.subarray(2, 2 + size); // what the page sends here fits in one chunk
      this.#pending = this.#pending.subarray(size + 4);
      this.#message(body[1], body);
    }
  }

  #message(tag, body) {
    this.server.heard.push(body);
    if (tag === tags.goodbye) return;
    if (tag === tags.reset) this.#failed = false;
    else if (this.#failed) return this.send(message(ignored));
    if (tag === tags.hello)
      return this.send(message(success, { server: "Neo4j/5.26.0", connection_id: "bolt-1", hints: this.server.hints }));
    if (tag === tags.logon) this.server.logins.push(body.toString("latin1"));
    if (tag === tags.route)
      return this.#fail({ neo4j_code: "Neo.ClientError.Procedure.ProcedureNotFound", message: "no routing" });
    if (tag === tags.run) return this.#run(body.toString("utf8"));
    if (tag === tags.pull) return this.#pull();
    this.send(message(success, {}));
  }

  #run(text) {
    this.#answer = this.server.answer(text) ?? {};
    if (this.#answer.failure) return this.#fail(this.#answer.failure);
    this.send(message(success, { fields: this.#answer.fields ?? ["n"], t_first: 1, qid: 0 }));
  }

  #pull() {
    for (const row of this.#answer.rows ?? []) this.send(message(record, row));
    if (this.#answer.stays) return;
    if (this.#answer.end) return this.#fail(this.#answer.end);
    const finish = () => this.send(message(success, { t_last: 1, type: "r", db: "neo4j", ...this.#answer.summary }));
    if (this.#answer.later) setTimeout(finish, this.#answer.later);
    else finish();
  }

  #fail(details) {
    this.#failed = true;
    const told = {
      neo4j_code: "Neo.ClientError.Statement.SyntaxError",
      message: "wrong",
      gql_status: "42001",
      description: "wrong",
      ...details,
    };
    this.send(message(failure, told));
  }
}

/**
 * Starts it, for a version of Bolt and with hints of its own. answer(message) is called for each query, with the
 * message's text, and gives {fields, rows, summary}, {failure} instead of a result, or {rows, end} for a failure after
 * rows, or {rows, stays: true} for rows after which nothing comes, or {rows, later} for an end that comes so many
 * milliseconds later. logins are the messages of those who logged in, heard are all messages, as bytes; open() counts
 * the connections.
 */
export async function startScripted(answer, { bolt = "5.8", hints = {} } = {}) {
  const scripted = { answer, bolt, hints, logins: [], heard: [] };
  const sockets = new Set();
  const server = createServer((_, response) => response.writeHead(404).end()).on("upgrade", (request, socket) => {
    acceptWebSocket(request, socket);
    const conversation = new Conversation(scripted, bytes => socket.write(framed(bytes)));
    let pending = Buffer.alloc(0);
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.on("data", bytes => {
      pending = Buffer.concat([pending, bytes]);
      for (let next = frame(pending); next; next = frame(pending)) {
        const opcode = pending[0] & 15;
        pending = pending.subarray(next.length);
        if (opcode === 8) socket.end();
        else conversation.hear(next.payload);
      }
    });
  });
  await new Promise(listening => server.listen(0, "127.0.0.1", listening));
  scripted.open = () => sockets.size;
  scripted.uri = `bolt://127.0.0.1:${server.address().port}`;
  scripted.close = () =>
    new Promise(closed => {
      server.close(closed);
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
    });
  return scripted;
}
