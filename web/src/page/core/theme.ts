import { effect, signal } from "@preact/signals";
import { kept } from "./store.js";

/** Colours that WebGL and canvas need; those of the rest are in style/tokens.css. */
export interface Colours {
  text: string;
  muted: string;
  raised: string;
  /** Behind the graph. */
  ground: string;
  accent: string;
  edge: string;
  faded: string;
  fadedEdge: string;
}

const light: Colours = {
  text: "#1a2230",
  muted: "#5b6675",
  raised: "#ffffff",
  ground: "#ffffff",
  accent: "#2759d6",
  edge: "#b4becc",
  faded: "#e3e7ed",
  fadedEdge: "#eef1f5",
};
const dark: Colours = {
  text: "#e7ecf3",
  muted: "#9aa6b6",
  raised: "#222a36",
  ground: "#181f29",
  accent: "#8ab0ff",
  edge: "#4d596b",
  faded: "#2a3340",
  fadedEdge: "#222a35",
};

const query = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : undefined;
const systemDark = signal(query?.matches ?? false);
query?.addEventListener("change", ({ matches }) => (systemDark.value = matches));

/** What the user chose; "system" follows the system. */
export const themeChoice = kept<"light" | "dark" | "system">("theme", "system", found =>
  found === "light" || found === "dark" ? found : undefined,
);

export function isDark(): boolean {
  return themeChoice.value === "system" ? systemDark.value : themeChoice.value === "dark";
}

export function themeColours(): Colours {
  return coloursFor(isDark());
}

export function coloursFor(darkGround: boolean): Colours {
  return darkGround ? dark : light;
}

export function switchTheme(): void {
  themeChoice.value = isDark() ? "light" : "dark";
}

/** Has the document follow the theme. */
export function startTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = isDark() ? "dark" : "light";
  });
}
