// Collects figures and writes them down as bench/report does: ratios first, then medians with their spread, and all as
// JSON.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { dirname } from "node:path";
import { raw } from "./parts.mjs";

export class Report {
  #samples = new Map();
  #kept = [];
  /** Versions of the browsers that were measured. */
  browsers = [];

  /** Takes the results of the sources wanted from a file that an earlier run has written. */
  keep(file, wanted) {
    if (existsSync(file))
      this.#kept = JSON.parse(readFileSync(file, "utf8")).results.filter(({ source }) => wanted(source));
  }

  add(source, load, metric, subject, unit, value) {
    const key = JSON.stringify([source, load, metric, subject, unit]);
    if (!this.#samples.has(key)) this.#samples.set(key, []);
    this.#samples.get(key).push(value);
  }

  get results() {
    const measured = [...this.#samples].map(([key, samples]) => {
      const [source, load, metric, subject, unit] = JSON.parse(key);
      const sorted = samples.toSorted((a, b) => a - b);
      return {
        source,
        load,
        metric,
        subject,
        median: short(sorted[sorted.length >> 1]),
        min: short(sorted[0]),
        max: short(sorted.at(-1)),
        unit,
        rounds: sorted.length,
      };
    });
    return [...this.#kept, ...measured];
  }

  /** Writes the file; what is measured later comes with the next call. */
  save(file) {
    const { results } = this;
    const browser = this.browsers.join(", ");
    const machine = {
      os: `${platform()}/${arch()}`,
      cpu: cpus()[0].model,
      cpus: cpus().length,
      browser,
      date: new Date().toISOString().slice(0, 10),
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ machine, ratios: ratios(results), results }, null, 2) + "\n");
    return machine;
  }

  /** Writes the file, and the tables to standard output. */
  write(file) {
    const machine = this.save(file);
    const { results } = this;
    console.log(
      `${machine.os}, ${machine.cpus} CPUs (${machine.cpu}), ${machine.browser}\n\nratios of medians, webbolt to the others:`,
    );
    for (const { source, load, metric, ratio, to } of ratios(results)) {
      console.log(
        `  ${source.padEnd(16)} ${load.padEnd(12)} ${metric.padEnd(22)} ${ratio.toFixed(2).padStart(8)} x ${to}`,
      );
    }
    console.log("\nmedian (min to max):");
    for (const { source, load, metric, subject, median, min, max, unit, rounds } of results) {
      console.log(
        `  ${source.padEnd(16)} ${load.padEnd(12)} ${metric.padEnd(22)} ${subject.padEnd(18)} ${String(median).padStart(10)} (${min} to ${max}) ${unit}, ${rounds} rounds`,
      );
    }
  }
}

/**
 * Whether a figure is what people have today, neo4j-driver with nothing in between, in the same browser and on the same
 * server as ours.
 */
const isToday = (ours, { source, subject }) =>
  subject === "neo4j-driver" && source.endsWith(" direct") && ours.source.startsWith(source.slice(0, -"direct".length));

/**
 * Which of neo4j-driver's subjects another is compared with beside webbolt: the drop-in, and those that show how fast
 * anything could be: they do nothing with what they read, or read nothing.
 */
function officialBeside(subject) {
  for (const ours of ["drop-in", "core alone"])
    if (subject.startsWith(ours)) return subject.replace(ours, "neo4j-driver");
  return ["native", raw].includes(subject) ? "neo4j-driver" : undefined;
}

/** webbolt's medians as multiples of the others' on the same source, and of neo4j-driver's on a direct connection. */
function ratios(results) {
  const found = [];
  const add = (ours, peer, to) => {
    if (peer.median !== 0)
      found.push({
        source: ours.source,
        load: ours.load,
        metric: ours.metric,
        ratio: short(ours.median / peer.median),
        to,
      });
  };
  for (const ours of results) {
    const official = officialBeside(ours.subject);
    for (const peer of results.filter(
      ({ subject, source, load, metric }) =>
        subject === official && source === ours.source && load === ours.load && metric === ours.metric,
    )) {
      add(ours, peer, `${peer.subject} (${ours.subject})`);
    }
  }
  for (const ours of results.filter(({ subject }) => subject === "webbolt")) {
    const peers = results.filter(
      peer => peer.load === ours.load && peer.metric === ours.metric && peer.subject !== "webbolt",
    );
    for (const peer of peers) {
      if (peer.source === ours.source) add(ours, peer, peer.subject);
      else if (isToday(ours, peer)) add(ours, peer, "neo4j-driver direct");
    }
  }
  return found;
}

/** Four digits: more would only look exact. */
function short(value) {
  return Number(value.toPrecision(4));
}
