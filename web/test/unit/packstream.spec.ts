import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { join } from "node:path";
import { build } from "esbuild";
import { packParameters } from "../../src/packstream.js";
import * as values from "../../src/values.js";
import {
  DateTime,
  Duration,
  float,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Node,
  Path,
  Point,
  Relationship,
  Time,
  UnknownStructure,
  UUID,
  Vector,
} from "../../src/values.js";

declare const SOURCES: string;

const hex = (value: unknown, options?: { utc?: boolean }) => {
  const bytes = Buffer.from(packParameters({ a: value }, options)).toString("hex");
  assert.equal(bytes.slice(0, 6), "a18161");
  return bytes.slice(6);
};

const golden: [name: string, value: unknown, hex: string][] = [
  ["null", null, "c0"],
  ["true", true, "c3"],
  ["false", false, "c2"],
  ["0", 0, "00"],
  ["-16", -16, "f0"],
  ["127", 127, "7f"],
  ["-17", -17, "c8ef"],
  ["-128", -128, "c880"],
  ["128", 128, "c90080"],
  ["-32768", -32768, "c98000"],
  ["32768", 32768, "ca00008000"],
  ["-2147483648", -2147483648, "ca80000000"],
  ["2147483648", 2147483648, "cb0000000080000000"],
  ["the greatest safe integer", Number.MAX_SAFE_INTEGER, "cb001fffffffffffff"],
  ["beyond the safe integers", 2 ** 53, "c14340000000000000"],
  ["1.5", 1.5, "c13ff8000000000000"],
  ["-0", -0, "c18000000000000000"],
  ["NaN", NaN, "c17ff8000000000000"],
  ["Infinity", Infinity, "c17ff0000000000000"],
  ["float(1)", float(1), "c13ff0000000000000"],
  ["bigint", 5n, "05"],
  ["the least bigint", -(2n ** 63n), "cb8000000000000000"],
  ["the greatest bigint", 2n ** 63n - 1n, "cb7fffffffffffffff"],
  ["an unsafe bigint", 2n ** 53n + 1n, "cb0020000000000001"],
  ["text", "", "80"],
  ["short text", "abc", "83616263"],
  ["16 bytes", "0123456789abcdef", "d01030313233343536373839616263646566"],
  ["ö", "ö", "82c3b6"],
  ["16 bytes, not all ASCII", "abcdefghijklmnö", "d0106162636465666768696a6b6c6d6ec3b6"],
  ["😀", "😀", "84f09f9880"],
  ["a lone surrogate", "\ud800", "83efbfbd"],
  ["NUL", "\0", "8100"],
  ["bytes", Uint8Array.of(1, 2), "cc020102"],
  ["a buffer", Uint8Array.of(1, 2).buffer, "cc020102"],
  ["Int8Array", Int8Array.of(-1), "cc01ff"],
  ["DataView", new DataView(Uint8Array.of(9, 8, 7).buffer, 1, 1), "cc0108"],
  ["no bytes", new Uint8Array(), "cc00"],
  ["a list", [1, "a", null], "93018161c0"],
  ["a Set", new Set([1, 2]), "920102"],
  ["Int32Array", Int32Array.of(1, 2), "920102"],
  ["BigInt64Array", BigInt64Array.of(1n), "9101"],
  ["Float32Array", Float32Array.of(1), "91c13ff0000000000000"],
  ["a map", { x: 1, y: undefined, z: {} }, "a281780181 7aa0"],
  ["a Map", new Map([["x", 1]]), "a1817801"],
  ["no prototype", Object.assign(Object.create(null), { x: 1 }), "a1817801"],
  [
    "an object of a class",
    new (class {
      x = 1;
    })(),
    "a1817801",
  ],
  ["Date", new Date("2023-11-14T22:13:20.500Z"), "b349ca6553f100ca1dcd650000"],
  ["Date before 1970", new Date(-1), "b349ffca3b8b87c000"],
  ["DateTime", new DateTime(2023, 11, 14, 23, 13, 20, 1, 3600), "b349ca6553f10001c90e10"],
  [
    "DateTime in a zone",
    new DateTime(2023, 11, 14, 23, 13, 20, 0, 3600, "Europe/Stockholm"),
    "b369ca6553f10000d0104575726f70652f53746f636b686f6c6d",
  ],
  ["LocalDate", new LocalDate(1970, 1, 2), "b14401"],
  ["LocalDate BC", new LocalDate(-1, 12, 31), "b144cafff50557"],
  ["LocalTime", new LocalTime(0, 0, 1, 5), "b174ca3b9aca05"],
  ["Time", new Time(0, 0, 0, 1, -3600), "b25401c9f1f0"],
  ["LocalDateTime", new LocalDateTime(1970, 1, 1, 0, 1), "b2643c00"],
  ["Duration", new Duration(1, -2, 3n, 4), "b44501fe0304"],
  ["Point", new Point(7203, 1, 2), "b358c91c23c13ff0000000000000c14000000000000000"],
  ["Point of three", new Point(9157, 1, 2, 0), "b459c923c5c13ff0000000000000c14000000000000000c10000000000000000"],
  ["Vector", new Vector(Float32Array.of(1, 2.5)), "b256cc01c6cc083f80000040200000"],
  ["Vector of bytes", new Vector(Int8Array.of(-1)), "b256cc01c8cc01ff"],
  ["Vector of bigints", new Vector(BigInt64Array.of(1n)), "b256cc01cbcc080000000000000001"],
  ["UUID", new UUID("f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff"), "e0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"],
];

