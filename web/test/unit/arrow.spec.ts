import assert from "node:assert/strict";
import { test } from "node:test";
import { tableFromIPC, type Table } from "apache-arrow";
import { ArrowWriter, toArrow } from "../../src/arrow.js";
import { blocksOf, vectors } from "./vectors.js";

const table = (name: string, from = 0): Table =>
  tableFromIPC(
    toArrow(["a", "b"].slice(0, vectors.find(vector => vector.name === name)!.fields), blocksOf(name), from),
  );
const values = (of: Table, field = "a"): unknown[] => [...of.getChild(field)!].map(value => plain(value));
const typeOf = (of: Table, field = "a"): string => String(of.schema.fields.find(({ name }) => name === field)!.type);

/** Arrow's vectors as arrays. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (typeof value === "object" && value !== null && Symbol.iterator in value)
    return [...(value as Iterable<unknown>)].map(plain);
  return value;
}

test("integers become Int64", () => {
  const read = table("small integers");
  assert.equal(typeOf(read), "Int64");
  assert.deepEqual(values(read), [1n, 127n, 0n]);
  assert.deepEqual(values(read, "b"), [-16n, -(2n ** 31n), 2n ** 31n - 1n]);
  assert.deepEqual(values(table("small integers", 1)), [127n, 0n]);
  assert.deepEqual(values(table("integers up to 53 bits")), [
    1n,
    2n ** 31n,
    -BigInt(Number.MAX_SAFE_INTEGER),
    BigInt(Number.MAX_SAFE_INTEGER),
  ]);
  assert.deepEqual(values(table("integers beyond 53 bits")), [1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n]);
});

test("numbers with nulls", () => {
  const read = table("numbers and nulls");
  assert.equal(typeOf(read), "Int64");
  assert.deepEqual(values(read), [7n, null]);
  assert.equal(typeOf(read, "b"), "Float64");
  assert.deepEqual(values(read, "b"), [null, 1]);
});

test("floats, strings, bytes", () => {
  assert.deepEqual(values(table("floats")), [1.5, -0, Infinity, NaN, 2]);
  const strings = table("strings");
  assert.equal(typeOf(strings), "Utf8");
  // apache-arrow takes a byte order mark for one even inside of a column.
  assert.deepEqual(
    values(strings),
    vectors.find(({ name }) => name === "strings")!.rows.map(([text]) => (text as string).replace("\ufeff", "")),
  );
  assert.deepEqual(values(table("bytes")), [[], [0, 1, 255]]);
});

test("mixed values, nodes and maps become JSON", () => {
  const mixed = table("mixed");
  assert.equal(typeOf(mixed), "Utf8");
  assert.equal(mixed.schema.fields[0]!.metadata.get("ARROW:extension:name"), "arrow.json");
  assert.deepEqual(
    values(mixed).map(text => JSON.parse(text as string)),
    [1, null, true, false, 0.25, 2 ** 27, -(2 ** 27), 2 ** 27 - 1, "1152921504606846976", "text", 5],
  );
  assert.equal(JSON.parse(values(table("nodes"))[0] as string).properties.name, "Ada");
  assert.equal(values(table("maps"))[1], '{"a":1,"b":"x"}');
  assert.equal(JSON.parse(values(table("paths"))[1] as string).relationships[1].type, "Y");
});

test("dates and times", () => {
  assert.equal(values(table("dates and times"))[0], '"1970-01-01"', "all kinds in one field have nothing in common");
  // Each kind alone, by a block whose cells are all the same.
  const only = (row: number) => {
    const block = blocksOf("dates and times")[0]!;
    const at = block.directory[1]!;
    block.tape.fill(block.tape[at + row]!, at, at + block.rows);
    const read = tableFromIPC(toArrow(["a"], [block]));
    return { type: typeOf(read), data: read.getChild("a")!.data[0]!.values as ArrayLike<bigint | number> };
  };
  const first = (row: number) => [only(row).type, only(row).data[0]];
  assert.deepEqual(first(0), ["Date32<DAY>", 0]);
  assert.deepEqual(first(2), ["Date32<DAY>", 20414]);
  assert.deepEqual(first(6), ["Time64<NANOSECOND>", 45296123456789n]);
  assert.deepEqual(first(9), ["Timestamp<NANOSECOND>", 1700000000500000000n]);
  assert.deepEqual(first(11), ["Timestamp<NANOSECOND, UTC>", 1700000000000000000n]);
  assert.deepEqual(first(13), ["Timestamp<NANOSECOND, UTC>", 1700000000000000000n]);
  assert.equal(only(20).type, "Interval<MONTH_DAY_NANO>");
  const words = new DataView(Int32Array.from(Array.from(only(20).data).slice(0, 4) as number[]).buffer);
  assert.deepEqual(
    [words.getInt32(0, true), words.getInt32(4, true), words.getBigInt64(8, true)],
    [14, 10, 9_000_500_000_000n],
  );
  assert.equal(only(4).type, "Utf8", "a day beyond a Date32's reach");
});

test("lists", () => {
  const lists = table("lists");
  assert.equal(typeOf(lists), "List<Utf8>"); // of JSON, as the elements have nothing in common
  assert.deepEqual(values(lists).slice(0, 4), [[], ["1", "2", "-3"], ["0.5", "1.5"], ["1", '"a"', null]]);
  const pick = (rows: number[]) => {
    const block = blocksOf("lists")[0]!;
    const at = block.directory[1]!;
    const cells = rows.map(row => block.tape[at + row]!);
    for (let i = 0; i < block.rows; i++) block.tape[at + i] = cells[i % cells.length]!;
    const read = tableFromIPC(toArrow(["a"], [block]));
    return [typeOf(read), ...values(read).slice(0, rows.length)];
  };
  assert.deepEqual(pick([1, 0, 6]), ["List<Int64>", [1n, 2n, -3n], [], [1n, 2n ** 53n]]);
  assert.deepEqual(pick([2, 4]), ["List<Float64>", [0.5, 1.5], [1.5, 2]]);
  assert.deepEqual(pick([7]), ["List<List<List<Int64>>>", [[], [[1n]]]]);
});

test("no rows, no fields, several blocks", () => {
  assert.equal(table("no rows").numRows, 0);
  assert.deepEqual(
    table("no rows").schema.fields.map(({ name }) => name),
    ["a", "b"],
  );
  assert.equal(tableFromIPC(toArrow([], blocksOf("no fields"))).schema.fields.length, 0);
  const several = table("several blocks share a dictionary");
  assert.equal(several.numRows, 6);
  assert.ok(several.batches.length > 1);
});

test("part by part it is the same stream", () => {
  const [first] = blocksOf("numbers and nulls");
  const blocks = [...blocksOf("small integers"), first!];
  const writer = new ArrowWriter(["a", "b"]);
  for (const block of blocks) writer.learn(block);
  const parts = [...writer.head(), ...blocks.flatMap(block => writer.batch(block)), ...writer.end()];
  assert.deepEqual(Buffer.concat(parts), Buffer.from(toArrow(["a", "b"], blocks)));
  assert.deepEqual(writer.batch(first!, first!.rows), [], "a batch without rows");
});
