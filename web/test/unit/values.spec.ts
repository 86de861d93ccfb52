import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  DateTime,
  Duration,
  float,
  Float,
  LocalDate,
  LocalDateTime,
  LocalTime,
  Node,
  Point,
  Time,
  UUID,
  Vector,
} from "../../src/values.js";

test("days go both ways", () => {
  for (let days = -1_000_000; days < 1_000_000; days += 997) {
    const date = LocalDate.fromEpochDays(days);
    assert.equal(date.epochDays, days);
    assert.equal(
      date.toString().replace(/^\+/, "+00"),
      new Date(days * 86_400_000)
        .toISOString()
        .slice(0, -14)
        .replace(/^-00/, "-")
        .replace(/^\+00?/, "+00"),
    );
  }
});

test("seconds go both ways", () => {
  for (const seconds of [0, -1, 1, 1e9, -1e11, 9007199254740991, 2n ** 53n + 1n, -31557014135596800n]) {
    assert.equal(LocalDateTime.fromEpoch(seconds, 5).epochSeconds, seconds);
    // not before the first of all days
    assert.equal(DateTime.fromEpoch(seconds, 5, seconds < -1e15 ? 3600 : -3600).epochSeconds, seconds);
  }
  assert.equal(LocalTime.fromNanoseconds(86_399_999_999_999).nanoseconds, 86_399_999_999_999);
});

test("zones follow the clock's changes", () => {
  const at = (iso: string) => DateTime.inZone(Date.parse(iso) / 1000, 0, "Europe/Stockholm").toString();
  assert.equal(at("2023-03-26T00:59:59Z"), "2023-03-26T01:59:59+01:00[Europe/Stockholm]");
  assert.equal(at("2023-03-26T01:00:00Z"), "2023-03-26T03:00:00+02:00[Europe/Stockholm]");
  assert.equal(
    DateTime.inZone(Date.UTC(1800, 0, 1) / 1000, 0, "America/New_York").toString(),
    "1799-12-31T19:03:58-04:56:02[America/New_York]",
  );
  const local = (iso: string) =>
    DateTime.inZoneLocal(Date.parse(`${iso}Z`) / 1000, 0, "Europe/Stockholm")
      .toString()
      .slice(0, 25);
  assert.equal(local("2023-10-29T02:30:00"), "2023-10-29T02:30:00+02:00", "of a time that comes twice, the first");
  assert.equal(local("2023-03-26T02:30:00"), "2023-03-26T03:30:00+02:00", "a time that is skipped moves on");
  assert.equal(DateTime.inZone(0, 0, "Nowhere/Land").toString(), "1970-01-01T00:00:00Z[Nowhere/Land]");
  assert.equal(DateTime.inZone(2n ** 54n, 0, "Asia/Kolkata").offset, 19_800, "beyond the years of a Date");
});

test("dates for JavaScript", () => {
  const date = new Date("2024-02-29T12:34:56.789Z");
  assert.deepEqual(DateTime.fromDate(date).toDate(), date);
  assert.equal(new LocalDate(999_999_999, 12, 31).toDate(), undefined);
  assert.equal(JSON.stringify({ at: DateTime.fromDate(date) }), '{"at":"2024-02-29T12:34:56.789Z"}');
  assert.throws(() => DateTime.fromDate(new Date(NaN)), RangeError);
});

test("durations", () => {
  for (const [duration, text] of [
    [new Duration(-14, 0, 0), "P-1Y-2M"],
    [new Duration(0, 0, 3661, 1), "PT1H1M1.000000001S"],
    [new Duration(0, 0, -1, 1), "PT-0.999999999S"],
    [new Duration(0, 0, -3661), "PT-1H-1M-1S"],
    [new Duration(2n ** 62n, 0, 0), "P384307168202282325Y4M"],
    [new Duration(0, -1, 60), "P-1DT1M"],
  ] as const)
    assert.equal(String(duration), text);
});

test("points, vectors and UUIDs", () => {
  assert.equal(String(new Point(4326, 1.5, -2)), "point({srid: 4326, x: 1.5, y: -2})");
  assert.equal(JSON.stringify(new Vector(BigInt64Array.of(1n, 2n ** 60n))), '[1,"1152921504606846976"]');
  assert.equal(new UUID("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF").value, "f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff");
  assert.throws(() => new UUID("f0"), RangeError);
});

