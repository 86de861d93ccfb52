import { useEffect, useRef, useState } from "preact/hooks";

/** What a view that refreshes itself shows. */
export interface Live<T> {
  data: T | undefined;
  failure: unknown;
  /** When the data came. */
  at: Date | undefined;
  running: boolean;
  start: () => void;
  stop: () => void;
  /** Loads once, now. */
  refresh: () => void;
}

/** Loads again and again, with a pause between, until it is stopped. A hidden page does not load. */
export function useLive<T>(load: () => Promise<T>, seconds: number): Live<T> {
  const [shown, setShown] = useState<{ data?: T; failure?: unknown; at?: Date }>({});
  const [running, setRunning] = useState(true);
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          const data = await latest.current();
          if (!over) setShown({ data, at: new Date() });
        } catch (failure) {
          if (!over) setShown(before => ({ ...before, failure }));
        }
      }
      if (!over && running) timer = setTimeout(() => void turn(), seconds * 1000);
    };
    if (running || round > 0) void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [running, round, seconds]);
  return {
    data: shown.data,
    failure: shown.failure,
    at: shown.at,
    running,
    start: () => setRunning(true),
    stop: () => setRunning(false),
    refresh: () => setRound(n => n + 1),
  };
}
