import type { Integer } from "./entities.js";
import {
  dayFromEpoch,
  daysFromEpoch,
  formatClock,
  formatDay,
  formatOffset,
  joinSeconds,
  lastDay,
  secondsPerDay,
  splitSeconds,
} from "./calendar.js";
import { brand } from "./brand.js";
import { checkWhole, refuse } from "./parts.js";
import { offsetAt, offsetAtLocal } from "./zones.js";

/**
 * How date and time values are represented: objects of the classes here, ISO 8601 strings, or JavaScript's own types.
 */
export type TemporalMode = "object" | "iso" | "native";

/** DATE: a day without a time or a zone. */
export class LocalDate {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    checkDay("LocalDate", year, month, day);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  static fromEpochDays(days: number): LocalDate {
    const { year, month, day } = dayFromEpoch(days);
    return new LocalDate(year, month, day);
  }

  /** Days since 1970-01-01. */
  get epochDays(): number {
    return daysFromEpoch(this.year, this.month, this.day);
  }

  /** Midnight UTC of the day, or undefined if it is out of range for a JavaScript Date. */
  toDate(): Date | undefined {
    return validDate(this.epochDays * secondsPerDay * 1000);
  }

  toString(): string {
    return formatDay(this);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** LOCAL TIME: a time of the day without a zone. */
export class LocalTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;

  constructor(hour: number, minute: number, second: number, nanosecond = 0) {
    checkClock("LocalTime", hour, minute, second, nanosecond);
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.nanosecond = nanosecond;
  }

  static fromNanoseconds(nanoseconds: number): LocalTime {
    const seconds = Math.floor(nanoseconds / 1e9);
    return new LocalTime(
      Math.floor(seconds / 3600),
      Math.floor(seconds / 60) % 60,
      seconds % 60,
      nanoseconds - seconds * 1e9,
    );
  }

  /** Nanoseconds since midnight. */
  get nanoseconds(): number {
    return secondOfDay(this) * 1e9 + this.nanosecond;
  }

  toString(): string {
    return formatClock(this);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** ZONED TIME: a time of the day with its offset from UTC. */
export class Time {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;

  constructor(hour: number, minute: number, second: number, nanosecond: number, offset: number) {
    checkClock("Time", hour, minute, second, nanosecond);
    checkOffset("Time", offset);
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.nanosecond = nanosecond;
    this.offset = offset;
  }

  static fromNanoseconds(nanoseconds: number, offset: number): Time {
    const local = LocalTime.fromNanoseconds(nanoseconds);
    return new Time(local.hour, local.minute, local.second, local.nanosecond, offset);
  }

  /** Nanoseconds since midnight, by the clock that shows the time. */
  get nanoseconds(): number {
    return secondOfDay(this) * 1e9 + this.nanosecond;
  }

  toString(): string {
    return formatClock(this) + formatOffset(this.offset);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** LOCAL DATETIME: a day and a time without a zone. */
export class LocalDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;

  constructor(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, nanosecond = 0) {
    checkDay("LocalDateTime", year, month, day);
    checkClock("LocalDateTime", hour, minute, second, nanosecond);
    this.year = year;
    this.month = month;
    this.day = day;
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.nanosecond = nanosecond;
  }

  /** Takes seconds since 1970-01-01T00:00:00 by the same clock. */
  static fromEpoch(seconds: Integer, nanosecond: number): LocalDateTime {
    const { days, second } = splitSeconds(seconds);
    const { year, month, day } = dayFromEpoch(days);
    return new LocalDateTime(
      year,
      month,
      day,
      Math.floor(second / 3600),
      Math.floor(second / 60) % 60,
      second % 60,
      nanosecond,
    );
  }

  /** Seconds since 1970-01-01T00:00:00 by the same clock. */
  get epochSeconds(): Integer {
    return joinSeconds(daysFromEpoch(this.year, this.month, this.day), secondOfDay(this));
  }

  /**
   * The time as if the clock were UTC's, to the millisecond, or undefined if it is out of range for a JavaScript Date.
   */
  toDate(): Date | undefined {
    return validDate(Number(this.epochSeconds) * 1000 + Math.floor(this.nanosecond / 1e6));
  }

  toString(): string {
    return `${formatDay(this)}T${formatClock(this)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** ZONED DATETIME: a point in time, and the time of day in its zone. */
export class DateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** Name of the time zone, such as "Europe/Stockholm", or null if there is only an offset. */
  readonly zone: string | null;

  constructor(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    nanosecond: number,
    offset: number,
    zone: string | null = null,
  ) {
    checkDay("DateTime", year, month, day);
    checkClock("DateTime", hour, minute, second, nanosecond);
    checkOffset("DateTime", offset);
    if (zone !== null && (typeof zone !== "string" || zone === ""))
      refuse("DateTime", "zone", zone, "string", "the name of a time zone, or null");
    this.year = year;
    this.month = month;
    this.day = day;
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.nanosecond = nanosecond;
    this.offset = offset;
    this.zone = zone;
  }

  /** Takes seconds since 1970-01-01T00:00:00Z. */
  static fromEpoch(seconds: Integer, nanosecond: number, offset: number, zone: string | null = null): DateTime {
    const local = typeof seconds === "number" ? seconds + offset : seconds + BigInt(offset);
    const { days, second } = splitSeconds(local);
    const { year, month, day } = dayFromEpoch(days);
    return new DateTime(
      year,
      month,
      day,
      Math.floor(second / 3600),
      Math.floor(second / 60) % 60,
      second % 60,
      nanosecond,
      offset,
      zone,
    );
  }

  /**
   * Takes seconds since 1970-01-01T00:00:00Z and a time zone by name. If this platform does not know the zone, the
   * value has the time of day in UTC.
   */
  static inZone(seconds: Integer, nanosecond: number, zone: string): DateTime {
    return DateTime.fromEpoch(seconds, nanosecond, offsetAt(zone, Number(seconds)) ?? 0, zone);
  }

  /** Takes seconds since 1970-01-01T00:00:00 by the zone's own clock, as servers before Neo4j 5 send them. */
  static inZoneLocal(seconds: Integer, nanosecond: number, zone: string): DateTime {
    const offset = offsetAtLocal(zone, Number(seconds)) ?? 0;
    return DateTime.inZone(typeof seconds === "number" ? seconds - offset : seconds - BigInt(offset), nanosecond, zone);
  }

  /** Takes a JavaScript Date; the value has the time of day in UTC. */
  static fromDate(date: Date): DateTime {
    const milliseconds = date.getTime();
    if (Number.isNaN(milliseconds)) throw new RangeError("the Date is not valid");
    const seconds = Math.floor(milliseconds / 1000);
    return DateTime.fromEpoch(seconds, (milliseconds - seconds * 1000) * 1e6, 0);
  }

  /** Seconds since 1970-01-01T00:00:00Z. */
  get epochSeconds(): Integer {
    return joinSeconds(daysFromEpoch(this.year, this.month, this.day), secondOfDay(this) - this.offset);
  }

  /** The time to the millisecond, or undefined if it is out of range for a JavaScript Date. */
  toDate(): Date | undefined {
    return validDate(Number(this.epochSeconds) * 1000 + Math.floor(this.nanosecond / 1e6));
  }

  toString(): string {
    const zone = this.zone === null ? "" : `[${this.zone}]`;
    return `${formatDay(this)}T${formatClock(this)}${formatOffset(this.offset)}${zone}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

for (const [name, type] of Object.entries({ LocalDate, LocalTime, Time, LocalDateTime, DateTime })) brand(type, name);

/** The greatest year of a DATE; the smallest is its negative. */
const lastYear = 999_999_999;

/** The greatest offset from UTC, in seconds: 18 hours. */
const lastOffset = 64_800;

function checkDay(of: string, year: number, month: number, day: number): void {
  checkWhole(of, "year", year, -lastYear, lastYear);
  checkWhole(of, "month", month, 1, 12);
  checkWhole(of, "day", day, 1, day <= 28 ? 28 : lastDay(year, month));
}

function checkClock(of: string, hour: number, minute: number, second: number, nanosecond: number): void {
  checkWhole(of, "hour", hour, 0, 23);
  checkWhole(of, "minute", minute, 0, 59);
  checkWhole(of, "second", second, 0, 59);
  checkWhole(of, "nanosecond", nanosecond, 0, 999_999_999);
}

function checkOffset(of: string, offset: number): void {
  checkWhole(of, "offset", offset, -lastOffset, lastOffset);
}

function secondOfDay(clock: { hour: number; minute: number; second: number }): number {
  return clock.hour * 3600 + clock.minute * 60 + clock.second;
}

function validDate(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A value in the form of the mode. */
export function temporalAs(
  mode: TemporalMode,
  value: LocalDate | LocalTime | Time | LocalDateTime | DateTime | { toString(): string },
): unknown {
  if (mode === "iso") return value.toString();
  if (mode === "native" && "toDate" in value) return value.toDate() ?? value;
  return value;
}
