import { misplaced, notCompiled } from "./advice.js";
import { readFile } from "./node.js";

/**
 * Compiles webbolt.wasm, if possible while its bytes arrive: that needs the right MIME type, which not every server
 * sends.
 */
export async function compileModule(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === "file:") {
    const bytes = await readFile(url)?.catch((thrown: unknown) => {
      throw misplaced(url, "should be webbolt.wasm, but cannot be read", thrown);
    });
    if (bytes) return WebAssembly.compile(bytes);
  }
  const response = await fetch(url).catch((thrown: unknown) => {
    throw misplaced(url, "should be webbolt.wasm, but could not be fetched", thrown);
  });
  if (!response.ok) throw misplaced(url, `should be webbolt.wasm, but the server answered ${response.status}`);
  const type = response.headers.get("content-type") ?? "";
  try {
    if (type.startsWith("application/wasm")) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (thrown) {
    throw notCompiled(url, type, thrown);
  }
}

/**
 * Compiles webbolt.wasm on the page for the worker, which starts meanwhile. It resolves to undefined if that fails, for
 * example because the page's content security policy forbids it: then the worker tries itself, and reports why it
 * fails.
 */
export async function compileForWorker(url: URL): Promise<WebAssembly.Module | undefined> {
  if (typeof WebAssembly === "undefined" || !url.protocol.startsWith("http")) return undefined;
  return compileModule(url).catch(() => undefined);
}
