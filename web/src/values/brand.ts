/** Where the classes of this package keep their names: the same in every copy and realm of it. */
const key = Symbol.for("webbolt.class");

/**
 * Names a class: for what prints its objects, and for the packer, which may be given objects that another copy of this
 * package made.
 */
export function brand(type: { prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, key, { value: name });
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/** The name of an object's class, if it is one of this package's. */
export function brandOf(value: object): string | undefined {
  return (value as { [key]?: string })[key];
}