for (const [name, value, want] of golden) {
  test(`packs ${name}`, () => assert.equal(hex(value), want.replace(" ", "")));
}

test("dates and times before Bolt 5", () => {
  assert.equal(hex(new DateTime(2023, 11, 14, 23, 13, 20, 1, 3600), { utc: false }), "b346ca6553ff1001c90e10");
  assert.equal(
    hex(new DateTime(2023, 11, 14, 23, 13, 20, 0, 3600, "Europe/Paris"), { utc: false }),
    "b366ca6553ff10008c4575726f70652f5061726973",
  );
});

test("sizes", () => {
  assert.equal(hex("x".repeat(255)).slice(0, 6), "d0ff78");
  assert.equal(hex("x".repeat(256)).slice(0, 8), "d1010078");
  assert.equal(hex("x".repeat(65536)).slice(0, 12), "d20001000078");
  assert.equal(hex(new Uint8Array(256)).slice(0, 6), "cd0100");
  assert.equal(hex(new Array(16).fill(1)).slice(0, 6), "d41001");
  assert.equal(hex(new Array(65536).fill(1)).length, 2 * (5 + 65536));
  assert.equal(hex(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i, 0]))).slice(0, 6), "d9012c");
  assert.equal(hex("ö".repeat(63)).slice(0, 8), "d07ec3b6");
});

test("the parameters themselves", () => {
  assert.equal(Buffer.from(packParameters({})).toString("hex"), "a0");
  assert.equal(Buffer.from(packParameters({ a: undefined, b: 1 })).toString("hex"), "a1816201");
  assert.throws(() => packParameters([1] as never), /parameters are an object/);
  assert.throws(() => packParameters(null as never), TypeError);
});

