import type { EngineLocation } from "./channel.js";
import { workingFolder } from "./node.js";

/**
 * The script that contains this module, if a bundler has made a classic script of it. It is only known while the script
 * runs for the first time.
 */
const classicScript = (globalThis.document?.currentScript as HTMLScriptElement | null | undefined)?.src;

/**
 * The URLs of the engine's parts: those of the options, else those of a bundler, else beside this script.
 */
export function locate({
  wasmURL,
  workerURL,
}: { [part in keyof EngineLocation]?: string | URL | undefined }): EngineLocation {
  // Bundlers look for exactly this form.
  return {
    wasmURL: wasmURL ? absoluteURL(wasmURL) : beside("webbolt.wasm", () => new URL("./webbolt.wasm", import.meta.url)),
    workerURL: workerURL ? absoluteURL(workerURL) : beside("worker.js", () => new URL("./worker.js", import.meta.url)),
  };
}

/** In a classic script there is no import.meta.url. */
function beside(name: string, find: () => URL): URL {
  try {
    return absoluteURL(find().href); // Turbopack gives one relative to the page
  } catch {
    return new URL(name, classicScript || pageURL());
  }
}

/** A URL that may be relative to the page. */
export function absoluteURL(url: string | URL): URL {
  return new URL(url, pageURL());
}

/**
 * The base of relative URLs: the page; for a frame made from text (srcdoc), the page around it; for a worker, its
 * script; in Node.js, the working directory.
 */
function pageURL(): string | undefined {
  const { document, location, origin } = globalThis;
  const base = document?.baseURI ?? location?.href;
  if (base?.startsWith("blob:") || base?.startsWith("data:")) return origin === "null" ? undefined : origin;
  return base ?? workingFolder();
}
