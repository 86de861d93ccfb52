// The client in a page that shows nothing, for the workbench's benchmark.
import { connect } from "/dist/index.js";
import { touch } from "./touch.js";

let db;

globalThis.alone = {
  async open({ uri, user, password, relay }) {
    db = await connect(uri, { auth: { scheme: "basic", principal: user, credentials: password }, relay });
  },
  /** Takes the blocks, and looks at nothing in them: the most that a page can get. */
  blocks: query =>
    timed(async result => {
      let rows = 0;
      for await (const { block, from } of result.blocks()) rows += block.rows - from;
      return rows;
    }, query),
  /** Makes every value. */
  values: query =>
    timed(async result => {
      let rows = 0;
      let sum = 0;
      for await (const batch of result.batches()) {
        for (const record of batch) for (const field in record) sum += touch(record[field]);
        rows += batch.length;
      }
      return sum === 0 ? 0 : rows;
    }, query),
  close: () => db.close(),
};

async function timed(work, query) {
  const began = performance.now();
  const rows = await work(await db.run(query, {}, { readonly: true }));
  return { rows, seconds: (performance.now() - began) / 1000 };
}
