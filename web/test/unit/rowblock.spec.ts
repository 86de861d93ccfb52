import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockReader, columnOf, joinColumns, Shape } from "../../src/rowblock.js";
import { packParameters } from "../../src/packstream.js";
import { DateTime, Float, jsonValue, type Node, type Path } from "../../src/values.js";
import { blocksOf, buffer, notation, valuesOf, vectors } from "./vectors.js";

for (const { name, blocks, fields, rows } of vectors) {
  test(`vector: ${name}`, () => {
    const reader = new BlockReader();
    const read = blocks.flatMap(hex => {
      const block = reader.read(buffer(hex));
      assert.equal(block.fields, fields);
      return Array.from({ length: block.rows }, (_, row) => block.row(row));
    });
    assert.deepEqual(read.map(notation), rows);
  });
}

test("blocks that were not written by us are refused", () => {
  const good = Buffer.from(vectors[0]!.blocks[0]!, "hex");
  const changed = (at: number, byte: number) => {
    const bytes = new Uint8Array(good);
    bytes[at] = byte;
    return bytes.buffer;
  };
  const reader = new BlockReader();
  assert.throws(() => reader.read(new ArrayBuffer(8)), /longer than this buffer/);
  assert.throws(() => reader.read(changed(0, 0)), /not a row block/);
  assert.throws(() => reader.read(changed(4, 9)), /version 9/);
  assert.throws(() => reader.read(changed(10, 1)), /cut short/);
  assert.throws(() => reader.read(changed(30, 1)), RangeError); // a tape longer than the block
  assert.throws(() => reader.read(new Uint8Array(good).buffer.slice(0, good.length - 8)), /cut short/);
});

/** A block of one column of cells over a tape. */
function blockOf(
  rows: number,
  tape: number[],
  { begin = 0, shapes = [] as number[], floats = [] as number[] } = {},
): ArrayBuffer {
  const words = [
    0x4b4c4257,
    1 | (1 << 16),
    0,
    rows,
    1,
    floats.length,
    0,
    tape.length,
    0,
    0,
    0,
    0,
    0,
    0,
    shapes.length > 0 ? 1 : 0,
    shapes.length,
  ];
  const body = [0, begin, ...tape, 0, ...shapes];
  const bytes = 4 * (words.length + body.length) + 8 * floats.length;
  const buffer = new ArrayBuffer((bytes + 7) & ~7);
  new Int32Array(buffer, 0, 16).set(words);
  new Uint32Array(buffer, 0, 16)[2] = buffer.byteLength;
  new Float64Array(buffer, 64, floats.length).set(floats);
  new Int32Array(buffer, 64 + 8 * floats.length, body.length).set(body);
  return buffer;
}

test("blocks that lie are refused, and no value is made of them", () => {
  const list = (length: number) => (length << 2) | 0;
  const cell = (tag: number, payload: number) => (payload << 4) | tag;
  assert.deepEqual(
    new BlockReader().read(blockOf(1, [cell(8, 1), list(1), cell(1, 7)])).row(0),
    [[7]],
    "the helper makes what can be read",
  );
  for (const [name, buffer] of Object.entries({
    "more rows than the column": blockOf(4, [0, 0, 0]),
    "more rows than there can be": blockOf(0x7fffffff, [0]),
    "a column before the tape": blockOf(1, [0], { begin: -1 }),
    "a list beyond the tape": blockOf(1, [cell(8, 1), list(2), 0]),
    "a list of 500 million": blockOf(1, [cell(8, 1), list(0x1fffffff)]),
    "a list of floats that are not there": blockOf(1, [cell(8, 1), (3 << 2) | 2, 0], { floats: [1, 2] }),
    "a list that holds itself": blockOf(1, [cell(8, 1), list(1), cell(8, 1)]),
    "lists that hold each other": blockOf(1, [cell(8, 1), list(1), cell(8, 3), list(1), cell(8, 1)]),
    "lists nested too deeply": blockOf(1, [
      cell(8, 1),
      ...Array.from({ length: 300 }, (_, i) => [list(1), cell(8, 3 + 2 * i)]).flat(),
      list(0),
    ]),
    "a value beyond the tape": blockOf(1, [cell(9, 99)]),
    "a string that is not there": blockOf(1, [cell(5, 0)]),
    "a number that is not there": blockOf(1, [cell(4, 0)]),
    "an integer that is not there": blockOf(1, [cell(3, 0)]),
    "bytes that are not there": blockOf(1, [cell(7, 1), 0, 8]),
    "a word that is not there": blockOf(1, [cell(14, 0)]),
    "a shape that is not there": blockOf(1, [cell(10, 1), 0, 0, 0]),
    "a shape beyond its section": blockOf(1, [0], { shapes: [1, 1000] }),
    "a shape that goes back": blockOf(1, [0], { shapes: [-2, 0] }),
    "a relationship without a type": blockOf(1, [cell(11, 1), 0, 0, 0, 0, 0, 0, 0], { shapes: [0, 0] }),
    "a path of integers": blockOf(1, [cell(12, 1), 0, cell(1, 1)]),
    "a path of 500 million": blockOf(1, [cell(12, 1), 0x3ffffffe]),
    "a point without coordinates": blockOf(1, [cell(13, 1), 9, cell(1, 1), 0]),
    "an unknown structure": blockOf(1, [cell(13, 1), 77]),
    "an unknown tag": blockOf(1, [cell(15, 1), 0]),
  })) {
    assert.throws(() => new BlockReader().read(buffer), RangeError, name);
  }
});

