/**
 * How often a worker is asked whether it lives, in milliseconds, and after how many questions without an answer it
 * counts as dead.
 */
const period = 5_000;
const patience = 4;

/**
 * Sees the end of a worker that ends without a word, where there are no locks to see it by: on a page that is not
 * secure. Questions are counted, not time, as a page that sleeps has neither.
 */
export class Heartbeat {
  private readonly port: MessagePort;
  private readonly gone: () => void;
  private timer: ReturnType<typeof setInterval> | undefined;
  private unanswered = 0;

  /** Takes the page's end of a channel whose other end the worker has. */
  constructor(port: MessagePort, gone: () => void) {
    this.port = port;
    this.gone = gone;
    port.onmessage = () => (this.unanswered = 0);
    port.addEventListener("close", gone); // Chromium tells at once
  }

  /** Asks as long as somebody waits for the worker. */
  run(on: boolean): void {
    if (on === (this.timer !== undefined)) return;
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.ask(), period) : undefined;
    this.unanswered = 0;
  }

  stop(): void {
    this.run(false);
    this.port.removeEventListener("close", this.gone);
    this.port.close();
  }

  private ask(): void {
    if (this.unanswered++ < patience) this.port.postMessage(0);
    else this.gone();
  }
}

/** Answers at the worker's end of the channel. */
export function answerHeartbeat(port: MessagePort): void {
  port.onmessage = () => port.postMessage(0);
}
