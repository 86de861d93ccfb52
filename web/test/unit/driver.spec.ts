// What webbolt makes beneath neo4j-driver, beside what the driver makes itself of the same bytes.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as core from "neo4j-driver-core";
import type { Packed } from "../../src/engine/shape.js";
import { packCoreParameters } from "../../src/driver/parameters.js";
import { coreValues, type IntegerConfig } from "../../src/driver/values.js";
import { BlockReader } from "../../src/rowblock.js";
import { buffer, vectors } from "./vectors.js";

// Not an import: it is the driver's own connections, which the package is built without.
const { BoltProtocol, channel } = createRequire(import.meta.url)("neo4j-driver-bolt-connection") as {
  BoltProtocol: new (server: unknown, chunker: unknown, config: IntegerConfig, ...more: unknown[]) => OfficialProtocol;
  channel: { alloc(of: unknown): unknown };
};

interface OfficialProtocol {
  unpack(buffer: unknown): unknown;
  packable(value: unknown): () => void;
}

/** What the driver makes of PackStream. */
function official(hex: string, config: IntegerConfig): unknown {
  return new BoltProtocol(undefined, undefined, config).unpack(channel.alloc(buffer(hex)));
}

/** The PackStream that the driver makes of a value. */
function officialBytes(value: unknown): string {
  const bytes: number[] = [];
  const push = (write: (view: DataView) => void, size: number) => {
    const view = new DataView(new ArrayBuffer(size));
    write(view);
    bytes.push(...new Uint8Array(view.buffer));
  };
  const chunker = {
    writeUInt8: (n: number) => push(view => view.setUint8(0, n), 1),
    writeInt8: (n: number) => push(view => view.setInt8(0, n), 1),
    writeInt16: (n: number) => push(view => view.setInt16(0, n), 2),
    writeInt32: (n: number) => push(view => view.setInt32(0, n), 4),
    writeFloat64: (n: number) => push(view => view.setFloat64(0, n), 8),
    writeBytes: (given: { _buffer: ArrayBuffer }) => bytes.push(...new Uint8Array(given._buffer)),
  };
  new BoltProtocol(undefined, chunker, {}, undefined, { warn() {} }).packable(value)();
  return Buffer.from(bytes).toString("hex");
}

const modes: IntegerConfig[] = [{}, { disableLosslessIntegers: true }, { useBigInt: true }];

/**
 * Vectors whose values the driver has no form for, or another: structures that nobody knows, and zones of servers
 * before Neo4j 5 beside those of later ones.
 */
const apart = /unknown|unsupported|unbound/i;

for (const config of modes) {
  test(`values are the driver's, ${JSON.stringify(config)}`, () => {
    let compared = 0;
    for (const { name, records, blocks, fields } of vectors.filter(
      ({ name, fields }) => fields > 0 && !apart.test(name),
    )) {
      const reader = new BlockReader({}, coreValues(config));
      const rows = blocks.flatMap(hex => {
        const block = reader.read(buffer(hex));
        return Array.from({ length: block.rows }, (_, row) => block.row(row));
      });
      for (const [i, record] of records.entries()) {
        let wanted: unknown[];
        try {
          wanted = official(record, config) as unknown[];
        } catch {
          continue; // the driver refuses what no server sends
        }
        for (let field = 0; field < fields; field++) {
          if (broken(wanted[field])) continue;
          if (config.disableLosslessIntegers && Number((rows[i]![field] as core.DateTime<number> | null)?.year) > 1e8)
            continue; // the driver loses seconds beyond 2^53
          assert.deepEqual(
            withoutEnd(rows[i]![field]),
            withoutEnd(wanted[field]),
            `${name}, record ${i}, field ${field}`,
          );
          compared++;
        }
      }
    }
    assert.ok(compared > 100, `${compared} values`);
  });
}

/**
 * A path but for its end: the driver gives the last of the distinct nodes, which is not where a path ends that comes
 * back to a node.
 */
function withoutEnd(value: unknown): unknown {
  return value instanceof core.Path ? { start: value.start, segments: value.segments, length: value.length } : value;
}

