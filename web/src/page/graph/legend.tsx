import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Graph } from "../../index.js";
import { labelColour, palette, setLook, styles } from "../core/styles.js";
import { IconButton } from "../ui/icon.js";
import { countsOf } from "./counts.js";

/**
 * The labels and types that are drawn, each with its colour and number. One can be picked out; the look of each can
 * be chosen.
 */
export function Legend({
  graph,
  version,
  picked,
  pick,
}: {
  graph: Graph;
  version: number;
  picked: string | undefined;
  pick: (label: string | undefined) => void;
}) {
  const [edited, setEdited] = useState<string>();
  const [open, setOpen] = useState(innerWidth > 700);
  const { labels, types } = countsOf(graph);
  void version; // the graph grows in place
  if (labels.length === 0) return null;
  const edit = (key: string): void => setEdited(edited === key ? undefined : key);
  return (
    <section id="legend" aria-label="Labels and types">
      <button type="button" class="legend-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? "Labels" : `${labels.length} labels, ${types.length} types`}
      </button>
      <ul hidden={!open}>
        {labels.map(([label, n]) => (
          <Entry key={label} look="label" name={label} edited={edited} edit={edit} keys={() => keysOf(graph, label)}>
            <button
              type="button"
              class="legend-name"
              aria-pressed={picked === label}
              title="Pick these out"
              onClick={() => pick(picked === label ? undefined : label)}
            >
              <span class="dot" style={{ background: labelColour(label) }} />
              {label}
              <small>{n.toLocaleString()}</small>
            </button>
          </Entry>
        ))}
      </ul>
      {types.length > 0 && open && (
        <ul class="types">
          {types.map(([type, n]) => (
            <Entry key={type} look="type" name={type} edited={edited} edit={edit} keys={() => []}>
              <span class="legend-name">
                <span class="stroke" style={{ background: styles.value["type:" + type]?.colour ?? "var(--muted)" }} />
                {type}
                <small>{n.toLocaleString()}</small>
              </span>
            </Entry>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A label or type in the legend, whose look can be chosen beneath it. */
function Entry({
  look,
  name,
  edited,
  edit,
  keys,
  children,
}: {
  look: "label" | "type";
  name: string;
  edited: string | undefined;
  edit: (key: string) => void;
  keys: () => string[];
  children: ComponentChildren;
}) {
  const key = `${look}:${name}`;
  return (
    <li>
      {children}
      <IconButton name="style" label={`Look of ${name}`} expanded={edited === key} onClick={() => edit(key)} />
      {edited === key && <LookEditor look={look} name={name} keys={keys()} />}
    </li>
  );
}

/** Chooses colour, size and caption. This browser keeps them. */
function LookEditor({ look, name, keys }: { look: "label" | "type"; name: string; keys: string[] }) {
  const key = `${look}:${name}`;
  const chosen = styles.value[key] ?? {};
  return (
    <div class="look">
      <div class="swatches" role="group" aria-label="Colour">
        {palette.map(colour => (
          <button
            type="button"
            class="swatch"
            style={{ background: colour }}
            aria-label={colour}
            aria-pressed={chosen.colour === colour}
            onClick={() => setLook(key, { colour })}
          />
        ))}
      </div>
      <label>
        Size
        <input
          type="range"
          min="0.5"
          max="3"
          step="0.1"
          value={chosen.size ?? 1}
          onInput={({ currentTarget }) => setLook(key, { size: Number(currentTarget.value) })}
        />
      </label>
      <label>
        Caption
        <select
          value={chosen.caption ?? "\0"}
          onChange={({ currentTarget }) =>
            setLook(key, { caption: currentTarget.value === "\0" ? undefined : currentTarget.value })
          }
        >
          <option value={"\0"}>what fits</option>
          <option value="">none</option>
          {keys.map(property => (
            <option value={property}>{property}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** The property keys of the first nodes with a label. */
function keysOf(graph: Graph, label: string): string[] {
  const keys = new Set<string>();
  for (let node = 0, seen = 0; node < graph.nodeCount && seen < 50; node++) {
    if (!graph.labels(node).includes(label)) continue;
    for (const key of graph.nodeKeys(node)) keys.add(key);
    seen++;
  }
  return [...keys].sort().slice(0, 100);
}
