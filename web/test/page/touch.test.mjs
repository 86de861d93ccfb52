// The page under fingers, on the screen of a phone: Chromium emulates both.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { programOf } from "../browsers.mjs";
import { missing, neo4j, startRelay } from "../environment.mjs";
import { patience, Workbench } from "./workbench.mjs";

const server = neo4j();
const skip = server.skip ?? (programOf("chrome") ? false : missing("chrome is not installed"));

describe("the page under fingers", { skip }, () => {
  const label = `TouchTest${process.pid}`;
  let relay;
  let bench;
  before(async () => {
    relay = await startRelay(server.uri);
    bench = await Workbench.launch("chrome", relay, server);
    await bench.open();
    await bench.ask(
      `CREATE (a:${label} {name: 'Ada'}), (b:${label} {name: 'Grace'}), (a)-[:KNOWS]->(b), (b)-[:KNOWS]->(:${label} {name: 'Joan'})`,
    );
  });
  after(async () => {
    await bench?.ask(`MATCH (n:${label}) DETACH DELETE n`);
    await bench?.close();
    await relay?.close();
  });

  /** The graph of some nodes on a phone, at rest. */
  const phone = async (names = ["Ada", "Grace"]) => {
    await bench.open({}, { width: 390, height: 780, touch: true });
    await bench.ask(`MATCH (n:${label}) WHERE n.name IN ${JSON.stringify(names)} RETURN n ORDER BY n.name`);
    await bench.still();
  };
  const place = node => bench.page.evaluate(wanted => webboltPage.placeOf(wanted), node);
  /** A place of the graph where nothing is drawn. */
  const ground = async () => {
    const { left, top } = await bench.page.$eval("#graph", root => root.getBoundingClientRect().toJSON());
    return { x: left + 40, y: top + 150 };
  };
  const apart = async () => {
    const [a, b] = [await place(0), await place(1)];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  const frame = () => bench.page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => resolve())));

  test("a tap chooses a node, a second one shows its neighbours", async () => {
    await phone(["Ada"]);
    const { x, y } = await place(0);
    await bench.page.touchscreen.tap(x, y);
    await bench.reads("#details", /Ada/);
    for (let left = 10; (await bench.shown()).nodes !== "2"; left--) {
      assert.ok(left > 0, "two taps show no neighbours");
      await bench.page.touchscreen.tap(x, y); // two of them come soon enough after each other
      await bench.page.touchscreen.tap(x, y);
      await new Promise(resolve => setTimeout(resolve, 700));
    }
    assert.deepEqual(bench.faults, []);
  });

  test("a finger moves the graph, and a node that it takes", async () => {
    await phone();
    const { x, y } = await ground();
    const before = [await place(0), await place(1)];
    const finger = await bench.page.touchscreen.touchStart(x, y);
    for (let step = 1; step <= 5; step++) await finger.move(x + 10 * step, y + 6 * step);
    await finger.end();
    await frame();
    const after = [await place(0), await place(1)];
    for (const node of [0, 1]) {
      assert.ok(Math.abs(after[node].x - before[node].x - 50) < 2, `moved from ${before[node].x} to ${after[node].x}`);
      assert.ok(Math.abs(after[node].y - before[node].y - 30) < 2, `moved from ${before[node].y} to ${after[node].y}`);
    }
    const taken = await bench.page.touchscreen.touchStart(after[0].x, after[0].y);
    for (let step = 1; step <= 4; step++) await taken.move(after[0].x + 9 * step, after[0].y);
    await taken.end();
    await frame();
    assert.ok((await place(0)).x - after[0].x > 25, "the node does not follow the finger");
    assert.ok(Math.abs((await place(1)).x - after[1].x) < 2, "the other node moves, too");
  });

  test("two fingers zoom, and one that stays goes on moving", async () => {
    await phone();
    const { x, y } = await ground();
    const before = await apart();
    const session = await bench.page.createCDPSession();
    const fingers = (type, ...places) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: places.map(([atX, atY, finger], id) => ({ x: atX, y: atY, id: finger ?? id })),
      });
    const [first, second] = [
      [x, y],
      [x + 60, y + 60],
    ];
    await fingers("touchStart", first);
    await fingers("touchStart", first, second);
    for (let step = 1; step <= 6; step++) await fingers("touchMove", first, [x + 60 + 10 * step, y + 60 + 10 * step]);
    await frame();
    const zoomed = await apart();
    assert.ok(zoomed > 1.5 * before, `${before} pixels apart, and then ${zoomed}`);
    const still = await place(0);
    await fingers("touchEnd", [...second, 1]); // names the finger that leaves
    for (let step = 1; step <= 6; step++) await fingers("touchMove", [x + 10 * step, y]);
    await frame();
    const moved = (await place(0)).x - still.x;
    assert.ok(Math.abs(moved - 60) < 3, `the finger that stayed moves the graph by ${moved} pixels, not 60`);
    await fingers("touchEnd");
    await session.detach();
  });

  test("a long touch opens a menu of a node, and of the ground", async () => {
    await phone();
    const long = async ({ x, y }) => {
      const finger = await bench.page.touchscreen.touchStart(x, y);
      await bench.visible("#graph-menu");
      await finger.end();
    };
    await long(await place(0));
    await bench.reads("#graph-menu", /Show neighbours[\s\S]*Pin[\s\S]*Hide/);
    await bench.reads("#details", /Ada/);
    const item = text =>
      bench.page.$$eval(
        "#graph-menu button",
        (items, wanted) => items.find(({ innerText }) => innerText === wanted).click(),
        text,
      );
    await item("Hide");
    await bench.page.waitForFunction(() => document.getElementById("details") === null, patience);
    assert.equal(await bench.page.$("#graph-menu"), null);
    await long(await ground());
    await bench.reads("#graph-menu", /Show all/);
    await item("Show what is hidden");
    const { x, y } = await place(0);
    await bench.page.touchscreen.tap(x, y);
    await bench.reads("#details", /Ada/);
    assert.deepEqual(bench.faults, []);
  });

  test("the menu opens by the other button and by a key, and keys go through it", async () => {
    await bench.open();
    await bench.ask(`MATCH (n:${label} {name: 'Ada'}) RETURN n`);
    await bench.still();
    const { x, y } = await place(0);
    await bench.page.mouse.click(x, y, { button: "right" });
    await bench.visible("#graph-menu");
    await bench.page.keyboard.press("Escape");
    assert.equal(await bench.page.$("#graph-menu"), null);
    await bench.page.keyboard.press("m");
    await bench.visible("#graph-menu");
    await bench.page.keyboard.press("ArrowDown");
    assert.equal(await bench.page.evaluate(() => document.activeElement.innerText), "Hide neighbours");
    await bench.page.keyboard.press("ArrowUp");
    await bench.page.keyboard.press("Enter");
    await bench.page.waitForFunction(() => document.body.dataset.nodes === "2", patience);
  });

  test("tabs, table and server fit under fingers", async () => {
    await phone();
    const small = await bench.page.$$eval("button", buttons =>
      buttons
        .filter(button => button.checkVisibility())
        .map(button => ({ box: button.getBoundingClientRect(), text: button.ariaLabel ?? button.innerText }))
        .filter(({ box }) => box.width < 24 || box.height < 24)
        .map(({ box, text }) => `${text}: ${box.width} by ${box.height}`),
    );
    assert.deepEqual(small, [], "WCAG 2.2 asks for 24 pixels");
    for (const tab of ["table", "messages", "raw"]) {
      const button = await bench.page.$(`#tab-${tab}`);
      await button.tap();
      await bench.page.waitForSelector(`#view[data-view=${tab}]`, patience);
    }
    await (await bench.page.$("#room-admin")).tap();
    await bench.reads("#admin-view", /Version/);
  });
});
