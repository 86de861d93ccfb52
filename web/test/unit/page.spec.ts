// What the page reckons without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DateTime,
  Duration,
  Float,
  GraphBuilder,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Point,
  Time,
  type ProfiledPlan,
} from "../../src/index.js";
import { BlockReader } from "../../src/rowblock.js";
import { parseMetrics } from "../../src/page/admin/metrics.js";
import { LiteralError, parseLiteral } from "../../src/page/core/literals.js";
import { KeptRows } from "../../src/page/core/rows.js";
import { offsetOf, StatementRun } from "../../src/page/core/run.js";
import { statementAt, statementsOf } from "../../src/page/core/statements.js";
import { bounded, textOf } from "../../src/page/core/text.js";
import { Camera } from "../../src/page/graph/camera.js";
import { boxOf, lineOf, middleOf } from "../../src/page/graph/geometry.js";
import { edgeAt, nodeAt } from "../../src/page/graph/hits.js";
import { looksOf } from "../../src/page/graph/looks.js";
import { Pace } from "../../src/page/graph/pace.js";
import { hidden, Scene } from "../../src/page/graph/scene.js";
import { layOut } from "../../src/page/plan/tree.js";
import { csvCell } from "../../src/page/table/export.js";
import { sortedRows } from "../../src/page/table/order.js";
import { buffer, vectors } from "./vectors.js";

test("literals are read as Cypher reads them", () => {
  const cases: [string, unknown][] = [
    ["42", 42],
    ["-7", -7],
    ["9007199254740993", 9007199254740993n],
    ["0xFF", 255],
    ["0o17", 15],
    ["true", true],
    ["NULL", null],
    [String.raw`'a\'b\n\u00e9'`, "a'b\né"],
    ['"x"', "x"],
    ["[1, [2, 'z']]", [1, [2, "z"]]],
    ["{a: 1, `b c`: {d: []}}", { a: 1, "b c": { d: [] } }],
    ["date('2024-12-31')", new LocalDate(2024, 12, 31)],
    ["localtime('12:30')", new LocalTime(12, 30, 0)],
    ["time('12:30:15.5-03:30')", new Time(12, 30, 15, 500_000_000, -12_600)],
    ["localdatetime('2024-12-31T01:02:03')", new LocalDateTime(2024, 12, 31, 1, 2, 3)],
    [
      "datetime('2024-07-01T12:00:00+02:00[Europe/Stockholm]')",
      new DateTime(2024, 7, 1, 12, 0, 0, 0, 7200, "Europe/Stockholm"),
    ],
    [
      "datetime('2024-07-01T12:00:00[Europe/Stockholm]')",
      new DateTime(2024, 7, 1, 12, 0, 0, 0, 7200, "Europe/Stockholm"),
    ],
    ["datetime('2024-07-01T12:00:00Z')", new DateTime(2024, 7, 1, 12, 0, 0, 0, 0)],
    ["duration('P1Y2M3W4DT5H6M7.8S')", new Duration(14, 25, 18_367, 800_000_000)],
    ["duration('-PT1.5S')", new Duration(0, 0, -2, 500_000_000)],
    ["point({x: 1, y: 2.5})", new Point(7203, 1, 2.5)],
    ["point({longitude: 13, latitude: 55, height: 3})", new Point(4979, 13, 55, 3)],
  ];
  for (const [text, value] of cases) assert.deepEqual(parseLiteral(text), value, text);
  for (const text of ["10.0", "1e3", ".5", "-Infinity", "NaN"]) assert.ok(parseLiteral(text) instanceof Float, text);
});

test("what is no literal says why and where", () => {
  for (const [text, at] of [
    ["", 0],
    ["'open", 0],
    ["[1, ", 4],
    ["{a 1}", 3],
    ["nonsense", 0],
    ["1 2", 2],
    ["99999999999999999999", 20],
    ["date('tomorrow')", 0],
    ["delete()", 0],
    ["[".repeat(200), 101],
  ] as const) {
    assert.throws(
      () => parseLiteral(text),
      thrown => thrown instanceof LiteralError && thrown.at === at,
      text,
    );
  }
  assert.deepEqual(Object.keys(parseLiteral("{__proto__: 1}") as object), ["__proto__"]);
});

test("statements are split at semicolons that stand alone", () => {
  const text = 'MATCH (n) RETURN \';\' AS a; // not; here\nRETURN "\\";" AS b;\n/* nor; here */ ;RETURN `x;y`';
  const found = statementsOf(text);
  assert.deepEqual(
    found.map(statement => statement.text),
    ["MATCH (n) RETURN ';' AS a", '// not; here\nRETURN "\\";" AS b', "RETURN `x;y`"],
  );
  for (const { text: part, offset } of found) assert.equal(text.slice(offset, offset + part.length), part);
  assert.equal(statementAt(text, text.length)?.text, "RETURN `x;y`");
  assert.deepEqual(statementsOf(" ; /* a */ ;; 'open ; "), [{ text: "'open ;", offset: 14 }]);
});

