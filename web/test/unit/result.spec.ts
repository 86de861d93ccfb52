import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallContext } from "../../src/engine/engine.js";
import type { RowsEvent } from "../../src/engine/messages.js";
import type { End } from "../../src/engine/protocol.js";
import { ProtocolError } from "../../src/errors.js";
import { runResult, type Result, type ResultOwner } from "../../src/result.js";
import { emptySummary } from "../../src/summary.js";
import { unlimitedCredit, type Rows } from "../../src/rows.js";
import { buffer, vectors } from "./vectors.js";

/** Two rows, and two blocks of which the second needs the dictionary of the first. */
const numbers = "small integers";
const shared = "several blocks share a dictionary";

/** A result of an engine that does as it is told. */
class Told {
  readonly calls: string[] = [];
  result!: Result;
  rows!: Rows;

  static async open(ahead?: number): Promise<Told> {
    const told = new Told();
    const engine = {
      notify() {},
      start: (_method: string, _args: unknown, { result }: CallContext) => {
        told.rows = result as Rows;
        return { id: 1, answer: Promise.resolve({ graphName: "", protocolVersion: "5.8" }) };
      },
      call: async (method: string, _args: unknown, { signal }: CallContext = {}) => {
        signal?.throwIfAborted();
        told.calls.push(method);
        if (method === "result.discard") told.end();
        return null;
      },
    };
    const owner = { engine, modes: {}, stateChanged() {} } as unknown as ResultOwner;
    told.result = await runResult(
      {},
      owner,
      "connection.runProg",
      { on: 1, graphName: "", cypher: "RETURN 1", parameters: new Uint8Array() },
      {},
      ahead,
    );
    return told;
  }

  /** Lets blocks of a vector arrive. */
  send(name: string, from = 0, to?: number): void {
    const { blocks, fields } = vectors.find(vector => vector.name === name)!;
    const names = Array.from({ length: fields }, (_, field) => `f${field}`);
    for (const block of blocks.slice(from, to)) this.event({ result: 1, block: buffer(block), fields: names });
  }

  end(end: End = {}): void {
    this.event({ result: 1, end: { summary: { complete: true }, ...end } });
  }

  private event(event: RowsEvent): void {
    this.rows.resultEvent(event);
  }
}

/** Waits until what is under way cannot go on by itself. */
const settled = () => new Promise(resolve => setTimeout(resolve, 5));

/** Keeps the page busy for longer than rows are read without a pause. */
function spin(): void {
  for (const until = performance.now() + 9; performance.now() < until; );
}

type Read = (result: Result, signal?: AbortSignal) => Promise<unknown>;

const readers: { [name: string]: Read } = {
  graph: (result, signal) => result.graph({ signal }),
  columns: (result, signal) => result.columns({ signal }),
  toArrow: (result, signal) => result.toArrow({ signal }),
  toArray: (result, signal) => result.records({ signal }).toArray(),
  async records(result, signal) {
    for await (const _ of result.records({ signal }));
  },
  async batches(result, signal) {
    for await (const _ of result.batches({ signal }));
  },
};

for (const [name, read] of Object.entries(readers)) {
  test(`${name} leaves nothing open when its signal is aborted`, async () => {
    for (const early of [true, false]) {
      // before the call, and while it waits for rows
      const { result, calls } = await Told.open();
      const abort = new AbortController();
      if (early) abort.abort("enough");
      const reading = read(result, abort.signal);
      reading.catch(() => {});
      await settled();
      abort.abort("enough");
      await assert.rejects(reading, reason => reason === "enough");
      assert.deepEqual([calls, result.ended], [["result.discard"], true]);
    }
  });

  test(`${name} is aborted though rows are here`, async () => {
    const told = await Told.open();
    told.send(numbers);
    await assert.rejects(read(told.result, AbortSignal.abort("enough")), reason => reason === "enough");
    assert.deepEqual([told.calls, told.result.hasRecords()], [["result.discard"], false]);
  });

  test(`${name} leaves nothing open when a block cannot be read`, async () => {
    const told = await Told.open();
    told.send(numbers);
    told.rows.resultEvent({ result: 1, block: new ArrayBuffer(8) });
    await assert.rejects(read(told.result), ProtocolError);
    assert.deepEqual(told.calls, ["result.discard"]);
  });
}

