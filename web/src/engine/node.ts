// Node.js's replacements for what browsers have. The modules are taken from the running process, so that bundlers for
// browsers find nothing to resolve here.

interface NodeProcess {
  versions?: { node?: string };
  getBuiltinModule?(name: string): unknown;
  cwd?(): string;
}

/** The process, if it is Node.js's; elsewhere Go's support script defines a fake one. */
export function nodeProcess(): NodeProcess | undefined {
  const running = (globalThis as { process?: NodeProcess }).process;
  return running?.versions?.node ? running : undefined;
}

function nodeModule<T>(name: string): T | undefined {
  return nodeProcess()?.getBuiltinModule?.(name) as T | undefined;
}

interface FileSystem {
  promises: { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };
}

/** Reads a file: URL, which fetch in Node.js does not do. */
export function readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> | undefined {
  return nodeModule<FileSystem>("node:fs")?.promises.readFile(url);
}

interface NodeURLs {
  pathToFileURL(path: string): URL;
}

/** The URL of the working directory; undefined in a browser. */
export function workingFolder(): string | undefined {
  const folder = nodeProcess()?.cwd?.();
  return folder === undefined ? undefined : nodeModule<NodeURLs>("node:url")?.pathToFileURL(folder + "/").href;
}

export interface NodeWorker {
  postMessage(message: unknown, transfer?: unknown): void;
  on(event: string, listener: (value: never) => void): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

export interface NodePort {
  postMessage(message: unknown, transfer?: unknown): void;
  on(event: "message", listener: (value: unknown) => void): void;
}

interface WorkerThreads {
  Worker: new (url: URL, options?: object) => NodeWorker;
  parentPort: NodePort | null;
}

/** Worker threads of Node.js, or undefined in a browser. */
export function workerThreads(): WorkerThreads | undefined {
  return nodeModule<WorkerThreads>("node:worker_threads");
}