test("blocks with any byte turned over are refused, or read without going astray", () => {
  for (const { name, blocks } of vectors) {
    const good = new Uint8Array(buffer(blocks[0]!));
    if (good.length > 4096) continue;
    for (let at = 12; at < good.length; at++) {
      const bytes = new Uint8Array(good);
      bytes[at]! ^= 0xff;
      try {
        const block = new BlockReader().read(bytes.buffer);
        for (let row = 0; row < block.rows; row++) block.row(row);
      } catch (thrown) {
        assert.doesNotMatch(
          String(thrown),
          /cannot read|not a function|not iterable|call stack|array length/i,
          `${name}, byte ${at}`,
        );
      }
    }
  }
});

test("integer modes", () => {
  for (const name of ["integers beyond 53 bits", "integers up to 53 bits", "small integers", "mixed"]) {
    const auto = valuesOf(name);
    const big = valuesOf(name, { integers: "bigint" });
    const number = valuesOf(name, { integers: "number" });
    for (const [i, value] of auto.entries()) {
      if (typeof value === "bigint" || Number.isInteger(value)) {
        assert.equal(big[i], BigInt(value as number));
        assert.equal(number[i], Number(value));
      } else {
        assert.deepEqual([big[i], number[i]], [value, value]);
      }
    }
  }
  assert.deepEqual(valuesOf("lists", { integers: "bigint" })[1], [1n, 2n, -3n]);
  assert.equal((valuesOf("nodes", { integers: "bigint" })[0] as Node).identity, 5n);
  assert.match((valuesOf("nodes", { integers: "bigint" })[4] as Node).elementId, /:1099511627776$/);
});

test("temporal modes", () => {
  const objects = valuesOf("dates and times");
  assert.deepEqual(valuesOf("dates and times", { temporal: "iso" }), objects.map(String));
  const native = valuesOf("dates and times", { temporal: "native" });
  assert.deepEqual(native[0], new Date(0));
  assert.deepEqual(native[9], new Date("2023-11-14T22:13:20.500Z"));
  assert.deepEqual(native[11], new Date("2023-11-14T22:13:20Z"));
  assert.deepEqual(native[12], new Date("2023-11-14T22:13:20Z"));
  assert.equal(String(native[4]), "+999999999-12-31"); // beyond a Date
  assert.equal(String(native[7]), "12:34:56-03:30"); // has no Date
});

test("columns are typed where they can be", () => {
  const column = (name: string, integers?: "auto" | "bigint" | "number") =>
    columnOf(blocksOf(name, integers && { integers })[0]!, 0);
  assert.deepEqual(column("small integers"), new Int32Array([1, 127, 0]));
  assert.deepEqual(column("small integers", "bigint"), new BigInt64Array([1n, 127n, 0n]));
  assert.deepEqual(
    column("integers up to 53 bits"),
    new Float64Array([1, 2 ** 31, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]),
  );
  assert.deepEqual(column("integers beyond 53 bits"), new BigInt64Array([1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n]));
  assert.deepEqual(column("integers beyond 53 bits", "number"), new Float64Array([1, 2 ** 53, -(2 ** 63), 2 ** 63]));
  assert.ok(column("floats") instanceof Float64Array);
  assert.deepEqual([...column("floats")], [1.5, -0, Infinity, NaN, 2]);
  assert.deepEqual(column("numbers and nulls"), [7, null]);
  assert.throws(() => columnOf(blocksOf("strings")[0]!, 1), RangeError);
});

