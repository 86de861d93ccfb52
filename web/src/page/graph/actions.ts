import type { StatementRun } from "../core/run.js";
import { many, messageOf } from "../core/text.js";
import { show } from "../core/workspace.js";
import type { GraphCanvas } from "./canvas.js";
import { exportGraph, type GraphFormat } from "./export.js";
import { between, expand, queryFor, shortestPath } from "./queries.js";
import { pinned } from "./scene.js";

/** What a user can do with the graph of a statement, from the toolbar, the menu and the keys alike. */
export class GraphActions {
  readonly #canvas: () => GraphCanvas;
  readonly #run: () => StatementRun;
  readonly #tell: (text: string) => void;

  /** canvas and run give what is shown now; tell shows the user what came of an action. */
  constructor(canvas: () => GraphCanvas, run: () => StatementRun, tell: (text: string) => void) {
    this.#canvas = canvas;
    this.#run = run;
    this.#tell = tell;
  }

  /** Shows the neighbours of nodes. */
  expand(nodes: readonly number[]): void {
    void this.#ask(async run => {
      for (const node of nodes) this.#canvas().reveal(node);
      const came = await expand(run, nodes);
      const more = run.graph.truncated ? " No more are drawn." : "";
      return `${many(came.nodes, "new node")}, ${many(came.relationships, "new relationship")}.${more}`;
    });
  }

  /** Hides the neighbours that are joined to nothing else. */
  collapse(nodes: readonly number[]): void {
    this.#tell(`${many(this.#canvas().collapse(nodes), "node")} hidden.`);
  }

  isPinned(node: number): boolean {
    return (this.#canvas().scene.flags[node]! & pinned) !== 0;
  }

  /** Pins nodes where they are, or lets them go, as the first of them is now. */
  pin(nodes: readonly number[]): void {
    this.#canvas().pin(nodes, !this.isPinned(nodes[0]!));
  }

  hide(nodes: readonly number[]): void {
    this.#canvas().hide(nodes);
  }

  /** Finds and chooses a shortest path. */
  path(from: number, to: number): void {
    void this.#ask(async run => {
      const path = await shortestPath(run, from, to);
      if (!path) return "There is no path of up to 20 relationships.";
      requestAnimationFrame(() => this.#canvas().select(path));
      return `A path of ${many(path.length - 1, "relationship")}.`;
    });
  }

  /** Shows the relationships between what is shown. */
  between(): void {
    void this.#ask(async run => {
      const { relationships } = await between(run, this.#canvas().shownNodes());
      return `${many(relationships, "new relationship")}.`;
    });
  }

  /** Puts a query for nodes into the editor. */
  query(nodes: readonly number[]): void {
    show(queryFor(this.#run(), nodes));
  }

  export(format: GraphFormat): void {
    exportGraph(format, this.#canvas()).catch((thrown: unknown) => this.#tell(messageOf(thrown)));
  }

  /** Asks the server; what comes for a statement that is no longer shown is not told. */
  async #ask(work: (run: StatementRun) => Promise<string>): Promise<void> {
    const own = this.#run();
    const tell = (text: string): void => {
      if (this.#run() === own) this.#tell(text);
    };
    tell("Asking the server…");
    try {
      tell(await work(own));
    } catch (thrown) {
      tell(messageOf(thrown));
    }
  }
}
