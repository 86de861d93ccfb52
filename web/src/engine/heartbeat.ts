/**
 * The interval of the questions to a worker whether it is alive, in milliseconds, and the number of unanswered
 * questions after which it counts as dead.
 */
const period = 5_000;
const patience = 4;

/**
 * Detects the unannounced end of a worker where the page cannot use locks, because it is not a secure context. It
 * counts questions, not time, because a suspended page asks none.
 */
export class Heartbeat {
  private readonly port: MessagePort;
  private readonly gone: () => void;
  private timer: ReturnType<typeof setInterval> | undefined;
  private unanswered = 0;

  /** port is the page's end of a channel; the worker has the other end. */
  constructor(port: MessagePort, gone: () => void) {
    this.port = port;
    this.gone = gone;
    port.onmessage = () => (this.unanswered = 0);
    port.addEventListener("close", gone); // Chromium reports it at once
  }

  /** Asks as long as calls wait for the worker. */
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