test("places that a server names lie in the text, or nowhere", () => {
  assert.equal(offsetOf("ab\ncde", 2, 2), 4);
  assert.equal(offsetOf("ab", 1, 3), 2);
  for (const [line, column] of [
    [1, 500_000_000],
    [1, 2 ** 53],
    [0, 1],
    [3, 1],
    [1, 0],
    [1, -1],
    [1, 1.5],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ] as const) {
    assert.equal(offsetOf("ab\ncde", line, column), undefined, `${line}:${column}`);
  }
});

test("text of values is bounded in length and depth", () => {
  const deep = Array.from({ length: 5000 }).reduce<unknown>(inner => [inner], 1);
  assert.ok(textOf(deep).length < 200);
  assert.ok(textOf({ a: "x".repeat(1e6) }, 100).length < 120);
  assert.ok(
    textOf(
      Array.from({ length: 1e6 }, (_, i) => i),
      100,
    ).length < 120,
  );
  assert.ok(bounded("y".repeat(1e6), 50).length < 100);
  assert.equal(textOf(new Float(10)), "10.0");
  assert.equal(textOf([1, "a", null, { b: true }]), '[1, "a", null, {b: true}]');
});

/** Rows of one field out of the blocks of a vector. */
function rowsOf(name: string): KeptRows {
  const { blocks } = vectors.find(vector => vector.name === name)!;
  const reader = new BlockReader();
  const rows = new KeptRows();
  for (const block of blocks) rows.add(reader.read(buffer(block)), 0);
  return rows;
}

test("kept rows are found across blocks", () => {
  const rows = rowsOf("several blocks share a dictionary");
  const all = rows.blocks.flatMap(block => Array.from({ length: block.rows }, (_, row) => block.value(row, 0)));
  assert.equal(rows.count, all.length);
  assert.ok(rows.blocks.length > 1);
  assert.deepEqual(
    Array.from({ length: rows.count }, (_, row) => rows.value(row, 0)),
    all,
  );
  assert.equal(rows.value(rows.count, 0), undefined);
});

test("rows are sorted by any values, nulls last, equal ones as they came", async () => {
  const values = [3, null, "b", 1, new Float(2), "a", Number.NaN, 1];
  const rows = { count: values.length, value: (row: number) => values[row] } as unknown as KeptRows;
  const order = async (descending: boolean) =>
    Array.from((await sortedRows(rows, { field: 0, descending }, new AbortController().signal))!);
  assert.deepEqual(await order(false), [3, 7, 4, 0, 6, 5, 2, 1]);
  assert.deepEqual(await order(true), [0, 4, 3, 7, 6, 2, 5, 1]);
});

test("many rows are sorted as few are, and a sort that is no longer wanted ends", async () => {
  const values = Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 1000);
  const rows = { count: values.length, value: (row: number) => values[row] } as unknown as KeptRows;
  const { signal } = new AbortController();
  const wanted = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  assert.deepEqual(Array.from((await sortedRows(rows, { field: 0, descending: false }, signal))!), wanted);
  const ended = AbortSignal.abort();
  const slow = { count: 5000, value: (row: number) => (busy(), row) } as unknown as KeptRows;
  assert.equal(await sortedRows(slow, { field: 0, descending: false }, ended), undefined);
});

/** Takes a little time, so that a slice is over soon. */
function busy(): void {
  const until = performance.now() + 0.05;
  while (performance.now() < until);
}

test("rows that were looked at long ago are read anew", () => {
  const rows = new KeptRows();
  for (let i = 0; i < 80; i++) for (const block of rowsOf("strings").blocks) rows.add(block, 0);
  const first = rows.value(0, 0);
  assert.equal(typeof first, "string");
  for (let row = 0; row < rows.count; row++) rows.value(row, 0);
  assert.equal(rows.value(0, 0), first);
  const decoded = rows.blocks.filter(each => (each as unknown as { decoded?: string }).decoded !== undefined);
  assert.ok(decoded.length <= 32, `the text of ${decoded.length} blocks is kept`);
});

test("cells of CSV are quoted where they must be", () => {
  assert.deepEqual(
    [csvCell(null), csvCell("a,b"), csvCell('say "x"'), csvCell([1, 2]), csvCell(9007199254740993n), csvCell("plain")],
    ["", '"a,b"', '"say ""x"""', '"[1,2]"', "9007199254740993", "plain"],
  );
});

test("a plan is laid out above what feeds it, and the costly operators are known", () => {
  const operator = (name: string, dbHits: number, children: ProfiledPlan[] = []): ProfiledPlan => ({
    operator: name + "@neo4j",
    identifiers: [],
    arguments: {},
    children,
    dbHits,
    rows: 1,
    pageCacheHits: 0,
    pageCacheMisses: 0,
    pageCacheHitRatio: 0,
    time: 0,
  });
  const { operators, width } = layOut(
    operator("ProduceResults", 0, [operator("Join", 10, [operator("Scan", 80), operator("Seek", 10)])]),
  );
  const [top, join, scan, seek] = operators as [
    (typeof operators)[0],
    (typeof operators)[0],
    (typeof operators)[0],
    (typeof operators)[0],
  ];
  assert.deepEqual([top.name, scan.share], ["ProduceResults", 0.8]);
  assert.ok(
    top.y < join.y && join.y < scan.y && scan.y === seek.y && scan.x < seek.x && join.x > scan.x && join.x < seek.x,
  );
  assert.ok(width > seek.x);
});

