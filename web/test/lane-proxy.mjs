// Stands between a page and the relay, and does to lanes what a test asks for. The WebSocket passes, but for "holding".
import { createServer, request } from "node:http";
import { connect } from "node:net";

/** Starts a proxy in front of a relay's "ws://host:port/bolt". */
export async function startLaneProxy(relay) {
  const { hostname, port } = new URL(relay);
  const sockets = new Set();
  const state = { treat: (answer, response) => answer.pipe(response), lanes: 0, bytes: 0, open: 0, most: 0, left: 0 };
  const server = createServer((incoming, response) => {
    if (incoming.method === "POST") {
      state.lanes++;
      state.most = Math.max(state.most, ++state.open);
      response.once("close", () => {
        state.open--;
        if (!response.writableFinished) state.left++;
      });
    }
    const outgoing = request(
      { host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      answer => {
        if (incoming.method === "POST") answer.on("data", part => (state.bytes += part.length));
        const pass = () => response.writeHead(answer.statusCode, answer.headers);
        state.treat(answer, response, pass);
      },
    );
    response.once("close", () => outgoing.destroy());
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.on("upgrade", (incoming, near, head) => {
    const far = connect(Number(port), hostname, () => {
      const lines = [`GET ${incoming.url} HTTP/1.1`];
      for (let i = 0; i < incoming.rawHeaders.length; i += 2)
        lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
      far.write(lines.join("\r\n") + "\r\n\r\n");
      far.write(head);
      near.pipe(far);
      carry(far, near);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    }
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  /**
   * Passes what the relay sends on a WebSocket. Where lanes are waited for, it stops after the first MB, until the page
   * has a lane and has said so: how fast a browser opens one does not matter then.
   */
  function carry(far, near) {
    let passed = 0;
    far.on("data", part => {
      passed += part.length;
      if (!near.write(part) || (state.holding && passed > 1 << 20)) far.pause();
    });
    far.once("end", () => near.end());
    near.on("drain", () => {
      if (!state.holding || passed <= 1 << 20) far.resume();
    });
    near.on("data", () => {
      if (state.bytes === 0) return;
      state.holding = false;
      far.resume();
    });
  }
  await new Promise(listening => server.listen(0, "127.0.0.1", listening));
  return {
    url: `ws://127.0.0.1:${server.address().port}/bolt`,
    /**
     * lanes: how many were opened; bytes: what the relay sent on them; open, most: how many are open now, and were at
     * most; left: how many the page left before their end.
     */
    state,
    /** Treats lanes in another way from now on, one of ways or "holding", and counts anew. */
    be(way) {
      const holding = way === "holding";
      Object.assign(state, { treat: ways[holding ? "passing" : way], holding, lanes: 0, bytes: 0, most: 0, left: 0 });
    },
    close: () =>
      new Promise(closed => {
        server.close(closed);
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Breaks the response when the relay breaks the answer off, as proxies do. Firefox may keep the connection of a request
 * that was aborted until something comes on it: it would count as open in the tests that follow.
 */
function breakTogether(answer, response) {
  answer.once("close", () => {
    if (!answer.complete) response.destroy();
  });
}

/** What is done to the relay's answer to the request for a lane. */
export const ways = {
  passing(answer, response, pass) {
    pass();
    answer.pipe(response);
  },
  refusing(answer, response) {
    answer.destroy();
    response.writeHead(403).end("no");
  },
  /** Gives all at once, when the relay has ended the answer. */
  buffering(answer, response, pass) {
    const parts = [];
    answer.on("data", part => parts.push(part));
    answer.on("end", () => {
      pass();
      response.end(Buffer.concat(parts));
    });
    answer.on("error", () => response.destroy());
  },
  silent(answer) {
    answer.resume();
  },
  /** Breaks after the first 100,000 bytes. */
  breaking(answer, response, pass) {
    pass();
    let passed = 0;
    answer.on("data", part => {
      passed += part.length;
      response.write(part);
      if (passed > 100_000) response.destroy();
    });
    answer.on("end", () => response.end());
  },
  /** Announces a block of 4 GB in the place of the first. */
  "promising too much"(answer, response, pass) {
    pass();
    breakTogether(answer, response);
    let passed = 0;
    answer.on("data", part => {
      if (passed === 0) response.write(part.subarray(0, 8));
      else if (passed === 8) response.write(Buffer.from("ffffffff01000000", "hex"));
      passed += part.length;
    });
  },
  /** Sends blocks whose bytes are turned over. */
  lying(answer, response, pass) {
    pass();
    breakTogether(answer, response);
    let at = 0;
    answer.on("data", part => {
      // behind the first frame, and the head of a frame and of a block
      for (let i = 0; i < part.length; i++) if (at++ >= 8 + 8 + 64) part[i] ^= 0x5a;
      response.write(part);
    });
    answer.on("end", () => response.end());
  },
};
