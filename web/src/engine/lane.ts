// Lanes: row blocks that a relay sends beside the WebSocket, as the body of a streaming HTTP response (docs/lanes.md).
// A browser's WebSocket carries a fraction of what a response carries. Their bytes go from the response to the page
// without entering WebAssembly.

/** The state of a lane; client/dial/lane_js.go has the same numbers. */
const state = { opening: 0, ready: 1, ended: 2, failed: 3 } as const;

/** A browser has six connections to a host over HTTP/1.1, which other requests need, too. */
const maxLanes = 3;

/**
 * How long a lane may take, in milliseconds, until its first frame. Through a proxy that buffers, the frame never
 * comes.
 */
const openingLimit = 3000;

/** How long, in milliseconds, a relay is not asked for lanes after one could not be opened. */
const pauseAfterFailure = 60_000;

/** The length of the largest block that is accepted. */
const maxBlock = 256 << 20;

/** The length of a block's header: the block's length and its number of rows, as 32-bit little-endian words. */
const headBytes = 8;

let open = 0;
const paused = new Map<string, number>();

/**
 * Opens a lane, unless there are enough, or the last one to this relay could not be opened. `wake` is called when
 * something arrives, `goAhead` when the first frame has arrived.
 */
export function openLane(url: string, request: string, wake: () => void, goAhead: () => void): Lane | undefined {
  const relay = url.split("?", 1)[0]!;
  if (open >= maxLanes || performance.now() < (paused.get(relay) ?? 0)) return undefined;
  return new Lane(url, request, wake, goAhead, () => paused.set(relay, performance.now() + pauseAfterFailure));
}

/** A lane. It keeps what arrives until it is taken. */
class Lane {
  state: number = state.opening;
  /** Why it failed. */
  reason = "";
  /** It failed because the relay's answer is not a lane. */
  malformed = false;
  /** The number of rows in the block that was taken last. */
  rows = 0;

  #taken = 0;
  /** Blocks, and numbers for the ends of PULLs; each is followed by its number of rows. */
  #queue: (ArrayBuffer | number)[] = [];
  #wake: (() => void) | undefined;
  readonly #abort = new AbortController();
  readonly #goAhead: () => void;
  readonly #cannotOpen: () => void;
  readonly #head = new Uint8Array(headBytes);
  #headGot = 0;
  #block: Uint8Array | undefined;
  #blockGot = 0;
  #blockRows = 0;

  constructor(url: string, request: string, wake: () => void, goAhead: () => void, cannotOpen: () => void) {
    this.#wake = wake;
    this.#goAhead = goAhead;
    this.#cannotOpen = cannotOpen;
    open++;
    void this.#run(url, request).finally(() => open--);
  }

  /** The next block, the number of rows of a PULL that has ended, or undefined if nothing has arrived. */
  take(): ArrayBuffer | number | undefined {
    if (this.#taken === this.#queue.length) return undefined;
    const next = this.#queue[this.#taken]!;
    this.rows = this.#queue[this.#taken + 1] as number;
    this.#taken += 2;
    if (this.#taken === this.#queue.length) {
      this.#queue = [];
      this.#taken = 0;
    }
    return next;
  }

  /** Closes the lane. */
  close(): void {
    this.#wake = undefined;
    this.#queue = [];
    this.#taken = 0;
    if (this.state === state.opening || this.state === state.ready) this.state = state.ended;
    this.#abort.abort();
  }

  async #run(url: string, request: string): Promise<void> {
    const late = setTimeout(() => this.#abort.abort(new Error("the lane did not deliver in time")), openingLimit);
    try {
      const { signal } = this.#abort;
      const response = await fetch(url, {
        method: "POST",
        body: request,
        cache: "no-store",
        redirect: "error",
        signal,
      });
      if (!response.ok || !response.body) throw new Error(`the relay answered ${response.status}`);
      const reader = response.body.getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        this.#arrived(value);
        if (this.state === state.ready) clearTimeout(late);
      }
      this.#end(this.#headGot > 0 || this.#block ? "the lane ended within a block" : "");
    } catch (thrown) {
      if (this.state === state.opening) this.#cannotOpen();
      this.#abort.abort();
      this.#end(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      clearTimeout(late);
    }
  }

  #end(reason: string): void {
    if (this.state === state.ended) return;
    this.state = reason ? state.failed : state.ended;
    this.reason = reason;
    this.#wake?.();
  }

  /** Handles bytes, which may begin and end anywhere in a frame. */
  #arrived(bytes: Uint8Array): void {
    const empty = this.#taken === this.#queue.length;
    for (let at = 0; at < bytes.length; ) {
      const block = this.#block;
      if (block) {
        const n = Math.min(block.length - this.#blockGot, bytes.length - at);
        block.set(n === bytes.length ? bytes : bytes.subarray(at, at + n), this.#blockGot);
        at += n;
        this.#blockGot += n;
        if (this.#blockGot === block.length) {
          this.#queue.push(block.buffer as ArrayBuffer, this.#blockRows);
          this.#block = undefined;
        }
        continue;
      }
      this.#head[this.#headGot++] = bytes[at++]!;
      if (this.#headGot === headBytes) this.#begin();
    }
    if (empty && this.#queue.length > 0) this.#wake?.();
  }

  /** Handles the header of a frame. */
  #begin(): void {
    const head = new DataView(this.#head.buffer);
    const length = head.getUint32(0, true);
    const rows = head.getUint32(4, true);
    this.#headGot = 0;
    if (length > maxBlock) {
      this.malformed = true;
      throw new Error(`the relay sent a row block of ${length} bytes`);
    }
    if (length > 0) {
      this.#block = new Uint8Array(length);
      this.#blockGot = 0;
      this.#blockRows = rows;
    } else if (this.state === state.opening) {
      this.state = state.ready;
      this.#goAhead();
    } else {
      this.#queue.push(rows, rows);
    }
  }
}
