import { Connection, ConnectionProfile } from "../../index.js";
import { optionsFor, ownRelay, type Target } from "../core/session.js";
import { messageOf } from "../core/text.js";

/** A way to the server, and how fast it was. */
export interface SpeedFinding {
  way: string;
  rows: number;
  /** Milliseconds to open the connection, and to read all rows. */
  opened: number;
  read: number;
  failure: string;
}

const rows = 200_000;
const query = `UNWIND range(1, ${rows}) AS n RETURN n, n * 0.5 AS half, 'row ' + n AS text`;

/** The ways that a page can take to a target: Bolt direct, Bolt through the relay, and HTTP. */
export function waysTo(target: Target): { way: string; target: Target }[] {
  const { protocol, secure, host } = new ConnectionProfile(target.uri);
  const bolt = protocol === "bolt" ? target.uri : `bolt${secure ? "+s" : ""}://${host}`;
  const http = protocol === "http" ? target.uri : `http${secure ? "s" : ""}://${host}`;
  return [
    { way: "Bolt, direct", target: { ...target, uri: bolt, useRelay: false } },
    {
      way: "Bolt, through the relay",
      target: { ...target, uri: bolt, useRelay: true, relay: target.relay || ownRelay() },
    },
    { way: "HTTP", target: { ...target, uri: http, useRelay: false } },
  ];
}

/** Reads the same rows on one way. */
export async function measure(
  { way, target }: { way: string; target: Target },
  abort: AbortSignal,
): Promise<SpeedFinding> {
  const began = performance.now();
  let cx: Connection | undefined;
  try {
    cx = await Connection.open(new ConnectionProfile(target.uri), {
      ...optionsFor(target),
      signal: abort,
      connectTimeout: 10_000,
    });
    const opened = performance.now() - began;
    const result = await cx.runProg(target.database, query, {}, { readonly: true, signal: abort });
    let count = 0;
    for await (const { block, from } of result.blocks({ signal: abort })) count += block.rows - from;
    return { way, rows: count, opened, read: performance.now() - began - opened, failure: "" };
  } catch (thrown) {
    return { way, rows: 0, opened: 0, read: 0, failure: messageOf(thrown) };
  } finally {
    await cx?.close().catch(() => {});
  }
}