test("columns of several blocks are joined", () => {
  const [ints] = blocksOf("small integers");
  const [safe] = blocksOf("integers up to 53 bits");
  const [big] = blocksOf("integers beyond 53 bits");
  const [floats] = blocksOf("floats");
  const [mixed] = blocksOf("mixed");
  const [empty] = blocksOf("no rows");
  assert.deepEqual(joinColumns([ints!, empty!, ints!], 0), new Int32Array([1, 127, 0, 1, 127, 0]));
  assert.ok(joinColumns([ints!, floats!], 0) instanceof Float64Array);
  assert.deepEqual([...joinColumns([ints!, floats!], 0)], [1, 127, 0, 1.5, -0, Infinity, NaN, 2]);
  assert.ok(joinColumns([ints!, safe!], 0) instanceof Float64Array);
  assert.deepEqual(
    joinColumns([ints!, big!], 0),
    new BigInt64Array([1n, 127n, 0n, 1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n]),
  );
  assert.deepEqual((joinColumns([big!, floats!], 0) as unknown[]).slice(0, 6), [
    1,
    2n ** 53n,
    -(2n ** 63n),
    2n ** 63n - 1n,
    1.5,
    -0,
  ]);
  assert.equal(joinColumns([ints!, mixed!], 0).length, 3 + mixed!.rows);
  assert.deepEqual(joinColumns([], 0), []);
});

test("rows become objects", () => {
  const [block] = blocksOf("small integers");
  const shape = new Shape([], ["a", "b"]);
  for (let i = 0; i < 20; i++) assert.deepEqual(block!.object(1, shape), { a: 127, b: -(2 ** 31) });
  const odd = block!.object(0, new Shape([], ["__proto__", "x"]));
  assert.deepEqual(Object.entries(odd), [
    ["__proto__", 1],
    ["x", -16],
  ]);
  assert.equal(Object.getPrototypeOf(odd), Object.prototype);
});

test("values survive structuredClone and JSON", () => {
  const [node] = valuesOf("nodes") as [Node];
  assert.deepEqual({ ...structuredClone(node) }, { ...node });
  assert.equal(
    JSON.stringify(node),
    `{"identity":5,"labels":["Person"],"properties":{"name":"Ada","born":1815},"elementId":"${node.elementId}"}`,
  );
  const [, big] = valuesOf("nodes of Neo4j 4") as Node[];
  assert.equal(JSON.parse(JSON.stringify(big)).identity, "9007199254740992");
  const path = valuesOf("paths")[2] as Path;
  assert.equal(path.nodes[0], path.nodes[2], "a node that comes twice is one object");
  assert.equal(path.length, 2);
  assert.equal(path.segments[1]!.end, path.start);
  assert.equal(JSON.parse(JSON.stringify(path)).nodes.length, 3);
  assert.equal(structuredClone(path).nodes[1]!.identity, 6);
  assert.deepEqual(jsonValue([1n, 2n ** 60n, { a: new Uint8Array([1]), b: DateTime.fromDate(new Date(0)) }]), [
    1,
    "1152921504606846976",
    { a: [1], b: "1970-01-01T00:00:00Z" },
  ]);
});

test("bytes and vectors are copies", () => {
  const [block] = blocksOf("bytes");
  const bytes = block!.value(1, 0) as Uint8Array;
  bytes[0] = 7;
  assert.deepEqual([...(block!.value(1, 0) as Uint8Array)], [0, 1, 255]);
  assert.equal(bytes.buffer.byteLength, 3);
});

test("labels belong to their node", () => {
  const [first, ...others] = (valuesOf("nodes") as Node[]).filter(node => node.labels.length > 0);
  const before = others.map(node => [...node.labels]);
  first!.labels.push("B", "A");
  first!.labels.sort();
  assert.deepEqual(
    others.map(node => node.labels),
    before,
  );
  assert.ok((valuesOf("nodes") as Node[]).every(node => !node.labels.includes("A")));
});

test("float modes", () => {
  let seen = 0;
  for (const { name } of vectors.filter(({ fields }) => fields > 0)) {
    const plain = valuesOf(name);
    for (const [i, value] of valuesOf(name, { floats: "object" }).entries()) {
      if (typeof plain[i] === "number" && !Number.isInteger(plain[i])) assert.ok(value instanceof Float, name);
      if (!(value instanceof Float)) continue;
      assert.ok(Object.is(value.value, plain[i]), name);
      assert.equal(packParameters({ a: value })[3], 0xc1, "it goes back as a FLOAT");
      seen++;
    }
  }
  assert.ok(seen > 3, `${seen} floats`);
});
