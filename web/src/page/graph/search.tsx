import { useState } from "preact/hooks";
import { caption, type Graph } from "../../index.js";
import { textOf } from "../core/text.js";

const most = 200;

/** Finds nodes by any of their properties, or by label. */
export function Search({ graph, found }: { graph: Graph; found: (nodes: number[]) => void }) {
  const [text, setText] = useState("");
  const [count, setCount] = useState<number>();
  const search = (wanted: string): void => {
    setText(wanted);
    const nodes = wanted.trim() === "" ? [] : nodesWith(graph, wanted.trim().toLowerCase());
    setCount(wanted.trim() === "" ? undefined : nodes.length);
    found(nodes);
  };
  return (
    <label class="search">
      <input
        type="search"
        id="search"
        aria-label="Search the graph"
        placeholder="Search the graph"
        value={text}
        onInput={({ currentTarget }) => search(currentTarget.value)}
      />
      {count !== undefined && <span role="status">{count >= most ? `${most}+` : count}</span>}
    </label>
  );
}

function nodesWith(graph: Graph, wanted: string): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < graph.nodeCount && nodes.length < most; node++) {
    const has = (text: string): boolean => text.toLowerCase().includes(wanted);
    if (
      graph.labels(node).some(has) ||
      has(caption(graph, node)) ||
      graph.nodeKeys(node).some(key => has(textOf(graph.nodeProperty(node, key), 300)))
    )
      nodes.push(node);
  }
  return nodes;
}