test("what cannot be is refused by the constructors, which name the part", () => {
  const some = undefined as never;
  const cases: [() => unknown, RegExp, ErrorConstructor?][] = [
    [() => new LocalDate(2024, 0, 15), /^LocalDate: month is 0; it has to be a whole number from 1 to 12$/],
    [() => new LocalDate(2024, 13, 1), /month is 13/],
    [() => new LocalDate(2023, 2, 29), /day is 29; .* from 1 to 28$/],
    [() => new LocalDate(2024, 2, 30), /day is 30; .* to 29$/],
    [() => new LocalDate(2024, 4, 31), /to 30$/],
    [() => new LocalDate(2024, 12, 32), /to 31$/],
    [() => new LocalDate(2024, 1, 0), /day is 0/],
    [() => new LocalDate(2024, 1, 1.5), /day is 1\.5/],
    [() => new LocalDate(1e9, 1, 1), /year is 1000000000/],
    [() => new LocalDate(NaN, 1, 1), /year is NaN/],
    [() => new LocalDate("2024" as never, 1, 1), /year is "2024"/, TypeError],
    [() => new LocalDate(2024n as never, 1, 1), /year is 2024n/, TypeError],
    [() => new LocalDate(2024, some, 1), /month is undefined/, TypeError],
    [() => new LocalTime(24, 0, 0), /^LocalTime: hour is 24/],
    [() => new LocalTime(0, 60, 0), /minute is 60/],
    [() => new LocalTime(0, 0, -1), /second is -1/],
    [() => new LocalTime(0, 0, 0, 1e9), /nanosecond is 1000000000/],
    [() => new LocalTime(0, 0, 0, null as never), /nanosecond is null/, TypeError],
    [() => new Time(0, 0, 0, 0, 64_801), /^Time: offset is 64801/],
    [() => new Time(0, 0, 0, 0, some), /offset is undefined/, TypeError],
    [() => new LocalDateTime(2024, 2, 31), /^LocalDateTime: day is 31/],
    [() => new LocalDateTime(2024, 2, 1, 25), /hour is 25/],
    [() => new DateTime(2024, 6, 31, 0, 0, 0, 0, 0), /^DateTime: day is 31/],
    [() => new DateTime(2024, 6, 1, 0, 0, 0, 0, 1.5), /offset is 1\.5/],
    [() => new DateTime(2024, 6, 1, 0, 0, 0, 0, 0, ""), /zone is ""/],
    [() => new DateTime(2024, 6, 1, 0, 0, 0, 0, 0, 5 as never), /zone is 5/, TypeError],
    [() => new Duration(1.5, 0, 0), /^Duration: months is 1\.5/],
    [() => new Duration(0, 2n ** 63n, 0), /days is 9223372036854775808n/],
    [() => new Duration(0, 0, "1" as never), /seconds is "1"/, TypeError],
    [() => new Duration(0, 0, 0, -1), /nanoseconds is -1/],
    [() => new Duration(2 ** 53, 0, 0), /months is 9007199254740992/],
    [() => new Duration(0, 0, some), /seconds is undefined/, TypeError],
    [() => new Point(4327, 1, 2), /^Point: srid is 4327/],
    [() => new Point("4326" as never, 1, 2), /srid is "4326"/, TypeError],
    [() => new Point(7203, NaN, 2), /x is NaN/],
    [() => new Point(7203, 1, Infinity), /y is Infinity/],
    [() => new Point(7203, 1, 2, 3), /z is 3; it has to be null/],
    [() => new Point(9157, 1, 2), /z is null/, TypeError],
    [() => new Point(7203, "1" as never, 2), /x is "1"/, TypeError],
    [() => new UUID(5 as never), /^UUID: value is 5/, TypeError],
    [() => new Vector([1] as never), /^Vector: /, TypeError],
    [() => new Vector(Uint8Array.of(1) as never), /^Vector: /, TypeError],
    [() => float("1" as never), /^Float: value is "1"/, TypeError],
  ];
  for (const [make, message, type = RangeError] of cases) {
    assert.throws(
      make,
      (error: Error) => error.constructor === type && message.test(error.message),
      `${make} ${message}`,
    );
  }
  for (const [year, day] of [
    [2000, 29],
    [1900, 28],
    [2024, 29],
    [2023, 28],
    [-4, 29],
  ] as const)
    assert.equal(new LocalDate(year, 2, day).day, day);
});

test("a Float counts as its number", () => {
  const ten = float(10);
  assert.deepEqual(
    [7 / +ten, ten.valueOf(), `${ten}`, JSON.stringify({ ten }), ten instanceof Float],
    [0.7, 10, "10", '{"ten":10}', true],
  );
});

test("classes print their names, whatever a bundler calls them", () => {
  const named = {
    LocalDate: new LocalDate(2024, 1, 1),
    Duration: new Duration(0, 0, 0),
    Point: new Point(7203, 0, 0),
    Float: float(1),
    Node: new Node(1, [], {}, "1"),
  };
  for (const [name, value] of Object.entries(named)) {
    class t extends (value.constructor as new () => object) {}
    assert.match(inspect(Object.setPrototypeOf({ ...value }, t.prototype)), new RegExp(`^t \\[${name}\\] \\{`));
  }
});
