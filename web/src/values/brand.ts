/** The property in which this package's classes keep their names: the same in every copy and realm. */
const key = Symbol.for("webbolt.class");

/**
 * Names a class: for printing its objects, and for the packer, which may get objects of another copy of this package.
 */
export function brand(type: { prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, key, { value: name });
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/** The name of an object's class, if it is one of this package's. */
export function brandOf(value: object): string | undefined {
  return (value as { [key]?: string })[key];
}
