// Large results in the page: a million rows, and files that are written part by part. In Chromium, as they take long.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { programOf } from "../browsers.mjs";
import { missing, neo4j, startRelay } from "../environment.mjs";
import { patience, Workbench } from "./workbench.mjs";

const server = neo4j();
const skip = server.skip ?? (programOf("chrome") ? false : missing("chrome is not installed"));

describe("large results", { skip }, () => {
  let relay;
  let bench;
  before(async () => {
    relay = await startRelay(server.uri);
    bench = await Workbench.launch("chrome", relay, server);
  });
  after(async () => {
    await bench?.close();
    await relay?.close();
  });

  /** Goes to a share of the table's height, until a text is seen there. */
  const scrollTo = (share, text) =>
    bench.page.waitForFunction(
      (at, wanted) => {
        const table = document.getElementById("table");
        table.scrollTop = at * (table.scrollHeight - table.clientHeight);
        return `${table.innerText}\n`.includes(wanted); // the last row ends without a line break
      },
      patience,
      share,
      text,
    );
  /** The rows in sight, as the texts of their cells. */
  const inSight = () =>
    bench.page.$$eval("#table .row", rows => {
      const { top, bottom } = document.getElementById("table").getBoundingClientRect();
      const head = document.querySelector(".table-head").getBoundingClientRect().bottom;
      return rows
        .filter(row => row.getBoundingClientRect().top >= Math.max(top, head) - 1)
        .filter(row => row.getBoundingClientRect().bottom <= bottom + 1)
        .map(row => [...row.children].map(({ innerText }) => innerText));
    });
  const assertRun = (rows, last) => {
    assert.ok(rows.length > 5, `${rows.length} rows are in sight`);
    for (const [i, [number, n, back, text]] of rows.entries()) {
      assert.equal(Number(number), Number(rows[0][0]) + i, "rows are missing or double");
      assert.deepEqual([n, back, text], [number, String(1_000_000 - Number(number)), `row ${number}`]);
    }
    if (last) assert.equal(rows.at(-1)[0], "1000000", "the last row cannot be seen");
  };

  test("a million rows: each is where it belongs, to the last", { timeout: 300_000 }, async () => {
    await bench.open();
    await bench.write("UNWIND range(1, 1000000) AS n RETURN n, 1000000 - n AS back, 'row ' + n AS text");
    await bench.click("#run");
    await bench.page.waitForFunction(() => document.body.dataset.state === "done", { timeout: 240_000 });
    assert.equal((await bench.shown()).rows, "1000000");
    await scrollTo(0, "row 1\n");
    assertRun(await inSight());
    await scrollTo(0.5, "row 500000");
    assertRun(await inSight());
    await scrollTo(1, "row 1000000");
    assertRun(await inSight(), true);
    const made = await bench.page.$$eval("#table .row", rows => rows.length);
    assert.ok(made < 100, `${made} rows are made`);
    await bench.page.focus("#table");
    await bench.page.keyboard.down("Control");
    await bench.page.keyboard.press("Home");
    await bench.reads("#table", /row 1\n/);
    await bench.page.keyboard.press("End");
    await bench.reads("#table", /row 1000000/);
    await bench.page.keyboard.up("Control");
    for (let i = 0; i < 3; i++) await bench.page.keyboard.press("ArrowUp");
    await bench.page.waitForFunction(
      () =>
        document.querySelector("#table [aria-selected=true]")?.closest(".row").querySelector(".index").innerText ===
        "999997",
      patience,
    );
    await bench.page.$$eval(".table-head button", buttons => buttons[1].click());
    await bench.page.waitForFunction(() => /back ↑/.test(document.getElementById("table").innerText), {
      timeout: 120_000,
    });
    await scrollTo(0, "row 1000000");
    await scrollTo(1, "row 1\n");
    assert.deepEqual(bench.faults, []);
  });

  test("a result that is too large waits until more is wanted", { timeout: 300_000 }, async () => {
    await bench.open();
    await bench.ask(
      "WITH reduce(s = 'abcdefgh', k IN range(1, 10) | s + s) AS text " +
        "UNWIND range(1, 100000) AS n RETURN n, text + n AS text",
      "full",
    );
    const first = Number((await bench.shown()).rows);
    assert.ok(first > 10_000 && first < 60_000, `${first} rows of 8 kB are kept in 256 MB`);
    await bench.reads("#status", /keeps 256 MB/);
    await bench.click("#more");
    await bench.page.waitForFunction(
      before => document.body.dataset.state === "full" && Number(document.body.dataset.rows) > before,
      { timeout: 120_000 },
      first,
    );
    await bench.page.$$eval("#status button", buttons => buttons.at(-1).click());
    await bench.state("done");
    await bench.reads("#status", /^Stopped/);
  });

  test("files are written part by part where the browser lets pages write them", { timeout: 240_000 }, async () => {
    await bench.open();
    await bench.ask("UNWIND range(1, 200000) AS n RETURN n, n * 0.5 AS half, 'a,\"' + n AS text");
    await bench.page.evaluate(() => {
      // a file of the page's own stands in for one that a user picks
      globalThis.parts = [];
      globalThis.showSaveFilePicker = async ({ suggestedName }) => {
        const folder = await navigator.storage.getDirectory();
        const file = await folder.getFileHandle(suggestedName, { create: true });
        const createWritable = file.createWritable.bind(file);
        file.createWritable = async () => {
          const writable = await createWritable();
          const write = writable.write.bind(writable);
          writable.write = part => {
            globalThis.parts.push(part.size ?? part.byteLength ?? part.length);
            return write(part);
          };
          return writable;
        };
        return file;
      };
    });
    const written = async format => {
      await bench.page.evaluate(() => (globalThis.parts = []));
      await bench.click("#export-rows");
      await bench.click(`#export-${format}`);
      await bench.reads(".view-tools [role=status]", /Saved 200.000 rows/);
      return bench.page.evaluate(async name => {
        const folder = await navigator.storage.getDirectory();
        const file = await (await folder.getFileHandle(name)).getFile();
        const encoded = await new Promise(resolve => {
          const reader = new FileReader();
          reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
          reader.readAsDataURL(file);
        });
        return { encoded, parts: globalThis.parts, size: file.size };
      }, `result.${format}`);
    };
    for (const format of ["csv", "json", "arrow"]) {
      const { encoded, parts, size } = await written(format);
      const bytes = Buffer.from(encoded, "base64");
      assert.equal(bytes.length, size);
      assert.ok(parts.length > 5 && Math.max(...parts) < size / 4, `${format}: parts of ${parts.slice(0, 9)} bytes`);
      if (format === "csv") {
        const lines = bytes.toString().trimEnd().split("\r\n");
        assert.deepEqual(
          [lines.length, lines[0], lines[200000]],
          [200_001, "n,half,text", '200000,100000,"a,""200000"'],
        );
      } else if (format === "json") {
        const rows = JSON.parse(bytes.toString());
        assert.deepEqual([rows.length, rows.at(-1)], [200_000, { n: 200_000, half: 100_000, text: 'a,"200000' }]);
      } else {
        const table = tableFromIPC(bytes);
        assert.deepEqual([table.numRows, table.batches.length > 5], [200_000, true]);
        assert.deepEqual(table.get(199_999).toJSON(), { n: 200_000n, half: 100_000, text: 'a,"200000' });
      }
    }
    await bench.page.evaluate(() => {
      globalThis.showSaveFilePicker = () => Promise.reject(new DOMException("no", "AbortError"));
    });
    await bench.click("#export-rows");
    await bench.click("#export-csv");
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.ok(!(await bench.page.$eval(".table-view", view => view.innerText)).includes("Saved"), "nothing is saved");
    assert.deepEqual(bench.faults, []);
  });
});
