// Lengths are in pixels of the page but for places, which are in units of the scene.

const shared = `#version 300 es
precision highp float;
precision highp int;
uniform vec2 middle;
uniform vec2 size;
uniform float scale;
uniform float zoom;
uniform highp sampler2D places;

vec2 placeOf(uint node) {
  vec2 place = texelFetch(places, ivec2(int(node) % 1024, int(node) / 1024), 0).xy;
  return (place - middle) * scale;
}

vec4 onScreen(vec2 at) {
  return vec4(at / size * vec2(2.0, -2.0), 0.0, 1.0);
}

const vec4 nowhere = vec4(2.0, 2.0, 2.0, 1.0);
`;

export const nodeVertex = `${shared}
layout(location = 0) in float radius;
layout(location = 1) in vec4 look;
out vec2 corner;
out float drawn;
out vec3 colour;
flat out int marks;
void main() {
  marks = int(look.a);
  colour = look.rgb / 255.0;
  drawn = max(radius * zoom, 0.8);
  float reach = drawn + 7.0;
  corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  gl_Position = radius < 0.0 ? nowhere : onScreen(placeOf(uint(gl_InstanceID)) + corner * reach);
  corner *= reach;
}`;

export const nodeFragment = `#version 300 es
precision highp float;
in vec2 corner;
in float drawn;
in vec3 colour;
flat in int marks;
uniform vec4 accent;
uniform vec4 ground;
out vec4 pixel;
void main() {
  float from = length(corner);
  float inside = 1.0 - smoothstep(drawn - 0.7, drawn + 0.7, from);
  float rim = smoothstep(drawn - 2.0, drawn - 0.6, from);
  vec3 face = mix(colour, mix(colour, ground.rgb, 0.35), drawn > 4.0 ? rim : 0.0);
  if ((marks & 2) != 0 && drawn > 3.0)
    face = mix(ground.rgb, face, smoothstep(drawn * 0.3 - 0.7, drawn * 0.3 + 0.7, from));
  vec4 node = vec4(face, 1.0) * inside;
  float ring = 0.0;
  if ((marks & 5) != 0)
    ring = smoothstep(drawn + 1.2, drawn + 2.4, from) * (1.0 - smoothstep(drawn + 3.8, drawn + 5.0, from));
  float halo = (marks & 1) != 0 ? 1.0 : 0.6;
  pixel = node + accent * ring * halo * (1.0 - node.a);
  if (pixel.a < 0.004) discard;
}`;

const line = `
layout(location = 0) in uvec2 ends;
layout(location = 1) in float bend;
layout(location = 2) in float width;
layout(location = 3) in vec4 look;
layout(location = 4) in vec2 radii;
out vec4 colour;

vec2 controlOf(vec2 from, vec2 to) {
  vec2 along = to - from;
  return (from + to) / 2.0 + vec2(-along.y, along.x) * bend;
}
`;

export const edgeVertex = `${shared}${line}
uniform int steps;
out float across;
out float half_width;
void main() {
  colour = vec4(look.rgb / 255.0, 1.0);
  float share = float(gl_VertexID / 2) / float(steps);
  float side = float(gl_VertexID & 1) * 2.0 - 1.0;
  vec2 from = placeOf(ends.x);
  vec2 at;
  vec2 along;
  if (ends.x == ends.y) {
    float radius = radii.x * zoom * bend;
    float angle = share * 6.2831853;
    vec2 centre = from - vec2(0.0, radii.x * zoom + radius * 0.75);
    at = centre + radius * vec2(cos(angle), sin(angle));
    along = vec2(-sin(angle), cos(angle));
  } else {
    vec2 to = placeOf(ends.y);
    vec2 control = controlOf(from, to);
    to = mix(to, control, min(radii.y * zoom / max(length(control - to), 0.001), 0.9));
    at = mix(mix(from, control, share), mix(control, to, share), share);
    along = mix(control - from, to - control, share);
  }
  half_width = max(width * zoom, 0.55) / 2.0;
  across = side * (half_width + 0.8);
  vec2 normal = normalize(vec2(-along.y, along.x) + vec2(1e-9, 0.0));
  gl_Position = width < 0.0 ? nowhere : onScreen(at + normal * across);
}`;

export const headVertex = `${shared}${line}
out float across;
out float half_width;
void main() {
  colour = vec4(look.rgb / 255.0, 1.0);
  across = 0.0;
  half_width = 1.0;
  vec2 from = placeOf(ends.x);
  vec2 to = placeOf(ends.y);
  vec2 control = controlOf(from, to);
  float length_left = max(length(control - to), 0.001);
  vec2 along = (to - control) / length_left;
  float head = (4.0 + 2.2 * width) * zoom;
  vec2 tip = to - along * min(radii.y * zoom, length_left * 0.9);
  vec2 at = tip;
  if (gl_VertexID > 0) at = tip - along * head + vec2(-along.y, along.x) * head * (gl_VertexID == 1 ? 0.42 : -0.42);
  bool none = width < 0.0 || ends.x == ends.y || head < 1.5 || length_left < head;
  gl_Position = none ? nowhere : onScreen(at);
}`;

export const edgeFragment = `#version 300 es
precision highp float;
in vec4 colour;
in float across;
in float half_width;
out vec4 pixel;
void main() {
  float cover = 1.0 - smoothstep(half_width - 0.5, half_width + 0.5, abs(across));
  pixel = colour * cover;
}`;
