import { equal, ok, rejects } from "./assert.js";

async function roundTrip(cx, value) {
  return (await (await cx.runProg("", "RETURN $value AS value", { value })).fetch()).value;
}

export default {
  async "plain values go both ways"({ open, float }) {
    const cx = await open();
    const values = [null, true, false, 0, -1, 127, 128, -129, 2 ** 31, -(2 ** 40), Number.MAX_SAFE_INTEGER, 1.5, -1e300, "", "text", "€ – 𝄞", [], [1, [2, [3]]], {}, { a: { b: [null] } }];
    for (const value of values) equal(await roundTrip(cx, value), value);
    equal(await roundTrip(cx, float(2)), 2);
    ok(Object.is(await roundTrip(cx, -0), -0) || Object.is(await roundTrip(cx, -0), 0), "zero");
    equal(await roundTrip(cx, new Uint8Array([1, 2, 255])), new Uint8Array([1, 2, 255]));
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

  async "temporal values go both ways"({ open, LocalDate, DateTime, Duration }) {
    const cx = await open();
    const { date, moment, zoned, duration, time } = await (await cx.runProg("",
      "RETURN date('2024-02-29') AS date, datetime('2024-02-29T12:00:00.5+02:00') AS moment, datetime('2024-07-01T12:00[Europe/Berlin]') AS zoned, duration('P1Y2M3DT4S') AS duration, localtime('12:34:56.789') AS time")).fetch();
    ok(date instanceof LocalDate && moment instanceof DateTime && duration instanceof Duration, "classes");
    equal([String(date), String(duration), String(time)], ["2024-02-29", "P1Y2M3DT4S", "12:34:56.789"]);
    for (const value of [date, moment, zoned, duration, time]) equal(String(await roundTrip(cx, value)), String(value));
    await cx.close();
    const iso = await open({ temporal: "iso" });
    equal((await (await iso.runProg("", "RETURN date('2024-02-29') AS date")).fetch()).date, "2024-02-29");
    await iso.close();
    const native = await open({ temporal: "native" });
    ok((await (await native.runProg("", "RETURN datetime() AS now")).fetch()).now instanceof Date, "a Date");
    await native.close();
  },

  async "points go both ways"({ open, Point }) {
    const cx = await open();
    const value = await roundTrip(cx, new Point(4326, 12.5, 50));
    ok(value instanceof Point, "class");
    equal([value.srid, value.x, value.y, value.z], [4326, 12.5, 50, null]);
    equal((await roundTrip(cx, new Point(9157, 1, 2, 3))).z, 3);
    await cx.close();
  },

  async "nodes, relationships and paths"({ open, Node, Relationship, Path }) {
    const cx = await open();
    const tx = await cx.begin();
    const record = await (await cx.runQuery(tx, "CREATE p = (a:ValueTest:Second {name: 'a'})-[r:KNOWS {since: 1999}]->(b:ValueTest) RETURN a, r, b, p")).fetch();
    const { a, r, b, p } = record;
    ok(a instanceof Node && r instanceof Relationship && p instanceof Path, "classes");
    equal([[...a.labels].sort(), a.properties, r.type, r.properties], [["Second", "ValueTest"], { name: "a" }, "KNOWS", { since: 1999 }]);
    equal([r.startNodeElementId, r.endNodeElementId], [a.elementId, b.elementId]);
    equal([p.nodes.length, p.relationships.length, p.start.elementId, p.end.elementId], [2, 1, a.elementId, b.elementId]);
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
