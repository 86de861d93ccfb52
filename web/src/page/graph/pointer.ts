import type { GraphCanvas } from "./canvas.js";
import { hidden } from "./scene.js";

/** How far a pointer may move and still click, in pixels. */
const still = 5;
const twice = 350;
/** How long a finger rests to ask for the menu, in milliseconds. */
const longTouch = 500;

/** Mouse, pen, fingers and keys on a graph. */
export class Pointer {
  readonly #canvas: GraphCanvas;
  readonly #down = new Map<number, { x: number; y: number }>();
  readonly #ends = new AbortController();
  readonly #box = document.createElement("div");
  #start: { x: number; y: number; node: number | undefined; moved: boolean; boxed: boolean } | undefined;
  #lastClick: { node: number; at: number } | undefined;
  #spread = 0;
  #long: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: GraphCanvas) {
    this.#canvas = canvas;
    const { root } = canvas;
    const { signal } = this.#ends;
    root.tabIndex = 0;
    root.append(this.#box);
    this.#box.className = "graph-box";
    this.#box.hidden = true;
    root.addEventListener("pointerdown", event => this.#pressed(event), { signal });
    root.addEventListener("pointermove", event => this.#moved(event), { signal });
    root.addEventListener("pointerup", event => this.#released(event), { signal });
    root.addEventListener("pointercancel", event => this.#released(event), { signal });
    root.addEventListener("pointerleave", () => this.#down.size === 0 && canvas.hover(undefined), { signal });
    root.addEventListener("wheel", event => this.#wheeled(event), { signal, passive: false });
    root.addEventListener("keydown", event => this.#key(event), { signal });
    root.addEventListener("contextmenu", event => this.#menu(event), { signal });
  }

  close(): void {
    clearTimeout(this.#long);
    this.#ends.abort();
  }

  #placeOf({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const { left, top } = this.#canvas.root.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #pressed(event: PointerEvent): void {
    if (event.button !== 0) return;
    const place = this.#placeOf(event);
    this.#down.set(event.pointerId, place);
    this.#canvas.root.setPointerCapture(event.pointerId);
    if (this.#down.size === 2) {
      this.#spread = this.#apart();
      this.#drop();
      return;
    }
    const node = this.#canvas.nodeAt(place.x, place.y, event.pointerType === "touch" ? 14 : 3);
    this.#start = { ...place, node, moved: false, boxed: event.shiftKey && node === undefined };
    if (event.pointerType !== "touch") return;
    clearTimeout(this.#long);
    this.#long = setTimeout(() => {
      if (!this.#start || this.#start.moved) return;
      this.#start = undefined; // so that letting go is no tap
      this.#canvas.menuAt(node, place.x, place.y);
    }, longTouch);
  }

  /** Also where the browser itself takes a long touch for the other button. */
  #menu(event: MouseEvent): void {
    event.preventDefault();
    const { x, y } = this.#placeOf(event);
    this.#start = undefined;
    this.#canvas.menuAt(this.#canvas.nodeAt(x, y), x, y);
  }

  #moved(event: PointerEvent): void {
    const place = this.#placeOf(event);
    const before = this.#down.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") this.#canvas.hover(this.#canvas.nodeAt(place.x, place.y));
      return;
    }
    this.#down.set(event.pointerId, place);
    if (this.#down.size === 2) return this.#pinched(place, before);
    const start = this.#start;
    if (!start) return;
    start.moved ||= Math.hypot(place.x - start.x, place.y - start.y) > still;
    if (!start.moved) return;
    if (start.boxed) this.#drawBox(start, place);
    else if (start.node === undefined) this.#canvas.camera.pan(place.x - before.x, place.y - before.y);
    else this.#canvas.drag(start.node, this.#canvas.camera.toScene(place.x, place.y));
    this.#canvas.ask();
  }

  #pinched(place: { x: number; y: number }, before: { x: number; y: number }): void {
    const apart = this.#apart();
    const [a, b] = [...this.#down.values()] as [{ x: number; y: number }, { x: number; y: number }];
    this.#canvas.camera.pan((place.x - before.x) / 2, (place.y - before.y) / 2);
    this.#canvas.camera.zoomAt(apart / (this.#spread || apart), (a.x + b.x) / 2, (a.y + b.y) / 2);
    this.#spread = apart;
    this.#canvas.ask();
  }

  #apart(): number {
    const [a, b] = [...this.#down.values()] as [{ x: number; y: number }, { x: number; y: number }];
    return Math.hypot(a.x - b.x, a.y - b.y);
  }

  #released(event: PointerEvent): void {
    const start = this.#start;
    const known = this.#down.delete(event.pointerId);
    const [left] = this.#down.values();
    if (known && left) this.#start = { ...left, node: undefined, moved: true, boxed: false }; // goes on moving
    if (!known || !start || left) return;
    const place = this.#placeOf(event);
    this.#drop();
    if (start.boxed && start.moved) return this.#selectBox(start, place, event.ctrlKey || event.metaKey);
    if (!start.moved && event.type === "pointerup") this.#clicked(start.node, place, event);
  }

  #drop(): void {
    if (this.#start?.node !== undefined && this.#start.moved) this.#canvas.drag(this.#start.node, undefined);
    this.#start = undefined;
    this.#box.hidden = true;
    clearTimeout(this.#long);
  }

  #clicked(node: number | undefined, { x, y }: { x: number; y: number }, event: PointerEvent): void {
    const add = event.shiftKey || event.ctrlKey || event.metaKey;
    if (node === undefined)
      return this.#canvas.select([], { edge: this.#canvas.edgeAt(x, y, event.pointerType === "touch" ? 12 : 5), add });
    const again = this.#lastClick?.node === node && event.timeStamp - this.#lastClick.at < twice;
    this.#lastClick = again ? undefined : { node, at: event.timeStamp };
    if (again) this.#canvas.expandOf(node);
    else this.#canvas.select([node], { add });
  }

  #wheeled(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.#placeOf(event);
    this.#canvas.camera.zoomAt(
      Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016) * (event.ctrlKey ? 4 : 1)),
      x,
      y,
    );
    this.#canvas.ask();
  }

  #drawBox(from: { x: number; y: number }, to: { x: number; y: number }): void {
    const { style } = this.#box;
    this.#box.hidden = false;
    style.left = `${Math.min(from.x, to.x)}px`;
    style.top = `${Math.min(from.y, to.y)}px`;
    style.width = `${Math.abs(from.x - to.x)}px`;
    style.height = `${Math.abs(from.y - to.y)}px`;
  }

