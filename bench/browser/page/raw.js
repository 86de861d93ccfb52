// The least that a client over a WebSocket can do: it asks for a result and looks at nothing but where messages begin.
// This is the limit that the browser sets.

const [success, record, failure] = [0x70, 0x71, 0x7f];

/** Opens a connection with Bolt 5.8; through the relay, where one is given. */
export async function openRaw({ uri, user, password, relay }) {
  const socket = new WebSocket(relay ?? uri.replace("bolt:", "ws:"));
  socket.binaryType = "arraybuffer";
  const messages = new Messages();
  let arrived = () => {};
  let failed = () => {};
  socket.onmessage = ({ data }) => arrived(data);
  socket.onerror = socket.onclose = () => failed(new Error("the WebSocket was closed"));
  const ask = (...requests) =>
    new Promise((resolve, reject) => {
      failed = reject;
      messages.awaited = requests.length;
      arrived = data => messages.count(new Uint8Array(data), resolve, reject);
      for (const request of requests) socket.send(request);
    });
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    failed = reject;
  });
  await new Promise(resolve => {
    arrived = resolve;
    socket.send(new Uint8Array([0x60, 0x60, 0xb0, 0x17, 0, 0, 8, 5, ...new Array(12).fill(0)]));
  });
  await ask(message(hello, { user_agent: "raw/1", bolt_agent: { product: "raw/1" } }));
  await ask(message(logon, user ? { scheme: "basic", principal: user, credentials: password } : { scheme: "none" }));
  return {
    async read(query, parameters) {
      messages.records = 0;
      await ask(message(run, query, parameters, { mode: "r" }), message(pull, { n: -1 }));
      return { rows: messages.records, sum: 0 };
    },
    close: async () => socket.close(),
  };
}

const [hello, run, pull, logon] = [0x01, 0x10, 0x3f, 0x6a];

function message(tag, ...fields) {
  const body = [0xb0 + fields.length, tag, ...fields.flatMap(packed)];
  return new Uint8Array([body.length >> 8, body.length & 255, ...body, 0, 0]);
}

/** Texts, integers of 32 bits, and maps of up to 15, in PackStream. */
function packed(value) {
  if (typeof value === "number") return [0xca, value >> 24, value >> 16, value >> 8, value].map(byte => byte & 255);
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return [0xd1, text.length >> 8, text.length & 255, ...text];
  }
  const entries = Object.entries(value);
  return [0xa0 + entries.length, ...entries.flat().flatMap(packed)];
}

/** Follows the chunks of messages over the frames they come in. */
class Messages {
  records = 0;
  /** Answers that are still to come. */
  awaited = 1;
  #left = 0; // bytes of the chunk
  #head = -1; // the first byte of a chunk's size, if that is all that has come of it
  #inMessage = false;
  #tagAt = -1; // bytes until the tag

  count(bytes, done, failed) {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        if (this.#tagAt >= 0 && this.#tagAt < step) this.#begin(bytes[at + this.#tagAt], done, failed);
        else this.#tagAt -= step;
        this.#left -= step;
        at += step;
      } else if (this.#head < 0) {
        this.#head = bytes[at++];
      } else {
        this.#left = (this.#head << 8) | bytes[at++];
        this.#head = -1;
        if (this.#left > 0 && !this.#inMessage) this.#tagAt = 1;
        this.#inMessage = this.#left > 0;
      }
    }
  }

  #begin(tag, done, failed) {
    this.#tagAt = -1;
    if (tag === failure) failed(new Error("the server refused a request"));
    if (tag === record) this.records++;
    else if (tag === success && --this.awaited === 0) done();
  }
}