test("an error of onGrow leaves nothing open", async () => {
  const told = await Told.open();
  told.send("nodes");
  const thrown = new Error("of the page");
  const onGrow = () => {
    throw thrown;
  };
  await assert.rejects(told.result.graph({ onGrow }), reason => reason === thrown);
  assert.deepEqual([told.calls, told.result.ended], [["result.discard"], true]);
});

test("records are aborted within a block", async () => {
  const told = await Told.open();
  told.send(numbers);
  const abort = new AbortController();
  let rows = 0;
  const loop = async () => {
    for await (const _ of told.result.records({ signal: abort.signal })) if (++rows === 2) abort.abort("enough");
  };
  await assert.rejects(loop(), reason => reason === "enough");
  assert.deepEqual([rows, told.calls], [2, ["result.discard"]]);
});

test("batches are aborted while the page has its turn", async () => {
  const told = await Told.open();
  told.send(shared);
  const abort = new AbortController();
  const batches = told.result.batches({ signal: abort.signal });
  await batches.next();
  spin();
  setTimeout(() => abort.abort("enough")); // comes before the end of the pause
  await assert.rejects(batches.next(), reason => reason === "enough");
});

test("the signal of a fetch ends only the wait", async () => {
  const told = await Told.open();
  const abort = new AbortController();
  const fetching = told.result.fetch({ signal: abort.signal });
  abort.abort("enough");
  await assert.rejects(fetching, reason => reason === "enough");
  told.send(numbers);
  await assert.rejects(told.result.fetch({ signal: abort.signal }), reason => reason === "enough");
  assert.deepEqual(told.calls, []);
  assert.equal(told.result.takeRecord()!["f0"], vectors.find(({ name }) => name === numbers)!.rows[0]![0]);
});

test("readers that share a result get each row once", async () => {
  const told = await Told.open();
  const rows = vectors.find(({ name }) => name === numbers)!.rows.length;
  const fetching = Array.from({ length: rows + 2 }, () => told.result.fetch());
  await settled();
  told.send(numbers);
  told.end();
  const fetched = await Promise.all(fetching);
  assert.deepEqual(
    fetched.map(record => record === undefined),
    [...Array(rows).fill(false), true, true],
  );
});

test("next is called again before the first has come", async () => {
  const told = await Told.open();
  const iterator = told.result.records();
  const rows = vectors.find(({ name }) => name === numbers)!.rows.length;
  const coming = Array.from({ length: rows + 1 }, () => iterator.next());
  await settled();
  told.send(numbers);
  told.end();
  assert.deepEqual(
    (await Promise.all(coming)).map(({ done }) => done),
    [...Array(rows).fill(false), true],
  );
});

test("graphs, columns and batches that share a result get each block once", async () => {
  const told = await Told.open();
  const reading = Promise.all([
    told.result.columns(),
    told.result.graph(),
    told.result.records().toArray(),
    told.result.columns(),
  ]);
  await settled();
  told.send(numbers);
  told.end();
  const [first, graph, records, second] = await reading;
  assert.deepEqual([first["f0"]!.length + second["f0"]!.length + records.length, graph.nodeCount], [3, 0]);
});

test("a reader comes to the end when the rest is discarded beside it", async () => {
  const told = await Told.open();
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const record of told.result.records()) seen.push(record);
  })();
  await settled();
  told.send(shared, 0, 1);
  told.rows.discard();
  told.send(shared, 1);
  told.end();
  await reading;
  assert.deepEqual([seen, told.result.hasRecords()], [[], false]);
});

test("a discard that is aborted at once drops nothing", async () => {
  const told = await Told.open();
  told.send(shared, 0, 1);
  await assert.rejects(told.result.discard({ signal: AbortSignal.abort("enough") }), reason => reason === "enough");
  told.send(shared, 1);
  told.end();
  assert.deepEqual(
    (await told.result.records().toArray()).length,
    vectors.find(({ name }) => name === shared)!.rows.length,
  );
});

