/** Which part of the scene is seen: the place in the middle, and how many pixels a unit takes. */
export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  width = 1;
  height = 1;
  /** What lies over the edges of the picture, in pixels: what is fitted keeps clear of it. */
  insets = { left: 8, top: 8, right: 36, bottom: 8 };
  /** The user moved it, so that it no longer follows the layout. */
  moved = false;
  #glide: { from: [number, number, number]; to: [number, number, number]; began: number } | undefined;

  toScreen(x: number, y: number): [number, number] {
    return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2];
  }

  toScene(x: number, y: number): [number, number] {
    return [(x - this.width / 2) / this.scale + this.x, (y - this.height / 2) / this.scale + this.y];
  }

  /** How large radii and lines are drawn: they grow less than the scene. */
  get zoom(): number {
    return Math.min(Math.max(1.3 * this.scale ** 0.45, 0.12), 2.2);
  }

  pan(dx: number, dy: number): void {
    this.moved = true;
    this.#glide = undefined;
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  /** Zooms about a point of the screen, which stays where it is. */
  zoomAt(factor: number, x = this.width / 2, y = this.height / 2): void {
    this.moved = true;
    this.#glide = undefined;
    const [atX, atY] = this.toScene(x, y);
    this.scale = Math.min(Math.max(this.scale * factor, 0.002), 12);
    this.x = atX - (x - this.width / 2) / this.scale;
    this.y = atY - (y - this.height / 2) / this.scale;
  }

  /** Shows a part of the scene; smoothly, or at once. */
  fit([left, top, right, bottom]: readonly [number, number, number, number], smooth: boolean): void {
    const width = Math.max(right - left, 1);
    const height = Math.max(bottom - top, 1);
    const { insets } = this;
    const roomX = Math.max(this.width - insets.left - insets.right, this.width / 4) * 0.9;
    const roomY = Math.max(this.height - insets.top - insets.bottom, this.height / 4) * 0.9;
    const scale = Math.max(Math.min(roomX / width, roomY / height, 2.4), 0.002);
    const to: [number, number, number] = [
      (left + right - (insets.left - insets.right) / scale) / 2,
      (top + bottom - (insets.top - insets.bottom) / scale) / 2,
      scale,
    ];
    if (smooth) this.#glide = { from: [this.x, this.y, this.scale], to, began: performance.now() };
    else [this.x, this.y, this.scale] = to;
  }

  /** Moves on where it glides; true while it does. */
  step(): boolean {
    if (!this.#glide) return false;
    const { from, to, began } = this.#glide;
    const share = Math.min((performance.now() - began) / 260, 1);
    const eased = 1 - (1 - share) ** 3;
    const at = (i: number): number => from[i]! + (to[i]! - from[i]!) * eased;
    this.x = at(0);
    this.y = at(1);
    this.scale = from[2] * (to[2] / from[2]) ** eased;
    if (share === 1) this.#glide = undefined;
    return true;
  }
}
