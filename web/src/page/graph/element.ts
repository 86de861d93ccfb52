import { auth, connect, GraphBuilder, type Connector, type Graph } from "../../index.js";
import { coloursFor } from "../core/theme.js";
import { GraphCanvas } from "./canvas.js";
import { looksOf } from "./looks.js";

const style = `
:host { display: block; position: relative; min-height: 200px; overflow: hidden; }
div { position: absolute; inset: 0; touch-action: none; outline-offset: -2px; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.graph-overlay { pointer-events: none; }
.graph-box { inset: auto; border: 1px solid currentColor; opacity: 0.5; pointer-events: none; }
[hidden] { display: none; }
`;

/**
 * `<webbolt-graph>`: the workbench's graph view for other pages.
 *
 * | attribute | what it does |
 * |---|---|
 * | `query` | the Cypher to draw, run when the element has a connection |
 * | `uri`, `user`, `relay`, `database` | where to connect to, unless `connector` is set |
 * | `node-limit` | the most nodes to draw; 5000 by default |
 * | `theme` | `light` or `dark`; by default the system's |
 *
 * | property | |
 * |---|---|
 * | `connector` | a Connector of the page's own; the element does not close it |
 * | `password` | for `user`; never an attribute, as attributes are seen |
 * | `parameters` | of the query |
 * | `graph` | a Graph to draw in place of a query's |
 *
 * Events: `webbolt-select` (detail: nodes and relationship, as in the Graph), `webbolt-expand` (detail: node),
 * `webbolt-menu` (a long touch or the other button; detail: node, if on one, and x and y in the element),
 * `webbolt-drawn` (all rows are here, detail: graph),
 * `webbolt-settled` (the nodes have found their places), `webbolt-error` (detail: error).
 */
export class WebboltGraph extends HTMLElement {
  static readonly observedAttributes = ["query", "uri", "user", "relay", "database", "node-limit", "theme"];
  /** For `user`. */
  password = "";
  parameters: Record<string, unknown> = {};
  #graph: Graph = new GraphBuilder().graph;
  #given: Connector | undefined;
  #own: Connector | undefined;
  #canvas: GraphCanvas | undefined;
  #abort: AbortController | undefined;
  #asked = false;

  get graph(): Graph {
    return this.#graph;
  }

  set graph(graph: Graph) {
    this.#abort?.abort();
    this.#begin(graph);
    this.#canvas?.grow();
    this.#canvas?.arrange();
  }

  get connector(): Connector | undefined {
    return this.#given ?? this.#own;
  }

  set connector(connector: Connector | undefined) {
    this.#given = connector;
    this.#ask();
  }

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    const ground = document.createElement("div");
    ground.setAttribute("role", "application");
    ground.setAttribute(
      "aria-label",
      this.getAttribute("aria-label") ?? "Graph. Arrow keys choose nodes, plus and minus zoom.",
    );
    root.replaceChildren(ground);
    const system = matchMedia("(prefers-color-scheme: dark)");
    const dark = (): boolean =>
      (this.getAttribute("theme") ??
        (document.documentElement.dataset["theme"] || (system.matches ? "dark" : "light"))) === "dark";
    this.#canvas = new GraphCanvas(ground, this.#graph, looksOf({}), () => coloursFor(dark()), {
      select: ({ nodes, edge }) => this.#tell("select", { nodes, relationship: edge }),
      expand: node => this.#tell("expand", { node }),
      menu: (node, x, y) => this.#tell("menu", { node, x, y }),
      moving: moving => !moving && this.#tell("settled", {}),
    });
    this.#canvas.grow();
    if (this.#graph.nodeCount > 0) this.#canvas.arrange();
    this.#ask();
  }

  disconnectedCallback(): void {
    this.#abort?.abort();
    this.#canvas?.close();
    this.#canvas = undefined;
    void this.#own?.close().catch(() => {});
    this.#own = undefined;
  }

  attributeChangedCallback(name: string): void {
    if (name === "theme") return this.#canvas?.ask();
    if (["uri", "user", "relay"].includes(name)) {
      void this.#own?.close().catch(() => {});
      this.#own = undefined;
    }
    this.#ask();
  }

  /** Fits all nodes into the element. */
  fit(): void {
    this.#canvas?.fit();
  }

  /** Where on the page a node is drawn. */
  placeOf(node: number): { x: number; y: number } | undefined {
    return this.#canvas?.placeOf(node);
  }

  /** Runs the query soon; attributes that are set together cause one run. */
  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    const query = this.getAttribute("query");
    this.#abort?.abort();
    if (!this.#canvas || !query || !(this.#given || this.getAttribute("uri"))) return;
    const { signal } = (this.#abort = new AbortController());
    const builder = new GraphBuilder({ nodeLimit: Number(this.getAttribute("node-limit")) || 5000 });
    this.#begin(builder.graph);
    try {
      const connector = this.#given ?? (this.#own ??= await this.#open());
      const result = await connector.run(query, this.parameters, {
        readonly: true,
        database: this.getAttribute("database") ?? "",
        signal,
      });
      for await (const _ of result.blocks({ graph: builder, signal })) this.#canvas?.grow();
      this.#canvas?.arrange();
      this.#tell("drawn", { graph: builder.graph });
    } catch (error) {
      if (!signal.aborted) this.#tell("error", { error });
    }
  }

  #open(): Promise<Connector> {
    const [uri, user, relay] = [this.getAttribute("uri")!, this.getAttribute("user"), this.getAttribute("relay")];
    return connect(uri, { auth: user ? auth.basic(user, this.password) : auth.none(), ...(relay ? { relay } : {}) });
  }

  #begin(graph: Graph): void {
    this.#graph = graph;
    this.#canvas?.begin(graph);
  }

  #tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent("webbolt-" + name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("webbolt-graph")) customElements.define("webbolt-graph", WebboltGraph);
