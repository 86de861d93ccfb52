// webbolt beside neo4j-driver in a browser: `make bench-browser`, or here `npm start -- --quick`. ROUNDS, SCALE and
// QUICK set the same as
// --rounds, --scale (of the numbers of rows) and --quick. Rounds are interleaved: each has every subject once. All is measured in Chromium, and
// rows, small queries and first records once more in Firefox.
import { fileURLToPath } from "node:url";
import { launch } from "../../web/test/browsers.mjs";
import { serve, startRelay } from "../../web/test/environment.mjs";
import { httpQuery, prepare, realServer, tidy } from "./neo4j.mjs";
import { startSource } from "./native.mjs";
import { bundleDropIn } from "./drop-in.mjs";
import {
  coreAlone,
  dropIns,
  measureBusy,
  measureFirst,
  measureMemory,
  measureRows,
  onPage,
  raw,
  withoutRelay,
} from "./parts.mjs";
import { Report } from "./report.mjs";
import { realLoads, replayLoads, settings, wanted, wantedLoad, wantedSource } from "./settings.mjs";
import { measureSlowLine } from "./slowline.mjs";
import { measureSizes, measureStart } from "./startup.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const dist = settings.dist ? `${settings.dist}/` : `${root}web/dist/`;
const report = new Report();
const closers = [];
const out = settings.out.startsWith("/") ? settings.out : root + settings.out;

try {
  const native = await startSource();
  closers.push(native);
  // Pages that nobody else shares memory with may measure it.
  const headers = () => ({
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  const dropIn = await bundleDropIn(dist);
  closers.push(dropIn);
  const files = await serve(
    {
      "/drop-in/": dropIn.folder,
      "/dist/": dist,
      "/page/": `${here}page/`,
      "/neo4j-driver/": `${here}node_modules/neo4j-driver/lib/browser/`,
    },
    headers,
  );
  closers.push(files);
  if (settings.source) report.keep(out, name => !wantedSource(name));
  if (wanted("size") && !settings.source) measureSizes(report, dist);
  const sources = await allSources(native, files);
  for (const browser of settings.browsers)
    await measureIn(browser, { files, native, report, settings, save: () => report.save(out) }, sources);
  report.write(out);
} finally {
  for (const closer of closers.reverse()) await closer.close();
}

/** Measures in one browser. Sources in Firefox have its name before theirs. */
async function measureIn(name, common, sources) {
  const browser = await launch(name);
  try {
    common.report.browsers.push(await browser.version());
    const bench = { ...common, browser };
    for (const each of sources) {
      const source = {
        ...each,
        name: name === "chrome" ? each.name : `Firefox ${each.name}`,
        loads: each.loads.filter(wantedLoad),
      };
      if (!wantedSource(source.name)) continue;
      if (wanted("rows")) await measureRows(bench, source);
      if (wanted("first")) await measureFirst(bench, source);
      if (wanted("start")) await measureStart(bench, source);
      if (name !== "chrome") continue; // the rest only Chromium tells, or is the same
      if (wanted("busy")) await measureBusy(bench, source);
      if (wanted("memory")) await measureMemory(bench, source);
    }
    if (name === "chrome" && wanted("slowline") && wantedSource("slow line")) {
      await measureSlowLine(bench, common.native, settings.quick ? 5_000 : 50_000);
    }
  } finally {
    await browser.close();
  }
}

/** Where results come from, and who reads each. */
async function allSources(native, files) {
  const replayRelay = await startRelay(`bolt://${native.tcp}`, "-origin", files.origin);
  closers.push(replayRelay);
  const reader = { address: native.tcp };
  const sources = [
    {
      name: "replay",
      loads: replayLoads(),
      subjects: ["webbolt", onPage, "neo4j-driver", raw, "native"],
      start: true,
      server: { uri: `bolt://${native.ws}` },
      reader,
    },
    {
      name: "replay relay",
      loads: replayLoads(4),
      subjects: ["webbolt", "neo4j-driver", ...dropIns, ...coreAlone, withoutRelay, "native"],
      server: { uri: `bolt://${native.tcp}`, relay: replayRelay.url, direct: `bolt://${native.ws}` },
      reader,
    },
  ];
  const server = realServer();
  if (!server) {
    console.error("there is no Neo4j in the environment, so only the replay server is measured");
    return sources;
  }
  await prepare(server);
  closers.push({ close: () => tidy(server) });
  const relay = await startRelay(`bolt://${server.bolt}`, "-origin", files.origin);
  closers.push(relay);
  const { user, password, version } = server;
  const realReader = { address: server.bolt, user, password };
  const direct = realLoads({ integers: 4_000, scalars: 3_000, nodes: 3_000, paths: 3_000, strings: 6 });
  const quick = realLoads({ integers: 100_000, scalars: 50_000, nodes: 30_000, paths: 10_000, strings: 10 });
  const common = { user, password, http: server.http };
  return [
    ...sources,
    {
      name: `${version} direct`,
      loads: direct,
      subjects: ["webbolt", onPage, "neo4j-driver", ...dropIns],
      start: true,
      server: { ...common, uri: `bolt://${server.bolt}` },
      reader: realReader,
    },
    {
      name: `${version} relay`,
      loads: quick,
      subjects: ["webbolt", onPage, "neo4j-driver", ...dropIns, ...coreAlone, raw, "native"],
      server: { ...common, uri: `bolt://${server.bolt}`, relay: relay.url },
      reader: realReader,
    },
    {
      name: `${version} http`,
      loads: quick.filter(({ name }) => httpQuery(name)),
      subjects: ["webbolt", "fetch"],
      server: { ...common, uri: `http://${server.http}` },
      reader: realReader,
    },
  ];
}