  #selectBox(from: { x: number; y: number }, to: { x: number; y: number }, add: boolean): void {
    const { scene, camera } = this.#canvas;
    const [left, top] = camera.toScene(Math.min(from.x, to.x), Math.min(from.y, to.y));
    const [right, bottom] = camera.toScene(Math.max(from.x, to.x), Math.max(from.y, to.y));
    const nodes: number[] = [];
    for (let node = 0; node < scene.nodes; node++) {
      const [x, y] = [scene.places[2 * node]!, scene.places[2 * node + 1]!];
      if (!(scene.flags[node]! & hidden) && x >= left && x <= right && y >= top && y <= bottom) nodes.push(node);
    }
    this.#canvas.select(nodes, { add });
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#canvas.root || event.altKey) return;
    const canvas = this.#canvas;
    const { nodes } = canvas.selection;
    const keys: { [key: string]: () => void } = {
      "+": () => canvas.zoom(1.3),
      "=": () => canvas.zoom(1.3),
      "-": () => canvas.zoom(1 / 1.3),
      0: () => canvas.fit(),
      f: () => canvas.fit(),
      Escape: () => canvas.select([]),
      Enter: () => nodes[0] !== undefined && canvas.expandOf(nodes[0]),
      Delete: () => canvas.hide(nodes),
      p: () => canvas.pin(nodes, true),
      m: () => this.#menuByKey(),
      ArrowRight: () => this.#step(1, 0),
      ArrowLeft: () => this.#step(-1, 0),
      ArrowDown: () => this.#step(0, 1),
      ArrowUp: () => this.#step(0, -1),
    };
    const does =
      event.ctrlKey || event.metaKey
        ? event.key === "a"
          ? () => canvas.select(canvas.shownNodes())
          : undefined
        : keys[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  #menuByKey(): void {
    const [node] = this.#canvas.selection.nodes;
    const { scene, camera } = this.#canvas;
    if (node === undefined) return this.#canvas.menuAt(undefined, camera.width / 2, camera.height / 2);
    const [x, y] = camera.toScreen(scene.places[2 * node]!, scene.places[2 * node + 1]!);
    this.#canvas.menuAt(node, x, y);
  }

  /** Chooses the next node in a direction, from the one that is chosen. */
  #step(dx: number, dy: number): void {
    const { scene } = this.#canvas;
    const [from] = this.#canvas.selection.nodes;
    if (from === undefined) {
      const [first] = this.#canvas.shownNodes();
      if (first !== undefined) this.#canvas.select([first]);
      return;
    }
    let [found, least] = [-1, Infinity];
    for (const node of this.#canvas.shownNodes()) {
      const [x, y] = [
        scene.places[2 * node]! - scene.places[2 * from]!,
        scene.places[2 * node + 1]! - scene.places[2 * from + 1]!,
      ];
      const along = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (node !== from && along > 0 && along + 2 * aside < least) [found, least] = [node, along + 2 * aside];
    }
    if (found >= 0) this.#canvas.select([found]);
  }
}
