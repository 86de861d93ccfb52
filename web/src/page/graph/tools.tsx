import { useEffect, useRef } from "preact/hooks";
import { Icon, IconButton, type IconName } from "../ui/icon.js";
import type { GraphActions } from "./actions.js";
import type { GraphCanvas } from "./canvas.js";

interface ToolsOf {
  actions: GraphActions;
  nodes: readonly number[];
  canvas: () => GraphCanvas;
}

/** What can be done with the nodes that are chosen, and with the whole graph. */
export function GraphTools({ actions, nodes, canvas }: ToolsOf) {
  return (
    <div class="graph-tools" role="toolbar" aria-label="Graph">
      {nodes.length > 0 && (
        <>
          <IconButton name="expand" label="Show neighbours" id="expand" onClick={() => actions.expand(nodes)} />
          <IconButton
            name="collapse"
            label="Hide neighbours that are joined to nothing else"
            id="collapse"
            onClick={() => actions.collapse(nodes)}
          />
          <IconButton name="pin" label="Pin or unpin" id="pin" onClick={() => actions.pin(nodes)} />
          <IconButton name="hide" label="Hide" id="hide" onClick={() => actions.hide(nodes)} />
          {nodes.length === 2 && (
            <IconButton
              name="path"
              label="Shortest path between the two"
              id="path"
              onClick={() => actions.path(nodes[0]!, nodes[1]!)}
            />
          )}
          <IconButton
            name="query"
            label="Query for these in the editor"
            id="query-for"
            onClick={() => actions.query(nodes)}
          />
          <span class="divider" />
        </>
      )}
      <IconButton
        name="link"
        label="Relationships between what is shown"
        id="between"
        onClick={() => actions.between()}
      />
      <IconButton name="arrange" label="Arrange again" id="arrange" onClick={() => canvas().arrange()} />
      <IconButton name="reveal" label="Show what is hidden" id="reveal" onClick={() => canvas().reveal()} />
      <span class="divider" />
      <IconButton name="plus" label="Closer" id="zoom-in" onClick={() => canvas().zoom(1.4)} />
      <IconButton name="minus" label="Farther" id="zoom-out" onClick={() => canvas().zoom(1 / 1.4)} />
      <IconButton name="fit" label="Show all" id="zoom-fit" onClick={() => canvas().fit()} />
    </div>
  );
}

/** Where a menu was asked for, in pixels of the view, and on which node. */
export interface MenuPlace {
  node: number | undefined;
  x: number;
  y: number;
}

type Item = [icon: IconName, label: string, does: () => void];

/** The same, where the pointer is: by a long touch, the other mouse button or the menu key. */
export function GraphMenu({ place, close, ...tools }: ToolsOf & { place: MenuPlace; close: () => void }) {
  const root = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const menu = root.current!;
    const { clientWidth, clientHeight } = menu.parentElement!;
    menu.style.left = `${Math.max(Math.min(place.x, clientWidth - menu.offsetWidth - 8), 8)}px`;
    menu.style.top = `${Math.max(Math.min(place.y, clientHeight - menu.offsetHeight - 8), 8)}px`;
    menu.querySelector("button")?.focus();
    const outside = ({ target }: Event): void => {
      if (!menu.contains(target as globalThis.Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [place]);
  return (
    <ul ref={root} class="menu graph-menu" id="graph-menu" role="menu" aria-label="Graph" onKeyDown={keysOf(close)}>
      {itemsOf(place, tools).map(([icon, label, does]) => (
        <li role="none">
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              close();
              does();
            }}
          >
            <Icon name={icon} />
            {label}
          </button>
        </li>
      ))}
    </ul>
  );
}

function itemsOf({ node }: MenuPlace, { actions, nodes, canvas }: ToolsOf): Item[] {
  if (node === undefined)
    return [
      ["fit", "Show all", () => canvas().fit()],
      ["arrange", "Arrange again", () => canvas().arrange()],
      ["reveal", "Show what is hidden", () => canvas().reveal()],
      ["link", "Relationships between what is shown", () => actions.between()],
    ];
  const chosen = nodes.includes(node) ? nodes : [node];
  return [
    ["expand", "Show neighbours", () => actions.expand(chosen)],
    ["collapse", "Hide neighbours", () => actions.collapse(chosen)],
    ["pin", actions.isPinned(node) ? "Unpin" : "Pin", () => actions.pin(chosen)],
    ["hide", "Hide", () => actions.hide(chosen)],
    ["query", "Query in the editor", () => actions.query(chosen)],
  ];
}

function keysOf(close: () => void): (event: KeyboardEvent) => void {
  return event => {
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (to !== undefined) items.at(to % items.length)?.focus();
    else return;
    event.preventDefault();
  };
}
