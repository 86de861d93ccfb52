interface Scheduler {
  yield?(): Promise<void>;
}

/** Lets the page handle input, animation and other messages. */
export function pause(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Scheduler };
  if (scheduler?.yield) return scheduler.yield();
  return new Promise(resolve => setTimeout(resolve, 0));
}
