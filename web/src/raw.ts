/**
 * Keeps frameworks from putting proxies around objects of a class: a proxy has no access to private fields. Vue looks
 * for this mark; MobX and Immer leave objects of classes alone.
 */
export function keepRaw(type: { prototype: object }): void {
  Object.defineProperty(type.prototype, "__v_skip", { value: true });
}

/**
 * The value of an own property of objects that hold a connection or a result's blocks. Symbols cannot be cloned, so
 * structuredClone, postMessage and IndexedDB refuse such an object with a DataCloneError, in which Chromium and Node.js
 * quote this text. Otherwise they would make a plain object without the private fields.
 */
export const stays: unique symbol = Symbol(
  "an object of webbolt that works only where it was made; clone or post the records and values that it gives",
);
