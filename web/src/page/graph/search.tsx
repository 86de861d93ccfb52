import { useEffect, useRef, useState } from "preact/hooks";
import { caption, type Graph } from "../../index.js";
import { textOf } from "../core/text.js";

const most = 200;
/** How long to search before the page has a turn, in milliseconds. */
const slice = 8;

/** Finds nodes by any of their properties, or by label. */
export function Search({ graph, found }: { graph: Graph; found: (nodes: number[]) => void }) {
  const [text, setText] = useState("");
  const [count, setCount] = useState<number>();
  const asked = useRef(new AbortController());
  useEffect(() => () => asked.current.abort(), []);
  const search = async (written: string): Promise<void> => {
    setText(written);
    asked.current.abort();
    const { signal } = (asked.current = new AbortController());
    const wanted = written.trim().toLowerCase();
    const nodes = wanted === "" ? [] : await nodesWith(graph, wanted, signal);
    if (!nodes) return;
    setCount(wanted === "" ? undefined : nodes.length);
    found(nodes);
  };
  return (
    <label class="search">
      <input
        type="search"
        id="search"
        aria-label="Search the graph"
        placeholder="Search"
        value={text}
        onInput={({ currentTarget }) => void search(currentTarget.value)}
      />
      {count !== undefined && <span role="status">{count >= most ? `${most}+` : count}</span>}
    </label>
  );
}

/** The first nodes that have a text in them; undefined if something else is looked for meanwhile. */
async function nodesWith(graph: Graph, wanted: string, abort: AbortSignal): Promise<number[] | undefined> {
  const nodes: number[] = [];
  const has = (text: string): boolean => text.toLowerCase().includes(wanted);
  let until = performance.now() + slice;
  for (let node = 0; node < graph.nodeCount && nodes.length < most; node++) {
    if (
      graph.labels(node).some(has) ||
      has(caption(graph, node)) ||
      graph.nodeKeys(node).some(key => has(textOf(graph.nodeProperty(node, key), 300)))
    )
      nodes.push(node);
    if (performance.now() < until) continue;
    await new Promise(resolve => setTimeout(resolve, 0));
    if (abort.aborted) return undefined;
    until = performance.now() + slice;
  }
  return nodes;
}
