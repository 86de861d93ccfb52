import type { Integer } from "./entities.js";

/** A day of the proleptic Gregorian calendar. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

export const secondsPerDay = 86_400;

/** The day that is this many days after 1970-01-01. */
export function dayFromEpoch(days: number): Day {
  // Eras of 400 years that begin on 1 March, so that the leap day comes last.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** The number of days from 1970-01-01 to a day. */
export function daysFromEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear - 719_468;
}

/** The last day of a month. */
export function lastDay(year: number, month: number): number {
  const [next, first] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return daysFromEpoch(next, first, 1) - daysFromEpoch(year, month, 1);
}

/** Days and the second of the day, of seconds since 1970. Seconds of years beyond 285 million are bigints. */
export function splitSeconds(seconds: Integer): { days: number; second: number } {
  if (typeof seconds === "number") {
    const days = Math.floor(seconds / secondsPerDay);
    return { days, second: seconds - days * secondsPerDay };
  }
  const perDay = BigInt(secondsPerDay);
  const second = ((seconds % perDay) + perDay) % perDay;
  return { days: Number((seconds - second) / perDay), second: Number(second) };
}

/** Seconds since 1970, exactly. */
export function joinSeconds(days: number, second: number): Integer {
  const seconds = days * secondsPerDay + second;
  return Number.isSafeInteger(seconds) ? seconds : BigInt(days) * BigInt(secondsPerDay) + BigInt(second);
}

const digits = (value: number, width: number): string => String(value).padStart(width, "0");

export function formatDay(day: Day): string {
  const { year } = day;
  let text = digits(Math.abs(year), 4);
  if (year < 0) text = `-${text}`;
  else if (year > 9999) text = `+${text}`;
  return `${text}-${digits(day.month, 2)}-${digits(day.day, 2)}`;
}

/** A time of the day. */
export interface Clock {
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
}

export function formatClock(clock: Clock): string {
  const text = `${digits(clock.hour, 2)}:${digits(clock.minute, 2)}:${digits(clock.second, 2)}`;
  return clock.nanosecond === 0 ? text : `${text}.${digits(clock.nanosecond, 9).replace(/0+$/, "")}`;
}

/** An offset from UTC in seconds. */
export function formatOffset(offset: number): string {
  if (offset === 0) return "Z";
  const seconds = Math.abs(offset);
  const text = `${offset < 0 ? "-" : "+"}${digits(Math.floor(seconds / 3600), 2)}:${digits(Math.floor(seconds / 60) % 60, 2)}`;
  return seconds % 60 === 0 ? text : `${text}:${digits(seconds % 60, 2)}`;
}
