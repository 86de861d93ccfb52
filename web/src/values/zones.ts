import { daysFromEpoch, secondsPerDay } from "./calendar.js";

/** Except for a few in history, offsets are constant within a quarter of an hour, so one answer is kept for each. */
const quarter = 900;

/** The zone's offsets, by quarter of an hour since 1970; undefined if this platform does not know the zone. */
interface Zone {
  format: Intl.DateTimeFormat | undefined;
  offsets: Map<number, number>;
}

const zones = new Map<string, Zone>();

/** How many answers are kept for each zone. */
const maxOffsets = 20_000;

/** The limit of a JavaScript Date, and of Intl. */
const maxDateSeconds = 8.64e12;

function zoneNamed(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    let format: Intl.DateTimeFormat | undefined;
    try {
      format = new Intl.DateTimeFormat("en-US-u-hc-h23", {
        timeZone: name,
        era: "short",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
      });
    } catch {
      format = undefined;
    }
    zone = { format, offsets: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/**
 * The offset in seconds that a zone has at a time, or undefined if this platform does not know the zone.
 * Before and after the years that a JavaScript Date can hold, it is the offset of the first or last of them.
 */
export function offsetAt(name: string, utcSeconds: number): number | undefined {
  const zone = zoneNamed(name);
  if (zone.format === undefined) return undefined;
  const seconds = Math.min(Math.max(utcSeconds, -maxDateSeconds), maxDateSeconds);
  const slot = Math.floor(seconds / quarter);
  let offset = zone.offsets.get(slot);
  if (offset === undefined) {
    offset = computeOffset(zone.format, Math.max(slot * quarter, -maxDateSeconds));
    if (offset !== computeOffset(zone.format, Math.min(slot * quarter + quarter - 1, maxDateSeconds))) {
      return computeOffset(zone.format, seconds);
    }
    if (zone.offsets.size >= maxOffsets) zone.offsets.clear();
    zone.offsets.set(slot, offset);
  }
  return offset;
}

/**
 * The offset of a zone when its clocks show a time. If the time occurs twice, it is the earlier offset; if it is
 * skipped, it is the offset before the gap, as in java.time.
 */
export function offsetAtLocal(name: string, localSeconds: number): number | undefined {
  const before = offsetAt(name, localSeconds - secondsPerDay);
  if (before === undefined) return undefined;
  const after = offsetAt(name, localSeconds + secondsPerDay)!;
  if (before === after || offsetAt(name, localSeconds - before) === before) return before;
  return offsetAt(name, localSeconds - after) === after ? after : before;
}

function computeOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(seconds * 1000)) part[type] = value;
  const shown = Number(part["year"]);
  const year = part["era"] === "BC" || part["era"] === "B" ? 1 - shown : shown;
  const days = daysFromEpoch(year, Number(part["month"]), Number(part["day"]));
  const local =
    days * secondsPerDay + Number(part["hour"]) * 3600 + Number(part["minute"]) * 60 + Number(part["second"]);
  return local - seconds;
}
