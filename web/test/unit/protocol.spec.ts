import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Engine } from "../../src/engine/engine.js";
import type { Methods } from "../../src/engine/protocol.js";
import type { Connection, Connector, Parameters } from "../../src/index.js";

declare const VECTORS: string;

/** Never called: what has a comment above it must not compile. `tsc -p test/unit` sees to that. */
export async function compiles(engine: Engine, cx: Connection, db: Connector): Promise<void> {
  await engine.call("connection.reset", { on: 1, force: true });
  // @ts-expect-error there is no such method
  await engine.call("connection.resett", { on: 1 });
  // @ts-expect-error there is no such argument
  await engine.call("connection.reset", { on: 1, forse: true });
  // @ts-expect-error an argument is missing
  await engine.call("connection.begin", { on: 1 });
  // @ts-expect-error an argument is of another type
  await engine.call("pool.setMaxSize", { on: 1, maxSize: "6" });
  // @ts-expect-error the result has no such field
  (await engine.call("connection.route", { on: 1, graphName: "", context: {} })).writters;
  // @ts-expect-error there is no such option
  await db.run("RETURN 1", {}, { timout: 5 });
  // @ts-expect-error there is no such option, further in
  await cx.begin("", { notifications: { minimumseverity: "OFF" } });

  interface Person {
    name: string;
  }
  const ada: Person = { name: "Ada" };
  const parameters: Parameters = ada;
  const [record] = await (await cx.runProg<{ n: number }>("", "RETURN 1 AS n", parameters)).records().toArray();
  const n: number = record!.n;
  // @ts-expect-error the field is a number
  const text: string = record!.n;
  assert.ok([n, text]);
}

test("every method has arguments and a result", () => {
  const name: keyof Methods = "connection.open"; // what is checked is that this compiles
  assert.equal(name, "connection.open");
});

test("no module of the package imports itself in a circle", () => {
  const src = join(VECTORS, "../../src");
  const imports = new Map<string, string[]>();
  for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.startsWith("page") || file.startsWith("elements") || file.startsWith("driver"))
      continue;
    const found = readFileSync(join(src, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)\.js"/g);
    imports.set(
      file,
      [...found].map(([, path]) => join(file, "..", `${path}.ts`)),
    );
  }
  assert.ok(imports.size > 40);
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, above: string[]): void => {
    if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(" → "));
    if (above.includes(file) || done.has(file)) return;
    for (const other of imports.get(file) ?? []) visit(other, [...above, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  const ours = [
    "owner.ts",
    "connection.ts",
    "connector.ts",
    "pool.ts",
    "result.ts",
    "rows.ts",
    "options.ts",
    "profile.ts",
    "transaction.ts",
    "errors.ts",
  ];
  assert.deepEqual(
    circles.filter(circle => ours.some(file => circle.split(" → ").includes(file))),
    [],
  );
});
