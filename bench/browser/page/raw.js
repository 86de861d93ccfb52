// The least that a client over a WebSocket can do: it asks for a result and looks at nothing but where messages begin. This is the limit that
// the browser sets.

const success = 0x70;
const record = 0x71;

/** Opens a connection to the replay server, which knows Bolt 5.8 and asks for no password. */
export async function openRaw({ uri }) {
  const socket = new WebSocket(uri.replace("bolt:", "ws:"));
  socket.binaryType = "arraybuffer";
  const messages = new Messages();
  let arrived = () => {};
  let failed = () => {};
  socket.onmessage = ({ data }) => arrived(data);
  socket.onerror = socket.onclose = () => failed(new Error("the WebSocket was closed"));
  const ask = (...requests) => new Promise((resolve, reject) => {
    failed = reject;
    arrived = (data) => messages.count(new Uint8Array(data), resolve);
    for (const request of requests) socket.send(request);
  });
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    failed = reject;
  });
  await new Promise((resolve) => {
    arrived = resolve;
    socket.send(new Uint8Array([0x60, 0x60, 0xb0, 0x17, 0, 0, 8, 5, ...new Array(12).fill(0)]));
  });
  await ask(message(0x01, 0xa0)); // HELLO
  return {
    async read(query) {
      const text = new TextEncoder().encode(query);
      messages.records = 0;
      messages.awaited = 2;
      await ask(message(0x10, 0xd0, text.length, ...text, 0xa0, 0xa0), message(0x3f, 0xa1, 0x81, 0x6e, 0xff)); // RUN, PULL -1
      return { rows: messages.records, sum: 0 };
    },
    close: async () => socket.close(),
  };
}

function message(tag, ...body) {
  const fields = tag === 0x10 ? 3 : 1;
  const size = body.length + 2;
  return new Uint8Array([size >> 8, size & 255, 0xb0 | fields, tag, ...body, 0, 0]);
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

  count(bytes, done) {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        if (this.#tagAt >= 0 && this.#tagAt < step) this.#begin(bytes[at + this.#tagAt], done);
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

  #begin(tag, done) {
    this.#tagAt = -1;
    if (tag === record) this.records++;
    else if (tag === success && --this.awaited === 0) done();
  }
}
