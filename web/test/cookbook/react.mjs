// As much of React as a hook needs: state, and effects that run after rendering and end at unmounting.

/** Renders a hook, again after each change of its state, and keeps what it returned. */
export function react(hook) {
  const cells = [];
  const states = [];
  const waiting = [];
  let mounted = true;
  let queued = false;

  function render() {
    let at = 0;
    const effects = [];
    globalThis.hooks = {
      useState(first) {
        const index = at++;
        if (!(index in cells)) cells[index] = first;
        const set = value => {
          if (!mounted) return;
          cells[index] = value;
          schedule();
        };
        return [cells[index], set];
      },
      useEffect(effect, on) {
        const index = at++;
        const before = cells[index];
        if (before && on.every((value, i) => Object.is(value, before.on[i]))) return;
        effects.push(() => {
          before?.end?.();
          cells[index] = { on, end: effect() };
        });
      },
    };
    states.push(hook());
    for (const run of effects) run();
    for (const look of waiting) look();
  }

  function schedule() {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      if (mounted) render();
    });
  }

  render();
  return {
    states,
    settled: wanted =>
      new Promise(resolve => {
        const look = () => wanted(states.at(-1)) && resolve();
        waiting.push(look);
        look();
      }),
    unmount() {
      mounted = false;
      for (const cell of cells) cell?.end?.();
    },
  };
}
