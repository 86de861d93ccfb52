// Errors for parts of the engine that could not be loaded: what went wrong, and what to do.

const elsewhere =
  "bundlers take webbolt.wasm and worker.js along where they understand `new URL(…, import.meta.url)`; else copy both from the package's folder dist to where they are served, " +
  'and name the places by the options wasmURL and workerURL (in Vite\'s development server, optimizeDeps: { exclude: ["webbolt"] } keeps them together)';

/** The error for a part that is not at its URL. */
export function misplaced(url: URL, what: string, cause?: unknown): Error {
  return new Error(`${url.href} ${what}; ${elsewhere}`, cause === undefined ? undefined : { cause });
}

/** Finds out why a worker's script could not be loaded: browsers only say that it failed. */
export async function whyNoScript(url: URL): Promise<Error> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { accept: "text/javascript" } });
  } catch (thrown) {
    return misplaced(url, "could not be loaded as the worker's script", thrown);
  }
  const type = response.headers.get("content-type") ?? "no type";
  if (!response.ok) return misplaced(url, `should be the worker's script, but the server answered ${response.status}`);
  if (!/javascript|ecmascript/.test(type))
    return misplaced(url, `should be the worker's script, but the server sends ${type}`);
  return new Error(
    `the worker's script ${url.href} is there, but could not be run: a content security policy has to allow it by worker-src; the console tells more`,
  );
}

/** The error for a webbolt.wasm that could not be compiled. */
export function notCompiled(url: URL, type: string, thrown: unknown): Error {
  if (type.startsWith("text/")) return misplaced(url, `should be webbolt.wasm, but the server sends ${type}`, thrown);
  return new Error(
    `webbolt.wasm could not be compiled (a content security policy has to allow it by script-src 'wasm-unsafe-eval'): ${String(thrown)}`,
    { cause: thrown },
  );
}
