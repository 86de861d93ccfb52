/**
 * Keeps frameworks from putting proxies around objects of a class: its private fields are not there through a proxy.
 * Vue looks for this mark; MobX and Immer leave objects of classes alone.
 */
export function keepRaw(type: { prototype: object }): void {
  Object.defineProperty(type.prototype, "__v_skip", { value: true });
}

/**
 * The value of an own property of objects that hold on to a connection or to a result's blocks. Symbols cannot be
 * cloned, so structuredClone, postMessage and IndexedDB refuse such an object with a DataCloneError, in which Chromium
 * and Node.js quote this text. Else they would make a plain object of it that has lost what is private.
 */
export const stays: unique symbol = Symbol(
  "an object of webbolt that works only where it was made; clone or post the records and values that it gives",
);
