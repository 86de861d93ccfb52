/**
 * The objects for the engine's handles. It counts how often each handle was given, because the engine may give a handle
 * again while it is being told that the object was garbage collected.
 */
export class Held<T extends object> {
  readonly #held = new Map<number, { object: WeakRef<T>; told: number }>();

  given(handle: number, make: () => T): T {
    const held = this.#held.get(handle);
    const known = held?.object.deref();
    const object = known ?? make();
    this.#held.set(handle, { object: known ? held!.object : new WeakRef(object), told: (held?.told ?? 0) + 1 });
    return object;
  }

  object(handle: number): T | undefined {
    return this.#held.get(handle)?.object.deref();
  }

  *objects(): Generator<T> {
    for (const { object } of this.#held.values()) {
      const held = object.deref();
      if (held) yield held;
    }
  }

  forget(handle: number): void {
    this.#held.delete(handle);
  }

  /** How often the handle was given, if its object was garbage collected; else 0. */
  collected(handle: number): number {
    const held = this.#held.get(handle);
    if (!held || held.object.deref()) return 0;
    this.#held.delete(handle);
    return held.told;
  }
}
