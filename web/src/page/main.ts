// The page: write a query, see its graph and its rows.
import { ConnectionUnavailable, Failure, GraphBuilder, type Summary } from "../index.js";
import { Details } from "./details.js";
import { byID, oncePerFrame } from "./dom.js";
import { Editor } from "./editor.js";
import { explain } from "./explain.js";
import { GraphView } from "./graphview.js";
import { Legend } from "./legend.js";
import { showLinkRequest } from "./link-request.js";
import { Palette } from "./palette.js";
import { Session } from "./session.js";
import { SettingsDialog } from "./settings-dialog.js";
import { initialRequest, initialSettings, linkedSettings, remember, type Settings } from "./settings.js";
import { StatusBar, type Measured } from "./statusbar.js";
import { TableView } from "./tableview.js";
import { Tabs } from "./tabs.js";
import { startTheme } from "./theme.js";

/** More nodes than this are not drawn; the table shows them all. */
const nodeLimit = 5000;

const wholeGraph = "MATCH (n)\nOPTIONAL MATCH (n)-[r]->(m)\nRETURN n, r, m";
const neighbours = "MATCH (n)-[r]-(m) WHERE elementId(n) = $id RETURN n, r, m LIMIT 200";

const palette = new Palette();
const session = new Session(initialSettings());
const status = new StatusBar();
const tabs = new Tabs();
const view = new GraphView(byID("graph"), palette);
const legend = new Legend(byID("legend"), palette);
const details = new Details(byID("details"), palette);
const table = new TableView(byID("table"), palette);
const editor = new Editor(() => void run());
const dialog = new SettingsDialog((settings) => void use(settings));

let builder = new GraphBuilder({ nodeLimit });
let running: AbortController | undefined;
let measured: Measured = { rows: 0, nodes: 0, relationships: 0 };
/** A link chose the connection: it is not remembered. */
let linked = false;
/** What the user asked for before a password was there. */
let afterLogin: (() => void) | undefined;

const showStatus = oncePerFrame(() => {
  if (running) status.show(measured); // what came of a query that has ended is shown already
});
const showLegend = oncePerFrame(() => legend.show(builder.graph));

/** For tests: where nodes are drawn. */
Object.assign(globalThis, { webboltPage: { placeOf: (node: number) => view.placeOf(node) } });

/** For tests: what the page is doing, and how much it shows. */
function publish(state?: string): void {
  const { dataset } = document.body;
  if (state) dataset["state"] = state;
  dataset["nodes"] = String(view.nodes);
  dataset["relationships"] = String(view.relationships);
  dataset["rows"] = String(measured.rows);
}

async function run(): Promise<void> {
  const query = editor.text;
  if (!query) return;
  if (session.lacksPassword) {
    afterLogin = () => void run();
    dialog.open(session.settings, "The password is missing.", linked);
    return;
  }
  running?.abort();
  const own = (running = new AbortController());
  begin();
  editor.ran(query);
  const began = performance.now();
  try {
    const summary = await session.run(query, {}, builder, {
      fields: (fields) => {
        if (running === own) table.begin(fields);
      },
      records: (records) => {
        if (running !== own) return; // another query has begun
        measured.firstRow ??= performance.now() - began;
        receive(records);
      },
    }, own.signal);
    if (running === own) finish(summary, performance.now() - began);
  } catch (thrown) {
    if (running === own) fail(thrown, query, own.signal.aborted);
  } finally {
    if (running === own) {
      running = undefined;
      setBusy(false);
    }
  }
}

function begin(): void {
  measured = { rows: 0, nodes: 0, relationships: 0 };
  builder = new GraphBuilder({ nodeLimit });
  view.begin();
  table.begin([]);
  legend.show(builder.graph);
  details.hide();
  tabs.begin();
  byID("welcome").hidden = true;
  byID("link-request").hidden = true;
  status.message("Running…");
  setBusy(true);
  publish("running");
}

function receive(records: Record<string, unknown>[]): void {
  measured.rows += records.length;
  table.add(records);
  grow();
  showStatus();
  publish();
}

/** Draws what has come to the graph. */
function grow(): void {
  const { graph } = builder;
  if (graph.nodeCount === measured.nodes && graph.relationshipCount === measured.relationships) return;
  if (measured.nodes === 0) tabs.prefer("graph");
  view.grow(graph);
  measured.nodes = view.nodes;
  measured.relationships = view.relationships;
  measured.truncated = graph.truncated;
  showLegend();
}

function finish(summary: Summary, total: number): void {
  measured.total = total;
  const server = (summary.availableAfter ?? 0) + (summary.consumedAfter ?? 0);
  if (summary.availableAfter !== null) measured.server = server;
  if (measured.nodes > 0) view.arrange();
  tabs.finish(measured.rows > 0, measured.nodes > 0);
  connected(summary.server.agent);
  byID("empty").textContent = changes(summary);
  byID("empty").hidden = measured.rows > 0;
  status.show(measured);
  publish("done");
}

