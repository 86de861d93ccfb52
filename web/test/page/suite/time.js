import { equal, ok, rejects } from "./assert.js";
import { stuck } from "./stuck.js";

export default {
  async "a transaction ends after its timeout"({ open, Failure, http, is4 }) {
    const [cx, query] = [await open(), await stuck(open)];
    const tx = await cx.begin("", { timeout: 200 });
    const thrown = await rejects(
      cx.runQuery(tx, query.cypher).then(result => result.consume()),
      Failure,
    );
    // 4.4 sometimes calls it an ExecutionFailed
    if (!http || !is4) ok(thrown.code.includes(".Transaction."), thrown.code);
    ok(tx.broken, "broken");
    await query.free();
    await cx.close();
  },

  async "a call ends after its signal's timeout"({ open }) {
    const [cx, query] = [await open(), await stuck(open)];
    const waiting = cx
      .runProg("", query.cypher, {}, { signal: AbortSignal.timeout(200) })
      .then(result => result.fetch());
    equal((await rejects(waiting)).name, "TimeoutError");
    equal(await (await cx.runProg("", "RETURN 1 AS n")).fetch(), { n: 1 });
    await query.free();
    await cx.close();
  },
};
