// Recognises JavaScript's built-in classes, also those of another realm (an iframe, a worker, Node's vm), whose objects
// are not instances of the classes here.

const arrayTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;
const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;

/** The name of a typed array's class, such as "Uint8Array"; undefined for anything else. */
export function arrayKind(value: object): string | undefined {
  return arrayTag.call(value) as string | undefined;
}

export function isMap(value: object): value is Map<unknown, unknown> {
  return takes(value, Map.prototype.has, undefined);
}

export function isDate(value: object): value is Date {
  return takes(value, Date.prototype.getTime);
}

export function isArrayBuffer(value: object): value is ArrayBuffer {
  return takes(value, bufferLength);
}

/** Whether a method that only accepts objects of its own class accepts the value. */
function takes(value: object, method: (...args: never[]) => unknown, ...args: unknown[]): boolean {
  try {
    Reflect.apply(method, value, args);
    return true;
  } catch {
    return false;
  }
}
