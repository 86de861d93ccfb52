import assert from "node:assert/strict";
import { test } from "node:test";
import { DateTime, Duration, LocalDate, LocalDateTime, LocalTime, Point, UUID, Vector } from "../../src/values.js";

test("days go both ways", () => {
  for (let days = -1_000_000; days < 1_000_000; days += 997) {
    const date = LocalDate.fromEpochDays(days);
    assert.equal(date.epochDays, days);
    assert.equal(date.toString().replace(/^\+/, "+00"), new Date(days * 86_400_000).toISOString().slice(0, -14).replace(/^-00/, "-").replace(/^\+00?/, "+00"));
  }
});

test("seconds go both ways", () => {
  for (const seconds of [0, -1, 1, 1e9, -1e11, 9007199254740991, 2n ** 53n + 1n, -31557014167219200n]) {
    assert.equal(LocalDateTime.fromEpoch(seconds, 5).epochSeconds, seconds);
    assert.equal(DateTime.fromEpoch(seconds, 5, -3600).epochSeconds, seconds);
  }
  assert.equal(LocalTime.fromNanoseconds(86_399_999_999_999).nanoseconds, 86_399_999_999_999);
});

test("zones follow the clock's changes", () => {
  const at = (iso: string) => DateTime.inZone(Date.parse(iso) / 1000, 0, "Europe/Stockholm").toString();
  assert.equal(at("2023-03-26T00:59:59Z"), "2023-03-26T01:59:59+01:00[Europe/Stockholm]");
  assert.equal(at("2023-03-26T01:00:00Z"), "2023-03-26T03:00:00+02:00[Europe/Stockholm]");
  assert.equal(DateTime.inZone(Date.UTC(1800, 0, 1) / 1000, 0, "America/New_York").toString(), "1799-12-31T19:03:58-04:56:02[America/New_York]");
  const local = (iso: string) => DateTime.inZoneLocal(Date.parse(`${iso}Z`) / 1000, 0, "Europe/Stockholm").toString().slice(0, 25);
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
    [new Duration(-14, 0, 0), "P-1Y-2M"], [new Duration(0, 0, 3661, 1), "PT1H1M1.000000001S"], [new Duration(0, 0, -1, 1), "PT-0.999999999S"],
    [new Duration(0, 0, -3661), "PT-1H-1M-1S"], [new Duration(2n ** 62n, 0, 0), "P384307168202282325Y4M"], [new Duration(0, -1, 60), "P-1DT1M"],
  ] as const) assert.equal(String(duration), text);
});

test("points, vectors and UUIDs", () => {
  assert.equal(String(new Point(4326, 1.5, -2)), "point({srid: 4326, x: 1.5, y: -2})");
  assert.equal(JSON.stringify(new Vector(BigInt64Array.of(1n, 2n ** 60n))), '[1,"1152921504606846976"]');
  assert.equal(new UUID("F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF").value, "f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff");
  assert.throws(() => new UUID("f0"), RangeError);
});
