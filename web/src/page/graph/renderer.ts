import type { Colours } from "../core/theme.js";
import type { Camera } from "./camera.js";
import type { Scene } from "./scene.js";

/** Draws the nodes and lines of a scene; captions lie above, on a canvas of their own. */
export interface Renderer {
  /** Draws all nodes, and one line in some. */
  draw(scene: Scene, camera: Camera, colours: Colours, oneIn: number): void;
  close(): void;
}