test("what cannot be sent says where it is", () => {
  const node = new Node(1, [], {}, "1");
  const relationship = new Relationship(1, 1, 1, "T", {}, "1", "1", "1");
  const loop: { next?: unknown } = {};
  loop.next = [loop];
  const cases: [unknown, RegExp, ErrorConstructor?][] = [
    [{ b: [0, 1, 2, () => 1] }, /^\$a\.b\[3\]: a function cannot be sent/],
    [Symbol("x"), /^\$a: a symbol/],
    [[undefined], /^\$a\[0\]: undefined .* use null/],
    [{ "not plain": node }, /^\$a\["not plain"\]: a Node/],
    [[relationship], /^\$a\[0\]: a Relationship/],
    [new Path([node], []), /a Path/],
    [loop, /^\$a\.next\[0\]: the value contains itself/],
    [Promise.resolve(), /^\$a: a Promise/],
    [/x/, /a RegExp/],
    [new Error("x"), /an? Error/],
    [new Map([[1, 2]]), /keys of a map have to be strings/],
    [new UnknownStructure(1, []), /does not know/],
    [2n ** 63n, /64 bits/, RangeError],
    [{ deep: -(2n ** 63n) - 1n }, /^\$a\.deep: /, RangeError],
    [{ y: [0, new Date(NaN)] }, /^\$a\.y\[1\]: the Date is not valid/, RangeError],
    [[Object.assign(new Duration(1, 1, 1), { days: 1.5 })], /^\$a\[0\]: /, RangeError],
    [runInNewContext("/x/"), /^\$a: a RegExp/],
  ];
  for (const [value, message, type = TypeError] of cases) {
    assert.throws(
      () => packParameters({ a: value }),
      (error: Error) => error instanceof type && message.test(error.message),
      String(message),
    );
  }
  let deep: unknown = 1;
  for (let i = 0; i < 300; i++) deep = [deep];
  assert.throws(() => packParameters({ a: deep }), /nested more than/);
  const twice = { x: 1 };
  assert.equal(hex([twice, twice]), "92a1817801a1817801");
});

test("what another realm made is sent as this one's", () => {
  const cases: [source: string, own: unknown][] = [
    ["new Map([['x', 1]])", new Map([["x", 1]])],
    ["Uint8Array.of(1, 2)", Uint8Array.of(1, 2)],
    ["Uint8Array.of(1, 2).buffer", Uint8Array.of(1, 2).buffer],
    ["new DataView(Uint8Array.of(9).buffer)", Uint8Array.of(9)],
    ["new Date(0)", new Date(0)],
    ["[1, [2]]", [1, [2]]],
    ["({ x: { y: 1 } })", { x: { y: 1 } }],
    ["new Set([1])", [1]],
    ["Float64Array.of(1)", [float(1)]],
    ["Int32Array.of(1)", [1]],
    ["BigInt64Array.of(1n)", [1]],
    ["Object.create(null)", {}],
    ["new (class Named { x = 1 })()", { x: 1 }],
  ];
  for (const [source, own] of cases) assert.equal(hex(runInNewContext(source)), hex(own), source);
  assert.equal(hex(new Vector(runInNewContext("Int8Array.of(-1)"))), hex(new Vector(Int8Array.of(-1))));
  assert.equal(
    hex(
      Object.defineProperty(new (class extends Map<string, number> {})([["x", 1]]), Symbol.toStringTag, {
        value: "Mine",
      }),
    ),
    hex({ x: 1 }),
    "a Map of another name",
  );
});

test("what another copy of the package made is sent as this one's", async () => {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, "values.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    globalName: "copy",
  });
  const copy = runInNewContext(`${outputFiles[0]!.text}; copy`) as typeof import("../../src/values.js");
  for (const make of [
    (of: typeof copy) => new of.LocalDate(2024, 2, 29),
    (of: typeof copy) => new of.DateTime(2024, 2, 29, 1, 2, 3, 4, 3600, "Europe/Stockholm"),
    (of: typeof copy) => new of.Duration(1, 2, 3, 4),
    (of: typeof copy) => new of.Point(7203, 1, 2),
    (of: typeof copy) => of.float(1),
    (of: typeof copy) => new of.UUID("f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff"),
    (of: typeof copy) => new of.Vector(Float32Array.of(1)),
    (of: typeof copy) => new of.LocalTime(1, 2, 3),
    (of: typeof copy) => new of.Time(1, 2, 3, 4, 5),
    (of: typeof copy) => new of.LocalDateTime(2024, 1, 1),
  ])
    assert.equal(hex(make(copy)), hex(make(values)));
  assert.throws(() => hex(new copy.Node(1, [], {}, "1")), /a Node cannot be sent/);
});
