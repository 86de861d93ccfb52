/**
 * Keeps frameworks from putting proxies around objects of a class: its private fields are not there through a proxy.
 * Vue looks for this mark; MobX and Immer leave objects of classes alone.
 */
export function keepRaw(type: { prototype: object }): void {
  Object.defineProperty(type.prototype, "__v_skip", { value: true });
}
