import { byID } from "./dom.js";

/** Colours that WebGL and canvas need; those of the rest are in style.css. */
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
  text: "#1c2430", muted: "#6b7686", raised: "#ffffff", ground: "#ffffff", accent: "#2f6feb", edge: "#b9c2cf", faded: "#e3e7ed", fadedEdge: "#eef1f5",
};
const dark: Colours = {
  text: "#e6ebf2", muted: "#8d99aa", raised: "#232b37", ground: "#1b222c", accent: "#6ea2ff", edge: "#475264", faded: "#2a3340", fadedEdge: "#222a35",
};

const storageKey = "webbolt.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : system.matches;
}

export function themeColours(): Colours {
  return isDark() ? dark : light;
}

/** Sets the remembered theme, and lets the button change it. onChange is called when colours have changed. */
export function startTheme(onChange: () => void): void {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("theme");
  const chosen = asked ?? stored();
  if (chosen === "dark" || chosen === "light") root.dataset["theme"] = chosen;
  byID("theme-button").addEventListener("click", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(storageKey, root.dataset["theme"]);
    } catch {
      // The choice lasts as long as the page.
    }
    onChange();
  });
  system.addEventListener("change", onChange);
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