test("a scene grows with its graph, within its time, and bends parallel relationships apart", () => {
  const builder = new GraphBuilder();
  const vector = vectors.find(({ name }) => name.includes("path"))!;
  const reader = new BlockReader();
  for (const block of vector.blocks) builder.add(reader.read(buffer(block)));
  const { graph } = builder;
  const scene = new Scene(graph, looksOf({}));
  assert.equal(scene.grow(), false);
  assert.deepEqual([scene.nodes, scene.edges], [graph.nodeCount, graph.relationshipCount]);
  assert.ok(scene.nodes > 0 && scene.edges > 0);
  for (let edge = 0; edge < scene.edges; edge++) {
    assert.ok(Array.from(scene.edgesOf(scene.sources[edge]!)).includes(edge));
    const line = lineOf(scene, edge, 1);
    assert.ok(line.loop ? line.radius > 0 : line.to.every(Number.isFinite));
  }
  assert.ok(boxOf(scene));
  scene.flag(
    hidden,
    true,
    Array.from({ length: scene.nodes }, (_, node) => node),
  );
  assert.equal(boxOf(scene), undefined);
});

test("a run that fails keeps its rows, and a later statement cannot add to them", async () => {
  (globalThis as { requestAnimationFrame?: unknown }).requestAnimationFrame ??= (call: () => void) =>
    setTimeout(call, 0);
  const run = new StatementRun({ text: "RETURN 1", offset: 0 });
  const failed = new Error("half way");
  await run.run(
    async () =>
      ({
        protocolVersion: "5.8",
        fields: async () => ["n"],
        async *blocks() {
          const reader = new BlockReader();
          yield {
            block: reader.read(buffer(vectors.find(({ name }) => name === "small integers")!.blocks[0]!)),
            from: 0,
          };
          throw failed;
        },
      }) as never,
    new AbortController().signal,
  );
  assert.deepEqual(
    [run.state.value, run.failure.value, run.rows.count > 0, run.total !== undefined],
    ["failed", failed, true, true],
  );
});

test("only the relay's own metrics are read", () => {
  assert.deepEqual(
    parseMetrics(
      '# HELP x\ngo_threads 4\nwebbolt_relay_connections 3\nwebbolt_relay_frames_total{direction="in"} 12\nwebbolt_relay_d_bucket{le="1"} 5\n',
    ),
    [
      { name: "connections", labels: "", value: "3" },
      { name: "frames_total", labels: 'direction="in"', value: "12" },
    ],
  );
});

test("a large graph is drawn with fewer lines while its frames are slow, and with all at rest", () => {
  const pace = new Pace();
  const frames = (count: number, took: number, lines = 100_000): number => {
    let oneIn = 0;
    for (let i = 0; i < count; i++) oneIn = pace.frame(lines, (now += took));
    return oneIn;
  };
  let now = 1000;
  assert.equal(frames(50, 16.7), 1);
  assert.equal(frames(4, 40), 2);
  assert.equal(frames(20, 40), 8);
  assert.equal(frames(50, 16.7), 8, "no to and fro while it moves");
  assert.equal(frames(50, 40, 1000), 1, "a small graph is drawn whole");
  pace.rest();
  now += 5000;
  assert.equal(frames(1, 5000), 4, "a rest is no slow frame");
});

test("a relationship is found where its line is drawn, and a node before it", () => {
  const vector = vectors.find(({ name }) => name === "paths")!;
  const builder = new GraphBuilder();
  const reader = new BlockReader();
  for (const block of vector.blocks) builder.add(reader.read(buffer(block)));
  const scene = new Scene(builder.graph, looksOf({}));
  scene.grow();
  for (let node = 0; node < scene.nodes; node++) scene.places.set([node * 300, (node % 2) * 200], 2 * node);
  const camera = new Camera();
  Object.assign(camera, { width: 800, height: 600, x: 150, y: 100 });
  assert.ok(scene.edges > 0);
  for (let edge = 0; edge < scene.edges; edge++) {
    const middle = middleOf(lineOf(scene, edge, camera.zoom / camera.scale));
    const [x, y] = camera.toScreen(middle.x, middle.y);
    const found = edgeAt(scene, camera, x, y, 5)!;
    assert.deepEqual(
      [scene.sources[found], scene.targets[found]].sort(),
      [scene.sources[edge], scene.targets[edge]].sort(),
    );
    assert.equal(edgeAt(scene, camera, x, y + 4000, 5), undefined);
  }
  const [x, y] = camera.toScreen(scene.places[0]!, scene.places[1]!);
  assert.equal(nodeAt(scene, camera, x, y, 3), 0);
});
