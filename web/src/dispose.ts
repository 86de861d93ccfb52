declare global {
  // As in TypeScript's library esnext.disposable, which programs that use this package need not have.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Symbol.asyncDispose, or where a browser has none yet what helpers of compilers for `await using` look for. */
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
