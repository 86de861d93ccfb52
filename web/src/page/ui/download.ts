/** A part of a file. */
export type Part = string | Uint8Array<ArrayBuffer> | Blob;

/** Parts of a file, one after the other. */
export type Parts = AsyncIterable<Part> | Iterable<Part>;

interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/**
 * Saves a file. Where the browser lets pages write files, the user is asked for a place and the parts go there one by
 * one; elsewhere they are collected and downloaded. False if the user gave up.
 */
export async function save(name: string, type: string, parts: Parts): Promise<boolean> {
  const { showSaveFilePicker } = globalThis as Picker;
  if (!showSaveFilePicker) return download(name, type, parts);
  const file = await showSaveFilePicker({ suggestedName: name }).catch((thrown: Error) => thrown);
  if (file instanceof Error) return file.name === "AbortError" ? false : download(name, type, parts);
  const writable = await file.createWritable();
  try {
    for await (const part of parts) await writable.write(part);
    await writable.close();
  } catch (thrown) {
    await writable.abort().catch(() => {}); // a write that failed has ended it
    throw thrown;
  }
  return true;
}

async function download(name: string, type: string, parts: Parts): Promise<boolean> {
  const blobs: Blob[] = [];
  for await (const part of parts) blobs.push(new Blob([part])); // a Blob need not stay in memory
  const url = URL.createObjectURL(new Blob(blobs, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
