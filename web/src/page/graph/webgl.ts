import type { Colours } from "../core/theme.js";
import type { Camera } from "./camera.js";
import type { Renderer } from "./renderer.js";
import { edgeFragment, edgeVertex, headVertex, nodeFragment, nodeVertex } from "./shaders.js";
import { faded, hidden, hovered, pinned, selected, type Scene } from "./scene.js";

/** Nodes in a row of the texture of places. */
const across = 1024;
/** Steps of a line that is bent. */
const steps = 14;
/** Bytes of a relationship's ends, and of its look. */
const endBytes = 8;
const edgeBytes = 20;
/** Heads of lines that would be smaller are not drawn, in pixels. */
const smallestHead = 2;
/** The head of a line of the greatest width, at the zoom 1. */
const largestHead = 4 + 2.2 * 1.3 * 3;

/**
 * Draws with WebGL 2. Places lie in a texture, so that a step of the layout is one upload, whatever the number of
 * lines; colours and sizes are uploaded when they
 * change. A frame then costs three calls.
 */
export class WebGLRenderer implements Renderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #programs: { nodes: WebGLProgram; edges: WebGLProgram; heads: WebGLProgram };
  readonly #uniforms = new Map<WebGLProgram, Map<string, WebGLUniformLocation | null>>();
  readonly #vertexArrays: { nodes: WebGLVertexArrayObject; edges: WebGLVertexArrayObject };
  readonly #buffers: { nodes: WebGLBuffer; ends: WebGLBuffer; edges: WebGLBuffer };
  readonly #texture: WebGLTexture;
  #textureRows = 0;
  #scene: Scene | undefined;
  #version = -1;
  #colours: Colours | undefined;
  #bent = false;
  #oneIn = 1;
  #padded = new Float32Array(0);

  /** Undefined where the browser gives no WebGL 2. */
  static on(canvas: HTMLCanvasElement): WebGLRenderer | undefined {
    const gl = canvas.getContext("webgl2", { antialias: true, premultipliedAlpha: true, preserveDrawingBuffer: true });
    return gl && gl.getParameter(gl.MAX_VERTEX_TEXTURE_IMAGE_UNITS) > 0 ? new WebGLRenderer(gl) : undefined;
  }

  private constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#programs = {
      nodes: program(gl, nodeVertex, nodeFragment),
      edges: program(gl, edgeVertex, edgeFragment),
      heads: program(gl, headVertex, edgeFragment),
    };
    this.#buffers = { nodes: gl.createBuffer(), ends: gl.createBuffer(), edges: gl.createBuffer() };
    this.#texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    for (const [name, value] of [
      [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
      [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
      [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ] as const) {
      gl.texParameteri(gl.TEXTURE_2D, name, value);
    }
    this.#vertexArrays = { nodes: this.#nodeArray(), edges: this.#edgeArray() };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  draw(scene: Scene, camera: Camera, colours: Colours, oneIn: number): void {
    const gl = this.#gl;
    if (scene !== this.#scene || scene.version !== this.#version || colours !== this.#colours)
      this.#upload(scene, colours);
    this.#place(scene);
    const { canvas } = gl;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (scene.edges > 0) this.#drawEdges(scene, camera, oneIn);
    gl.bindVertexArray(this.#vertexArrays.nodes);
    this.#use(this.#programs.nodes, camera);
    gl.uniform4fv(this.#uniform(this.#programs.nodes, "accent"), rgba(colours.accent));
    gl.uniform4fv(this.#uniform(this.#programs.nodes, "ground"), rgba(colours.ground));
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, scene.nodes);
  }

  #drawEdges(scene: Scene, camera: Camera, oneIn: number): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#vertexArrays.edges);
    if (oneIn !== this.#oneIn) this.#lookAtEdges((this.#oneIn = oneIn));
    const drawn = Math.floor(scene.edges / oneIn);
    // bends of hundreds of thousands of lines are not seen from afar, but cost
    const lineSteps = this.#bent ? (scene.edges > 20_000 && camera.scale < 0.3 ? 3 : steps) : 1;
    this.#use(this.#programs.edges, camera);
    gl.uniform1i(this.#uniform(this.#programs.edges, "steps"), lineSteps);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 2 * (lineSteps + 1), drawn);
    if (largestHead * camera.zoom < smallestHead) return;
    this.#use(this.#programs.heads, camera);
    gl.drawArraysInstanced(gl.TRIANGLES, 0, 3, drawn);
  }

  close(): void {
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  #use(used: WebGLProgram, camera: Camera): void {
    const gl = this.#gl;
    gl.useProgram(used);
    gl.uniform2f(this.#uniform(used, "middle"), camera.x, camera.y);
    gl.uniform2f(this.#uniform(used, "size"), camera.width, camera.height);
    gl.uniform1f(this.#uniform(used, "scale"), camera.scale);
    gl.uniform1f(this.#uniform(used, "zoom"), camera.zoom);
    gl.uniform1i(this.#uniform(used, "places"), 0);
  }

  #uniform(used: WebGLProgram, name: string): WebGLUniformLocation | null {
    let known = this.#uniforms.get(used);
    if (!known) this.#uniforms.set(used, (known = new Map()));
    let location = known.get(name);
    if (location === undefined) known.set(name, (location = this.#gl.getUniformLocation(used, name)));
    return location;
  }

  /** Uploads the places, whose number of rows the texture may have to grow to. */
  #place(scene: Scene): void {
    const gl = this.#gl;
    const rows = Math.max(Math.ceil(scene.nodes / across), 1);
    const floats = rows * across * 2;
    let data = scene.places;
    if (data.length < floats) {
      if (this.#padded.length < floats) this.#padded = new Float32Array(floats);
      this.#padded.set(data);
      data = this.#padded;
    }
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    if (rows > this.#textureRows)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32F, across, rows, 0, gl.RG, gl.FLOAT, data.subarray(0, floats));
    else gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, across, rows, gl.RG, gl.FLOAT, data.subarray(0, floats));
    this.#textureRows = Math.max(rows, this.#textureRows);
  }

  #upload(scene: Scene, colours: Colours): void {
    const gl = this.#gl;
    this.#scene = scene;
    this.#version = scene.version;
    this.#colours = colours;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.nodes);
    gl.bufferData(gl.ARRAY_BUFFER, nodeData(scene, colours), gl.DYNAMIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.ends);
    const ends = new Uint32Array(2 * scene.edges);
    this.#bent = false;
    for (let edge = 0; edge < scene.edges; edge++) {
      ends[2 * edge] = scene.sources[edge]!;
      ends[2 * edge + 1] = scene.targets[edge]!;
      this.#bent ||= scene.bends[edge] !== 0;
    }
    gl.bufferData(gl.ARRAY_BUFFER, ends, gl.DYNAMIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.edges);
    gl.bufferData(gl.ARRAY_BUFFER, edgeData(scene, colours), gl.DYNAMIC_DRAW);
  }

  #nodeArray(): WebGLVertexArrayObject {
    const gl = this.#gl;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.nodes);
    attribute(gl, 0, 1, 8, 0, "float");
    attribute(gl, 1, 4, 8, 4, "bytes");
    return array;
  }

  #edgeArray(): WebGLVertexArrayObject {
    const gl = this.#gl;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    this.#lookAtEdges(1);
    return array;
  }

  /** Has the bound vertex array take each edge, or only one in some. */
  #lookAtEdges(oneIn: number): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.ends);
    attribute(gl, 0, 2, endBytes * oneIn, 0, "integer");
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.edges);
    attribute(gl, 1, 1, edgeBytes * oneIn, 0, "float");
    attribute(gl, 2, 1, edgeBytes * oneIn, 4, "float");
    attribute(gl, 3, 4, edgeBytes * oneIn, 8, "bytes");
    attribute(gl, 4, 2, edgeBytes * oneIn, 12, "float");
  }
}

/**
 * Of each node: radius (negative when hidden), then red, green, blue and marks: 1 selected, 2 pinned, 4 under the
 * pointer. Colours are looked up once for each set of labels, as there may be many nodes.
 */
function nodeData(scene: Scene, colours: Colours): ArrayBuffer {
  const buffer = new ArrayBuffer(8 * scene.nodes);
  const floats = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  const pale = word(colours.faded);
  const { labelSet } = scene.graph;
  const known: (number | undefined)[] = [];
  for (let node = 0; node < scene.nodes; node++) {
    const flags = scene.flags[node]!;
    floats[2 * node] = flags & hidden ? -1 : scene.radii[node]!;
    const colour = flags & faded ? pale : (known[labelSet[node]!] ??= word(scene.colour(node)));
    const marks = (flags & selected ? 1 : 0) | (flags & pinned ? 2 : 0) | (flags & hovered ? 4 : 0);
    words[2 * node + 1] = colour | (marks << 24);
  }
  return buffer;
}

/** Of each relationship: bend, width (negative when hidden), colour, and the radii at its ends. */
function edgeData(scene: Scene, colours: Colours): ArrayBuffer {
  const buffer = new ArrayBuffer(edgeBytes * scene.edges);
  const floats = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  const [usual, pale, lit] = [word(colours.edge), word(colours.fadedEdge), word(colours.accent)];
  const { typeOf } = scene.graph;
  const known: (number | undefined)[] = [];
  const widths: (number | undefined)[] = [];
  const { bends, edgeFlags, flags, radii, sources, targets } = scene;
  for (let edge = 0; edge < scene.edges; edge++) {
    const type = typeOf[edge]!;
    const [from, to] = [sources[edge]!, targets[edge]!];
    const marks = edgeFlags[edge]!;
    const stands = (marks & (hovered | selected)) !== 0;
    const width = (widths[type] ??= scene.edgeWidth(edge));
    const unseen = ((flags[from]! | flags[to]! | marks) & hidden) !== 0;
    floats[5 * edge] = bends[edge]!;
    floats[5 * edge + 1] = unseen ? -1 : width * (stands ? 1.7 : 1);
    const plain = (known[type] ??= word(scene.edgeColour(edge), usual));
    words[5 * edge + 2] = stands ? lit : marks & faded ? pale : plain;
    floats[5 * edge + 3] = radii[from]!;
    floats[5 * edge + 4] = radii[to]!;
  }
  return buffer;
}

/** Red, green and blue as the first three bytes of a word. */
function word(colour: string | undefined, otherwise = 0): number {
  if (colour === undefined) return otherwise;
  const [red, green, blue] = channels(colour) as [number, number, number];
  return red | (green << 8) | (blue << 16);
}

function channels(colour: string): number[] {
  const number = parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

function rgba(colour: string): number[] {
  return [...channels(colour).map(channel => channel / 255), 1];
}

function attribute(
  gl: WebGL2RenderingContext,
  at: number,
  size: number,
  stride: number,
  offset: number,
  kind: "float" | "bytes" | "integer",
): void {
  gl.enableVertexAttribArray(at);
  if (kind === "integer") gl.vertexAttribIPointer(at, size, gl.UNSIGNED_INT, stride, offset);
  else gl.vertexAttribPointer(at, size, kind === "float" ? gl.FLOAT : gl.UNSIGNED_BYTE, false, stride, offset);
  gl.vertexAttribDivisor(at, 1);
}

function program(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const made = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS))
    throw new Error(`a shader does not link: ${gl.getProgramInfoLog(made) ?? ""}`);
  return made;
}
