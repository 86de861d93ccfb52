// What is measured: loads by source, with as many rows, by default, as the slowest client reads in about a second or
// two.
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: process.env.ROUNDS ?? "7" },
    scale: { type: "string", default: process.env.SCALE ?? "1" },
    quick: { type: "boolean", default: Boolean(process.env.QUICK) },
    browser: { type: "string", default: "chrome,firefox" },
    out: { type: "string", default: "bench/results/browser.json" },
    only: { type: "string", default: "" },
    source: { type: "string", default: "" },
    load: { type: "string", default: "" },
    dist: { type: "string", default: "" },
  },
});

export const settings = {
  ...values,
  browsers: values.browser.split(","),
  rounds: values.quick ? 1 : Number(values.rounds),
  scale: values.quick ? 0.1 : Number(values.scale),
};

/** Whether a part of the bench is asked for; `--only rows,memory` asks for two. */
export const wanted = part => settings.only === "" || settings.only.split(",").includes(part);

/**
 * Whether a source or a load is asked for; `--source relay` measures that one anew, and leaves the file's figures of
 * the others.
 */
export const wantedSource = name => name.includes(settings.source);
export const wantedLoad = ({ name }) => settings.load === "" || settings.load.split(",").includes(name);

const trips = 1000;

/** Small queries: one after the other, 16 under way at once, in transactions. */
const smallQueries = query =>
  [
    { name: "one" },
    { name: "one x 16", how: "onOne", together: 16 },
    { name: "one x 16 on a pool", how: "pooled", together: 16 },
    { name: "one by executeRead", how: "executed" },
    { name: "one in a transaction", how: "inTransaction" },
  ].map(load => ({ query, parameters: {}, rows: 1, trips: scaled(trips), ...load }));

const scaled = rows => Math.max(Math.round(rows * settings.scale), 1);

/** Queries to the replay server, with so many times the rows. */
export function replayLoads(times = 1) {
  const load = (name, rows, more) => ({
    name,
    query: `${name} ${scaled(rows)}`,
    parameters: {},
    rows: scaled(rows),
    ...more,
  });
  // What a page feels is measured over more rows: long tasks are rare.
  return [
    load("integers", 150_000 * times, { busy: load("integers", 1_000_000), memory: "holdColumns" }),
    load("scalars", 100_000 * times),
    load("nodes", 40_000 * times, { graph: true, busy: load("nodes", 200_000), memory: "hold" }),
    load("paths", 10_000 * times, { graph: true, busy: load("paths", 50_000), memory: "holdGraph" }),
    load("strings", 40 * times),
    ...smallQueries("one 1"),
  ];
}

/** How many nodes a real server has for us, and their label: another run has nodes of its own. */
export const people = 1000;
export const label = `WebboltPage${process.pid}`;

/** Queries to a real server, with more rows where clients are quicker. */
export function realLoads({ integers, scalars, nodes, paths, strings }) {
  const load = (name, rows, query, more) => ({ name, query, rows, parameters: { n: rows, k: rows / people }, ...more });
  const busy = load => ({ ...load, busy: load });
  const thousands = rows => Math.max(Math.round(scaled(rows) / people), 1) * people;
  return [
    busy(
      load("integers", thousands(integers), "UNWIND range(1, $n) AS i RETURN i AS a, i * 1000003 AS b, i % 100 AS c"),
    ),
    load(
      "scalars",
      thousands(scalars),
      "UNWIND range(1, $n) AS i RETURN i AS id, 'name number ' + i AS name, i * 1.5 AS score, i % 2 = 0 AS active, 1700000000000 + i AS since, 'Malmö' AS city",
    ),
    busy(load("nodes", thousands(nodes), `UNWIND range(1, $k) AS i MATCH (n:${label}) RETURN n`, { graph: true })),
    busy(
      load(
        "paths",
        thousands(paths),
        `UNWIND range(1, $k) AS i MATCH p = (:${label})-[:NEXT]->(:${label})-[:NEXT]->(:${label}) RETURN p`,
        { graph: true },
      ),
    ),
    load(
      "strings",
      scaled(strings),
      "WITH reduce(s = 'abcdefgh', i IN range(1, 17) | s + s) AS text UNWIND range(1, $n) AS i RETURN text",
    ),
    ...smallQueries("RETURN 1 AS x"),
  ];
}
