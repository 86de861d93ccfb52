// A server that greets as Neo4j does, over Bolt (plain or in a WebSocket) and over HTTP, and answers every query with
// nonsense.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createServer as createTCPServer } from "node:net";

const bolt44 = Buffer.from("00000404", "hex");
/** SUCCESS {server: "Neo4j/5.26.0", connection_id: "bolt-1"} */
const welcome = message(
  Buffer.concat([
    Buffer.from("b170a286", "hex"),
    Buffer.from("server"),
    text("Neo4j/5.26.0"),
    text("connection_id"),
    text("bolt-1"),
  ]),
);
/** A structure that is no message. */
const nonsense = message(Buffer.from("b055", "hex"));

/** A short text in PackStream. */
function text(value) {
  return Buffer.concat([Buffer.from([0x80 + value.length]), Buffer.from(value)]);
}

/** A message of one chunk. */
function message(body) {
  return Buffer.concat([Buffer.from([0, body.length]), body, Buffer.from([0, 0])]);
}

/** Answers the bytes of a client: its handshake, its first message, and then all that follow. */
function conversation(send) {
  let pending = Buffer.alloc(0);
  let answers = 0;
  return bytes => {
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      if (answers === 0 && pending.length >= 20) {
        pending = pending.subarray(20);
        send(bolt44);
      } else if (answers > 0 && pending.length >= 2) {
        const size = pending.readUInt16BE(0);
        if (pending.length < size + 2) return;
        pending = pending.subarray(size + 2);
        if (size > 0) continue; // the message ends with an empty chunk
        send(answers === 1 ? welcome : nonsense);
      } else {
        return;
      }
      answers++;
    }
  };
}

/**
 * The payload of a client's whole frame at the start of the bytes, and how long the frame is; nothing if it is not
 * all there.
 */
export function frame(bytes) {
  if (bytes.length < 6) return undefined;
  const short = bytes[1] & 0x7f;
  const start = short === 126 ? 4 : 2;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + 4 + size) return undefined;
  const mask = bytes.subarray(start, start + 4);
  return {
    payload: bytes.subarray(start + 4, start + 4 + size).map((byte, i) => byte ^ mask[i % 4]),
    length: start + 4 + size,
  };
}

/** Answers the request for a WebSocket. */
export function acceptWebSocket(request, socket) {
  const accept = createHash("sha1")
    .update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
}

function serveWebSocket(request, socket) {
  acceptWebSocket(request, socket);
  const hear = conversation(bytes => socket.write(Buffer.concat([Buffer.from([0x82, bytes.length]), bytes])));
  let pending = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", bytes => {
    pending = Buffer.concat([pending, bytes]);
    for (let next = frame(pending); next; next = frame(pending)) {
      pending = pending.subarray(next.length);
      hear(next.payload);
    }
  });
}

function serveHTTP(request, response) {
  const { host } = request.headers;
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-allow-headers", "*, authorization");
  response.setHeader("content-type", request.method === "GET" ? "application/json" : "application/vnd.neo4j.query");
  if (request.method === "OPTIONS") response.end();
  else if (request.method === "GET")
    response.end(
      JSON.stringify({
        neo4j_version: "5.26.0",
        neo4j_edition: "community",
        query: `http://${host}/db/{databaseName}/query/v2`,
      }),
    );
  else if (request.url.includes("/system/"))
    response.writeHead(202).end('{"data":{"fields":["name"],"values":[[{"$type":"String","_value":"neo4j"}]]}}');
  else response.writeHead(202).end('{"data":{"fields":["n"],"values":[[{"$type":"Integer","_value":[');
}

/** Starts it. What begins with an HTTP request goes to an HTTP server, everything else is Bolt. */
export async function startNonsense() {
  const http = createServer(serveHTTP).on("upgrade", serveWebSocket);
  const sockets = new Set();
  const server = createTCPServer(socket => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.once("readable", () => {
      const first = socket.read();
      if (first === null) return;
      socket.unshift(first);
      if (/^[A-Z]/.test(first.toString("latin1", 0, 1))) http.emit("connection", socket);
      else
        socket.on(
          "data",
          conversation(bytes => socket.write(bytes)),
        );
    });
  });
  await new Promise(listening => server.listen(0, "127.0.0.1", listening));
  return {
    address: `127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise(closed => {
        server.close(closed);
        for (const socket of sockets) socket.destroy();
      }),
  };
}
