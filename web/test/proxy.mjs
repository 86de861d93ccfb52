// Passes TCP connections on, and cuts them when a test says so.
import { connect, createServer } from "node:net";

/** Starts a proxy in front of "host:port". */
export async function startProxy(upstream) {
  const colon = upstream.lastIndexOf(":");
  const sockets = new Set();
  let refusing = false;
  const keep = socket => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  };
  const cut = (refuse = false) => {
    refusing = refuse;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer(near => {
    if (refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(upstream.slice(colon + 1)), upstream.slice(0, colon));
    keep(near);
    keep(far);
    near.pipe(far);
    far.pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  await new Promise(listening => server.listen(0, "127.0.0.1", listening));
  return {
    /** The same as upstream, where cut() ends all connections; cut(true) refuses new ones, too, until mend(). */
    address: `127.0.0.1:${server.address().port}`,
    cut,
    mend: () => {
      refusing = false;
    },
    close: () =>
      new Promise(closed => {
        server.close(closed);
        cut();
      }),
  };
}