/** Whether the driver could not read a value; it gives an object that throws, or the structure as it came. */
function broken(value: unknown): boolean {
  try {
    if (value?.constructor.name === "Structure") return true; // of a version before its time
    return typeof value === "object" && value !== null && core.internal.objectUtil.isBrokenObject(value);
  } catch {
    return true;
  }
}

/** What is sent to servers of today. */
function hex(packed: Packed): string {
  return Buffer.from(packed instanceof Uint8Array ? packed : packed[0]).toString("hex");
}

test("dates with a zone come in the form of early servers, too", () => {
  const value = new core.DateTime(1970, 1, 1, 1, 0, 0, 0, 3600, "Europe/Berlin");
  const packed = packCoreParameters({ a: value });
  assert.ok(!(packed instanceof Uint8Array));
  assert.deepEqual(
    packed.map(form => Buffer.from(form).toString("hex").slice(6, 16)),
    ["b36900008d", "b366c90e10"],
  );
});

test("parameters are packed as the driver packs them", () => {
  const values: unknown[] = [
    null,
    true,
    false,
    0,
    1,
    -1.5,
    NaN,
    Infinity,
    5n,
    -(2n ** 63n),
    core.int(0),
    core.int(-17),
    core.int(128),
    core.int("9223372036854775807"),
    core.int("-9007199254740993"),
    "",
    "text",
    "ö€𝄞",
    "x".repeat(70_000),
    [],
    [1, undefined, null, [core.int(1)]],
    new Int8Array([1, -1]),
    new Uint8Array([1, 2]),
    new Set([1]),
    new Map([["a", 1]]),
    {},
    { a: 1, b: undefined, c: { d: [core.int(5)] } },
    new globalThis.Date(0),
    new core.Point<core.NumberOrInteger>(core.int(4326), 1.5, 2),
    new core.Point(9157, 1, 2, 3),
    new core.Duration<core.NumberOrInteger>(1, core.int(-2), 3n as never, 4),
    new core.Date(2024, 2, 29),
    new core.Date<core.NumberOrInteger>(core.int(-5), 12, 31),
    new core.LocalTime(1, 2, 3, 4),
    new core.Time<core.NumberOrInteger>(23, 59, 59, 999_999_999, core.int(-3600)),
    new core.LocalDateTime(1969, 12, 31, 23, 59, 59, 5),
    new core.DateTime(2024, 7, 1, 12, 0, 0, 5, 7200),
    new core.DateTime(2024, 7, 1, 12, 0, 0, 5, 7200, "Europe/Berlin"),
    new core.DateTime(2024, 7, 1, 12, 0, 0, 5, undefined, "Europe/Berlin"),
    new core.Vector(Float32Array.of(1, 2)),
    new core.Vector(BigInt64Array.of(1n)),
    core.uuid("f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff"),
  ];
  for (const value of values) {
    const packed = hex(packCoreParameters({ a: value }));
    assert.equal(packed, officialBytes({ a: value }), String(value));
  }
});

test("what the driver refuses is refused with its words", () => {
  const node = new core.Node(core.int(1), [], {}, "1");
  const cases: [unknown, RegExp][] = [
    [() => 1, /Unable to pack the given value/],
    [Symbol("x"), /Unable to pack/],
    [node, /not allowed to pass nodes/],
    [[new core.Relationship(core.int(1), core.int(1), core.int(1), "T", {}, "1", "1", "1")], /relationships/],
    [new core.Path(node, node, []), /paths/],
    [
      {
        [Symbol.iterator]() {
          throw new Error("mine");
        },
      },
      /Cannot pack given iterable, mine/,
    ],
    [2n ** 64n, /64 bits/],
  ];
  for (const [value, message] of cases)
    assert.throws(
      () => packCoreParameters({ a: value }),
      (error: core.Neo4jError) => error instanceof core.Neo4jError && message.test(error.message),
      String(message),
    );
  const loop: { next?: unknown } = {};
  loop.next = loop;
  assert.throws(() => packCoreParameters(loop), /nested more than/);
});
