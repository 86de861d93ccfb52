// Makes PNGs of screenshots small: at most 256 colours, as an indexed image.
import { crc32, deflateSync } from "node:zlib";

/** Gives a smaller PNG of a screenshot in base64; page is any page that can decode it. */
export async function smallPNG(page, base64) {
  const { width, height, palette, indices } = await page.evaluate(indexed, base64);
  const pixels = Buffer.from(indices, "base64");
  const rows = Buffer.alloc(height * (width + 1));
  // each row begins with its filter: none
  for (let y = 0; y < height; y++) pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette)),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const made = Buffer.alloc(body.length + 8);
  made.writeUInt32BE(data.length, 0);
  body.copy(made, 4);
  made.writeUInt32BE(crc32(body), body.length + 4);
  return made;
}

/** In the page: the most frequent colours, and for each pixel the nearest of them. */
async function indexed(base64) {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))]));
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const counts = new Map();
  const colourAt = i => (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
  for (let i = 0; i < data.length; i += 4) counts.set(colourAt(i), (counts.get(colourAt(i)) ?? 0) + 1);
  const chosen = [];
  const apart = (a, b) =>
    ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  for (const [colour] of [...counts].sort((a, b) => b[1] - a[1])) {
    if (chosen.length < 256 && chosen.every(other => apart(colour, other) > 90)) chosen.push(colour);
  }
  const nearest = new Map();
  const indices = new Uint8Array(width * height);
  for (let i = 0; i < indices.length; i++) {
    const colour = colourAt(4 * i);
    let index = nearest.get(colour);
    if (index === undefined) {
      index = chosen.reduce((best, other, j) => (apart(colour, other) < apart(colour, chosen[best]) ? j : best), 0);
      nearest.set(colour, index);
    }
    indices[i] = index;
  }
  let text = "";
  for (let i = 0; i < indices.length; i += 8192) text += String.fromCharCode(...indices.subarray(i, i + 8192));
  return {
    width,
    height,
    palette: chosen.flatMap(colour => [colour >> 16, (colour >> 8) & 255, colour & 255]),
    indices: btoa(text),
  };
}
