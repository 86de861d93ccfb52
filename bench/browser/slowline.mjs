// A slow line: 20 Mbit/s and 40 ms each way between the browser and the server. `tc netem` is no part of every kernel,
// so the line is a proxy: all connections share its rate, what is sent arrives 40 ms later, and the first bytes of a
// connection wait for its handshake as well. What it lacks are TCP's slow start and losses, by which a real line is
// slower still for whoever opens more connections.
import { connect, createServer } from "node:net";
import { setTimeout as after } from "node:timers";
import { startRelay } from "../../web/test/environment.mjs";
import { interleaved, withPage } from "./parts.mjs";

const bytesPerMillisecond = 20e6 / 8 / 1000;
const delay = 40;
/**
 * How many bytes may be under way in one direction of a connection before its sender has to wait: more than the line
 * holds.
 */
const window = 4 * bytesPerMillisecond * delay;

/** Measures the time until so many nodes of the replay server are on the page. */
export async function measureSlowLine(bench, native, rows) {
  const line = new Line();
  const closers = [];
  const through = async address => {
    const end = await line.to(address);
    closers.push(end.close);
    return end.address;
  };
  try {
    const relay = await startRelay(`bolt://${native.tcp}`, "-origin", bench.files.origin, "-lane-compression", "on");
    closers.push(relay.close);
    const socket = `ws://${await through(new URL(relay.url).host)}/bolt`;
    const direct = `bolt://${await through(native.ws)}`;
    const servers = {
      webbolt: { uri: `bolt://${native.tcp}`, relay: socket },
      "webbolt without relay": { uri: direct },
      "neo4j-driver": { relay: socket },
      "neo4j-driver without relay": { uri: direct },
    };
    const pages = new Map();
    for (const [name, server] of Object.entries(servers))
      pages.set(name, await withPage(bench, name.replace(" without relay", ""), server));
    await interleaved(bench, { subjects: Object.keys(servers) }, pages, async (subject, page, counts) => {
      await page.bringToFront();
      const got = await page.evaluate(query => bench.read(query, {}), `nodes ${rows}`);
      if (got.rows !== rows) throw new Error(`${subject} read ${got.rows} rows, not ${rows}`);
      if (counts) bench.report.add("slow line", "nodes", `${rows} rows`, subject, "s", got.seconds);
    });
    for (const page of pages.values()) await page.close();
    console.error("slow line: nodes");
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** A line that connections share. */
class Line {
  #free = { up: 0, down: 0 };

  /** Opens an end that leads to an address. */
  async to(address) {
    const [host, port] = address.split(":");
    const sockets = new Set();
    const server = createServer(near => {
      const far = connect(Number(port), host);
      const opened = performance.now() + 2 * delay;
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("error", () => {});
        socket.once("close", () => sockets.delete(socket));
      }
      this.#carry("up", near, far, opened);
      this.#carry("down", far, near, 0);
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

  /** Carries what comes from one socket to the other: in order, no faster than the line, and later. */
  #carry(way, from, to, notBefore) {
    let underWay = 0;
    const waiting = [];
    const deliver = () => {
      while (waiting.length > 0 && waiting[0].due <= performance.now()) waiting.shift().then();
      if (waiting.length > 0) after(deliver, Math.max(1, waiting[0].due - performance.now()));
    };
    const arrive = then => {
      waiting.push({ due: Math.max(this.#free[way] + delay, notBefore), then });
      if (waiting.length === 1) deliver();
    };
    from.on("data", data => {
      this.#free[way] = Math.max(performance.now(), this.#free[way]) + data.length / bytesPerMillisecond;
      underWay += data.length;
      if (underWay > window) from.pause();
      arrive(() => {
        underWay -= data.length;
        if (underWay <= window) from.resume();
        to.write(data);
      });
    });
    from.once("end", () => arrive(() => to.end()));
    from.once("close", () => arrive(() => to.destroySoon()));
  }
}
