import { equal, ok, rejects, skip } from "./assert.js";

async function roundTrip(cx, value) {
  return (await (await cx.runProg("", "RETURN $value AS value", { value })).fetch()).value;
}

export default {
  async "plain values go both ways"({ open, float, http, is4 }) {
    const cx = await open();
    const values = [
      null,
      true,
      false,
      0,
      -1,
      127,
      128,
      -129,
      2 ** 31,
      -(2 ** 40),
      Number.MAX_SAFE_INTEGER,
      1.5,
      -1e300,
      "",
      "text",
      "€ – 𝄞",
      [],
      [1, [2, [3]]],
      {},
      { a: { b: [null] } },
    ];
    for (const value of values) equal(await roundTrip(cx, value), value);
    equal(await roundTrip(cx, float(2)), 2);
    equal(await (await cx.runProg("", "RETURN 7 / $n AS n, 7 / $f AS f", { n: 2, f: float(2) })).fetch(), {
      n: 3,
      f: 3.5,
    });
    for (const value of [-0, Infinity, -Infinity, NaN]) {
      if (http && is4 && value !== 0)
        await rejects(roundTrip(cx, value), TypeError); // JSON has no such numbers
      else ok(Object.is(await roundTrip(cx, value), value), String(value));
    }
    await cx.close();
  },

  async "byte arrays go both ways"({ open, http, is4 }) {
    const cx = await open();
    const long = Uint8Array.from({ length: 70_000 }, (_, i) => i * 7);
    for (const value of [new Uint8Array(), new Uint8Array([1, 2, 255]), long]) {
      if (http && is4) await rejects(roundTrip(cx, value), TypeError);
      else equal(await roundTrip(cx, value), value);
    }
    await cx.close();
  },

  async "long texts and big collections"({ open }) {
    const cx = await open();
    const text = '0123456789abcdef é 漢 💩 \0 "\\\n'.repeat(4000);
    ok((await roundTrip(cx, text)) === text, "the text comes back as it was sent");
    const list = Array.from({ length: 20_000 }, (_, i) => i * i);
    equal(await roundTrip(cx, list), list);
    equal((await (await cx.runProg("", "RETURN {a: range(1, 20000)} AS map")).fetch()).map.a.length, 20_000);
    await cx.close();
  },

  async "big integers are exact"({ open }) {
    const cx = await open();
    const big = 2n ** 63n - 1n;
    equal(await roundTrip(cx, big), big);
    equal(await roundTrip(cx, -(2n ** 63n)), -(2n ** 63n));
    await cx.close();
    const always = await open({ integers: "bigint" });
    equal(await roundTrip(always, 1), 1n);
    await always.close();
    const never = await open({ integers: "number" });
    equal(await roundTrip(never, big), Number(big));
    await never.close();
  },

  async "a FLOAT goes back as it came, where it is asked for"({ open, Float }) {
    const cx = await open({ floats: "object" });
    const { price, list, whole } = await (
      await cx.runProg("", "RETURN 10.0 AS price, [1.0, 2.5] AS list, 3 AS whole")
    ).fetch();
    ok(price instanceof Float && list.every(value => value instanceof Float), "they are Floats");
    equal([price * 2, whole], [20, 3]);
    equal(await (await cx.runProg("", "RETURN toString(7 / $price) AS n", { price })).fetch(), { n: "0.7" });
    await cx.close();
  },

  async "values of a frame are sent as the page's"({ open, http, is4 }) {
    const cx = await open();
    const frame = document.body.appendChild(document.createElement("iframe"));
    const { Map, Uint8Array, Date, Array, Object } = frame.contentWindow;
    equal(await roundTrip(cx, new Map([["a", 1]])), { a: 1 });
    equal(await roundTrip(cx, Array.of(1, Object.assign(new Object(), { b: 2 }))), [1, { b: 2 }]);
    if (!http || !is4) equal(String(await roundTrip(cx, new Date(0))), "1970-01-01T00:00:00Z");
    if (!http || !is4) equal(await roundTrip(cx, Uint8Array.of(1, 2)), new globalThis.Uint8Array([1, 2]));
    frame.remove();
    await cx.close();
  },

  async "temporal values and points come as they are"({
    open,
    LocalDate,
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
    Duration,
    Point,
  }) {
    const cx = await open();
    const wanted = {
      date: [LocalDate, "2024-02-29"],
      time: [Time, "12:34:56.000000789+01:30"],
      localtime: [LocalTime, "23:59:59.5"],
      localdatetime: [LocalDateTime, "2026-11-22T21:30:15"],
      moment: [DateTime, "2024-02-29T12:00:00.5+02:00"],
      zoned: [DateTime, "2024-07-01T12:00:00+02:00[Europe/Berlin]"],
      duration: [Duration, "P1Y2M-3DT1M10.000000005S"],
    };
    const record = await (
      await cx.runProg(
        "",
        "RETURN date('2024-02-29') AS date, time('12:34:56.000000789+01:30') AS time, localtime('23:59:59.5') AS localtime, " +
          "localdatetime('2026-11-22T21:30:15') AS localdatetime, datetime('2024-02-29T12:00:00.5+02:00') AS moment, datetime('2024-07-01T12:00[Europe/Berlin]') AS zoned, " +
          "duration({months: 14, days: -3, seconds: 70, nanoseconds: 5}) AS duration, point({x: 1.5, y: -2.5}) AS flat, point({longitude: 12.99, latitude: 55.61, height: 110}) AS high",
      )
    ).fetch();
    for (const [name, [kind, text]] of Object.entries(wanted)) {
      ok(record[name] instanceof kind, name);
      equal(String(record[name]), text);
    }
    ok(record.flat instanceof Point, "a point");
    equal(
      [
        [record.flat.srid, record.flat.x, record.flat.y, record.flat.z],
        [record.high.srid, record.high.x, record.high.y, record.high.z],
      ],
      [
        [7203, 1.5, -2.5, null],
        [4979, 12.99, 55.61, 110],
      ],
    );
    await cx.close();
    const iso = await open({ temporal: "iso" });
    equal((await (await iso.runProg("", "RETURN date('2024-02-29') AS date")).fetch()).date, "2024-02-29");
    await iso.close();
    const native = await open({ temporal: "native" });
    ok((await (await native.runProg("", "RETURN datetime() AS now")).fetch()).now instanceof Date, "a Date");
    await native.close();
  },

  async "temporal values and points go both ways"({
    open,
    http,
    is4,
    LocalDate,
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
    Duration,
    Point,
  }) {
    const cx = await open();
    if (http && is4) {
      await rejects(roundTrip(cx, new LocalDate(2024, 2, 29)), TypeError);
      skip("4.4 takes no such parameters over HTTP");
    }
    const values = [
      new LocalDate(1970, 1, 1),
      new LocalDate(1, 1, 1),
      new LocalDate(9999, 12, 31),
      new LocalTime(0, 0, 0),
      new LocalTime(23, 59, 59, 999_999_999),
      new Time(12, 34, 56, 789, 5400),
      new Time(0, 0, 0, 0, -18 * 3600),
      new LocalDateTime(2026, 11, 22, 21, 30, 15, 123_456_789),
      new LocalDateTime(1815, 12, 10),
      DateTime.fromEpoch(1_700_000_000, 123_456_789, 3600),
      DateTime.fromEpoch(-14_182_940, 0, -19_800),
      DateTime.inZone(1_782_900_000, 1, "Europe/Berlin"),
      DateTime.fromDate(new Date(0)),
      new Duration(0, 0, 0),
      new Duration(14, -3, 70, 5),
      new Duration(-1, 400, -1, 999_999_999),
      new Duration(0, 0, 2 ** 40),
    ];
    for (const value of values) {
      const [back, [inList], { key }] = await roundTrip(cx, [value, [value], { key: value }]);
      for (const one of [back, inList, key])
        equal([one.constructor.name, String(one)], [value.constructor.name, String(value)]);
    }
    for (const point of [
      new Point(4326, 12.5, 50),
      new Point(4979, 12.5, 50, 110),
      new Point(7203, 1, 2),
      new Point(9157, 1, 2, 3.25),
    ]) {
      const { srid, x, y, z } = await roundTrip(cx, point);
      equal([srid, x, y, z], [point.srid, point.x, point.y, point.z]);
    }
    await cx.close();
  },

  async vectors({ open, server, http, Vector }) {
    const cx = await open();
    const vectors = [
      new Int8Array([-128, 0, 127]),
      new Int16Array([-32768, 1]),
      new Int32Array([2 ** 30]),
      new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
      new Float32Array([0.5, -1]),
      new Float64Array([Math.PI]),
    ];
    if (!server.version.startsWith("2026.")) {
      if (!http) await rejects(roundTrip(cx, new Vector(vectors[0])), RangeError);
      skip("this server has none");
    }
    for (const elements of vectors) {
      const vector = await roundTrip(cx, new Vector(elements));
      ok(vector instanceof Vector, "class");
      equal(vector.elements, elements);
    }
    equal(
      (await (await cx.runProg("", "CYPHER 25 RETURN vector([1, 2], 2, FLOAT32) AS v")).fetch()).v.elements,
      new Float32Array([1, 2]),
    );
    await cx.close();
  },

  async UUIDs({ open, server, http, UUID, Unsupported }) {
    const cx = await open();
    const value = new UUID("01000000-0000-4000-8000-0000000000FF");
    if (!server.version.startsWith("2026.")) {
      if (!http) await rejects(roundTrip(cx, value), RangeError);
      skip("this server has none");
    }
    const back = await roundTrip(cx, value);
    ok(back instanceof UUID, "class");
    equal(back.value, "01000000-0000-4000-8000-0000000000ff");
    if (!http) {
      const older = await open({ boltVersions: ["6.0"] });
      const unsupported = (
        await (await older.runProg("", "CYPHER 25 RETURN uuid('01000000-0000-4000-8000-0000000000FF') AS u")).fetch()
      ).u;
      ok(unsupported instanceof Unsupported && unsupported.minimumBolt === "6.1", JSON.stringify(unsupported));
      await older.close();
    }
    await cx.close();
  },

  async "nodes, relationships and paths"({ open, Node, Relationship, Path }) {
    const cx = await open();
    const tx = await cx.begin();
    const record = await (
      await cx.runQuery(
        tx,
        "CREATE p = (a:ValueTest:Second {name: 'a'})-[r:KNOWS {since: 1999}]->(b:ValueTest) RETURN a, r, b, p",
      )
    ).fetch();
    const { a, r, b, p } = record;
    ok(a instanceof Node && r instanceof Relationship && p instanceof Path, "classes");
    equal(
      [[...a.labels].sort(), a.properties, r.type, r.properties],
      [["Second", "ValueTest"], { name: "a" }, "KNOWS", { since: 1999 }],
    );
    equal([r.startNodeElementId, r.endNodeElementId], [a.elementId, b.elementId]);
    equal(
      [p.nodes.length, p.relationships.length, p.start.elementId, p.end.elementId],
      [2, 1, a.elementId, b.elementId],
    );
    const { back } = await (await cx.runQuery(tx, "MATCH back = (:ValueTest)<-[:KNOWS]-(:Second) RETURN back")).fetch();
    equal(
      [back.start.elementId, back.relationships[0].startNodeElementId],
      [b.elementId, a.elementId],
      "a path can go against a relationship's direction",
    );
    await rejects(cx.runQuery(tx, "RETURN $a", { a }), TypeError);
    await cx.rollback(tx);
    await cx.close();
  },

  async "what cannot be sent is refused with its place"({ open }) {
    const cx = await open();
    const thrown = await rejects(cx.runProg("", "RETURN $a", { a: [{ b: () => {} }] }), TypeError);
    ok(thrown.message.includes("a[0].b"), thrown.message);
    await rejects(cx.runProg("", "RETURN $a", { a: 2n ** 64n }), RangeError);
    await cx.close();
  },
};
