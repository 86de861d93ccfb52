import type { Connector, Graph } from "../index.js";

/** `<webbolt-graph>`; its attributes and events are in docs/page.md. */
export declare class WebboltGraph extends HTMLElement {
  /** For the attribute `user`. */
  password: string;
  parameters: Record<string, unknown>;
  get graph(): Graph;
  set graph(graph: Graph);
  get connector(): Connector | undefined;
  set connector(connector: Connector | undefined);
  /** Fits all nodes into the element. */
  fit(): void;
  /** Where on the page a node is drawn. */
  placeOf(node: number): { x: number; y: number } | undefined;
}
