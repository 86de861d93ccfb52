declare global {
  // As in TypeScript's library esnext.disposable, so that programs need not include that library.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Symbol.asyncDispose, or, in browsers without it, the symbol that compilers' helpers for `await using` look for. */
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