/** What a query did that gave no rows. */
function changes({ counters }: Summary): string {
  const done = Object.entries(counters).filter(([, n]) => typeof n === "number" && n > 0);
  if (done.length === 0) return "The query gave no rows.";
  return done.map(([what, n]) => `${what.replace(/[A-Z]/g, (c) => " " + c.toLowerCase())}: ${n}`).join(" · ");
}

function fail(thrown: unknown, query: string, stopped: boolean): void {
  if (stopped) {
    status.message(`Stopped after ${measured.rows.toLocaleString()} rows.`);
    if (measured.nodes > 0) view.arrange();
    publish("done");
    return;
  }
  status.message(measured.rows > 0 ? `Failed after ${measured.rows.toLocaleString()} rows.` : "Failed.");
  publish("failed");
  explain(thrown, query);
  tabs.fail();
  const unauthorized = thrown instanceof Failure && thrown.code.startsWith("Neo.ClientError.Security.");
  if (thrown instanceof ConnectionUnavailable || unauthorized) {
    connected(undefined);
    if (unauthorized) dialog.open(session.settings, thrown.message, linked);
  }
}

function setBusy(busy: boolean): void {
  byID("run").hidden = busy;
  byID("stop").hidden = !busy;
}

/** Shows where the page is connected to. */
function connected(agent: string | undefined): void {
  const { user, uri, useRelay } = session.settings;
  const chip = byID("connection");
  chip.dataset["state"] = agent === undefined ? "off" : "on";
  chip.title = agent === undefined ? "Not connected. Click to change the settings." : `${agent}, ${useRelay ? "through the relay" : "direct"}. Click to change the settings.`;
  byID("connection-text").textContent = `${user ? user + "@" : ""}${uri.replace(/^[^:]+:\/\//, "")}${useRelay ? " · relay" : ""}`;
}

async function use(settings: Settings): Promise<void> {
  session.settings = settings;
  if (!linked) remember(settings);
  connected(undefined);
  status.message("Connecting…");
  try {
    const connector = await session.connect();
    await connector.verifyConnectivity();
    connected("Neo4j");
    status.message("Connected.");
    editor.focus();
    const next = afterLogin;
    afterLogin = undefined;
    next?.();
  } catch (thrown) {
    status.message("Not connected.");
    dialog.open(settings, thrown instanceof Error ? thrown.message : String(thrown), linked);
  }
}

/** Takes over the connection that a link asks for: the user has seen it and agreed. */
function useLink(runs: boolean): void {
  linked = true;
  session.settings = linkedSettings(session.settings);
  connected(undefined);
  if (runs) void run();
  else editor.focus();
}

/** Adds a node's neighbours to what is drawn. */
async function expand(node: number): Promise<void> {
  const own = builder;
  try {
    await session.run(neighbours, { id: own.graph.nodeElementId(node) }, own, {
      fields() {},
      records: () => {
        if (builder === own) grow();
      },
    });
    if (builder !== own) return;
    view.arrange();
    status.show(measured);
    publish();
  } catch (thrown) {
    status.message(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function start(): void {
  startTheme(() => {
    view.recolour();
    table.refresh();
  });
  byID("run").addEventListener("click", () => void run());
  byID("stop").addEventListener("click", () => running?.abort());
  byID("connection").addEventListener("click", () => dialog.open(session.settings, "", linked));
  for (const by of ["in", "out", "fit"] as const) byID(`zoom-${by}`).addEventListener("click", () => view.zoom(by));
  byID("arrange").addEventListener("click", () => view.arrange());
  for (const example of document.querySelectorAll<HTMLElement>("[data-query]")) {
    example.addEventListener("click", () => {
      editor.text = example.dataset["query"]!;
      void run();
    });
  }
  view.onSelect = (node) => (node === undefined ? details.hide() : details.show(builder.graph, node));
  view.onExpand = (node) => void expand(node);
  details.onExpand = (node) => void expand(node);
  details.onClose = () => {
    view.select(undefined);
    details.hide();
  };
  view.onArranging = (moving) => (document.body.dataset["layout"] = moving ? "moving" : "still");
  legend.onPick = (label) => view.highlight(label);
  tabs.onShow = () => view.recolour();
  connected(undefined);
  const request = initialRequest();
  editor.text = request.query || wholeGraph;
  publish("idle");
  if (Object.keys(request.target).length > 0) {
    showLinkRequest(request, { accept: useLink, ignore: () => editor.focus() });
  } else {
    if (request.query) status.message("The query comes from the link that you opened. Read it before you run it.");
    editor.focus();
  }
}

start();
