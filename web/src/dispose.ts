/** Symbol.asyncDispose, or where a browser has none yet what helpers of compilers for `await using` look for. */
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
