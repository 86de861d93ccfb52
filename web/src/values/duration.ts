import { brand } from "./brand.js";
import type { Integer } from "./entities.js";
import { checkInteger, checkWhole } from "./parts.js";

/**
 * DURATION. Its parts are separate, because a month has no fixed number of days, and a day no fixed number of seconds.
 * All may be negative except nanoseconds.
 */
export class Duration {
  readonly months: Integer;
  readonly days: Integer;
  readonly seconds: Integer;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;

  constructor(months: Integer, days: Integer, seconds: Integer, nanoseconds = 0) {
    checkInteger("Duration", "months", months);
    checkInteger("Duration", "days", days);
    checkInteger("Duration", "seconds", seconds);
    checkWhole("Duration", "nanoseconds", nanoseconds, 0, 999_999_999);
    this.months = months;
    this.days = days;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  /** ISO 8601, such as P1Y2M10DT2H30M1.5S. */
  toString(): string {
    const months = BigInt(this.months);
    const days = BigInt(this.days);
    const date = part(months / 12n, "Y") + part(months % 12n, "M") + part(days, "D");
    const time = this.timeText();
    return date === "" && time === "" ? "PT0S" : `P${date}${time === "" ? "" : `T${time}`}`;
  }

  toJSON(): string {
    return this.toString();
  }

  private timeText(): string {
    const total = BigInt(this.seconds) * 1_000_000_000n + BigInt(this.nanoseconds);
    const size = total < 0n ? -total : total;
    const whole = size / 1_000_000_000n;
    const sign = total < 0n ? -1n : 1n;
    const fraction = (size % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
    const second = whole % 60n;
    let text = part((sign * whole) / 3600n, "H") + part(sign * ((whole / 60n) % 60n), "M");
    if (second !== 0n || fraction !== "")
      text += `${total < 0n ? "-" : ""}${second}${fraction === "" ? "" : `.${fraction}`}S`;
    return text;
  }
}

brand(Duration, "Duration");

function part(value: bigint, unit: string): string {
  return value === 0n ? "" : `${value}${unit}`;
}