test("the id of a query is that of its end when the engine has forgotten the result", async () => {
  const told = await Told.open();
  const asked = told.result.queryId();
  told.end({ queryId: "7" });
  assert.deepEqual([await asked, await told.result.queryId(), told.calls], ["7", "7", ["result.queryId"]]);
});

test("blocks are given as they came, the first from the row that was not read yet", async () => {
  const told = await Told.open();
  told.send(numbers);
  told.end();
  await told.result.fetch();
  const seen: unknown[] = [];
  for await (const { block, from } of told.result.blocks()) {
    for (let row = from; row < block.rows; row++) seen.push(block.row(row));
  }
  const whole = await Told.open();
  whole.send(numbers);
  whole.end();
  const rows = (await whole.result.records().toArray()).map(record => Object.values(record));
  assert.deepEqual(seen, rows.slice(1));
});

for (const [name, read] of Object.entries(readers)) {
  test(`a whole result is read twice by ${name}`, async () => {
    const told = await Told.open(unlimitedCredit);
    told.send(shared);
    told.end();
    const expected = vectors.find(vector => vector.name === shared)!.rows.length;
    assert.equal((await told.result.records().toArray()).length, expected);
    assert.equal(told.result.hasRecords(), false, "it has been read");
    const first = await read(told.result);
    assert.deepEqual(await read(told.result), first);
    for await (const _ of told.result) break;
    assert.equal((await told.result.records().toArray()).length, expected, "a loop that is left loses nothing");
    assert.equal(await told.result.fetch(), undefined, "a single record comes once");
    assert.deepEqual(told.calls, []);
  });
}

test("a result that still comes is read once", async () => {
  const told = await Told.open();
  told.send(shared);
  told.end();
  assert.ok((await told.result.records().toArray()).length > 0);
  assert.deepEqual(await told.result.records().toArray(), []);
});

/** Counts how often the page is given a turn meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  const scope = globalThis as { scheduler?: unknown };
  const before = scope.scheduler;
  let turns = 0;
  scope.scheduler = { yield: async () => turns++ };
  try {
    await work();
  } finally {
    scope.scheduler = before;
  }
  return turns;
}

for (const [name, read] of Object.entries(readers)) {
  test(`a result that is here is read without waiting for a turn: ${name}`, async () => {
    const told = await Told.open(unlimitedCredit);
    told.send(shared);
    told.end();
    assert.equal(await turnsDuring(() => read(told.result)), 0);
  });
}

test("the page gets a turn where rows are read for long", async () => {
  const told = await Told.open(unlimitedCredit);
  told.send(shared);
  told.end();
  const turns = await turnsDuring(async () => {
    for await (const _ of told.result.batches()) spin();
  });
  assert.equal(turns, 1);
});

test("a summary is whole, though the engine leaves out what is usual", async () => {
  const usual = await Told.open();
  assert.deepEqual(usual.result.summary(), emptySummary, "before the end");
  usual.end({ success: true });
  const summary = usual.result.summary();
  const success = {
    status: "00000",
    description: "note: successful completion",
    diagnostic: { OPERATION: "", OPERATION_CODE: "0", CURRENT_SCHEMA: "/" },
    classification: "",
    severity: "",
    position: null,
    isNotification: false,
  };
  assert.deepEqual(summary, { ...emptySummary, complete: true, query: "RETURN 1", gqlStatuses: [success] });
  assert.equal(usual.result.summary(), summary, "the same each time");

  const other = await Told.open();
  const empty = { ...success, status: "02000", description: "note: no data" };
  const changed = { ...emptySummary.counters, nodesCreated: 1, containsUpdates: true };
  const given = {
    complete: true,
    queryType: "w",
    counters: changed,
    gqlStatuses: [empty],
    availableAfter: 0,
    server: { agent: "Neo4j/5.26.30" },
  };
  other.end({ summary: given });
  assert.deepEqual(other.result.summary(), {
    ...emptySummary,
    ...given,
    query: "RETURN 1",
    server: { address: "", agent: "Neo4j/5.26.30", protocolVersion: "" },
  });
});

test("a result that failed before its query ran has an empty summary", async () => {
  const told = await Told.open();
  told.rows.failed(new Error("no"));
  assert.deepEqual(told.result.summary(), emptySummary);
});
