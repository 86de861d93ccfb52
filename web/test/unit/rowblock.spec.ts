import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockReader, columnOf, joinColumns, Shape } from "../../src/rowblock.js";
import { packParameters } from "../../src/packstream.js";
import { DateTime, Float, jsonValue, type Node, type Path } from "../../src/values.js";
import { blocksOf, buffer, notation, valuesOf, vectors } from "./vectors.js";

for (const { name, blocks, fields, rows } of vectors) {
  test(`vector: ${name}`, () => {
    const reader = new BlockReader();
    const read = blocks.flatMap((hex) => {
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
  const column = (name: string, integers?: "auto" | "bigint" | "number") => columnOf(blocksOf(name, integers && { integers })[0]!, 0);
  assert.deepEqual(column("small integers"), new Int32Array([1, 127, 0]));
  assert.deepEqual(column("small integers", "bigint"), new BigInt64Array([1n, 127n, 0n]));
  assert.deepEqual(column("integers up to 53 bits"), new Float64Array([1, 2 ** 31, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]));
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
  assert.deepEqual(joinColumns([ints!, big!], 0), new BigInt64Array([1n, 127n, 0n, 1n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n]));
  assert.deepEqual((joinColumns([big!, floats!], 0) as unknown[]).slice(0, 6), [1, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n, 1.5, -0]);
  assert.equal(joinColumns([ints!, mixed!], 0).length, 3 + mixed!.rows);
  assert.deepEqual(joinColumns([], 0), []);
});

test("rows become objects", () => {
  const [block] = blocksOf("small integers");
  const shape = new Shape([], ["a", "b"]);
  for (let i = 0; i < 20; i++) assert.deepEqual(block!.object(1, shape), { a: 127, b: -(2 ** 31) });
  const odd = block!.object(0, new Shape([], ["__proto__", "x"]));
  assert.deepEqual(Object.entries(odd), [["__proto__", 1], ["x", -16]]);
  assert.equal(Object.getPrototypeOf(odd), Object.prototype);
});

test("values survive structuredClone and JSON", () => {
  const [node] = valuesOf("nodes") as [Node];
  assert.deepEqual({ ...structuredClone(node) }, { ...node });
  assert.equal(JSON.stringify(node), `{"identity":5,"labels":["Person"],"properties":{"name":"Ada","born":1815},"elementId":"${node.elementId}"}`);
  const [, big] = valuesOf("nodes of Neo4j 4") as Node[];
  assert.equal(JSON.parse(JSON.stringify(big)).identity, "9007199254740992");
  const path = valuesOf("paths")[2] as Path;
  assert.equal(path.nodes[0], path.nodes[2], "a node that comes twice is one object");
  assert.equal(path.length, 2);
  assert.equal(path.segments[1]!.end, path.start);
  assert.equal(JSON.parse(JSON.stringify(path)).nodes.length, 3);
  assert.equal(structuredClone(path).nodes[1]!.identity, 6);
  assert.deepEqual(jsonValue([1n, 2n ** 60n, { a: new Uint8Array([1]), b: DateTime.fromDate(new Date(0)) }]), [
    1, "1152921504606846976", { a: [1], b: "1970-01-01T00:00:00Z" },
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
  const [first, ...others] = (valuesOf("nodes") as Node[]).filter((node) => node.labels.length > 0);
  const before = others.map((node) => [...node.labels]);
  first!.labels.push("B", "A");
  first!.labels.sort();
  assert.deepEqual(others.map((node) => node.labels), before);
  assert.ok((valuesOf("nodes") as Node[]).every((node) => !node.labels.includes("A")));
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
