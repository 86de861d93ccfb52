import { sizes, Writer } from "../packstream/writer.js";
import type { CallbackAnswer, Call, ToEngine, ToPage } from "./messages.js";
import { callbacks, methods, thrownShape } from "./protocol.js";
import { packShape } from "./shape.js";

/** A message of the engine: its text, and the block that goes with it. */
export type Packet = string | [text: string, block: ArrayBuffer];

/**
 * A message to the engine, in PackStream. For an argument that the method does not accept, it throws a RangeError that
 * names it.
 */
export function packMessage(message: ToEngine): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  if ("method" in message) packCall(writer, message);
  else if ("cancel" in message) packNumber(writer, 1, "cancel", message.cancel);
  else packAnswer(writer, message);
  return writer.finish();
}

function packNumber(writer: Writer, entries: number, name: string, value: number): void {
  writer.size(sizes.map, entries);
  writer.string(name);
  writer.integer(value);
}

function packCall(writer: Writer, { id, method, args }: Call): void {
  if (id === undefined) writer.size(sizes.map, 2);
  else packNumber(writer, 3, "id", id);
  writer.string("method");
  writer.string(method);
  writer.string("args");
  packShape(writer, args, methods[method]);
}

function packAnswer(writer: Writer, message: CallbackAnswer): void {
  packNumber(writer, 2, "answer", message.answer);
  if ("error" in message) {
    writer.string("error");
    packShape(writer, message.error, thrownShape);
  } else {
    writer.string("value");
    packShape(writer, (message.value ?? {}) as object, callbacks[message.kind]);
  }
}

/** A message of the engine; Writer in package protocol (Go) writes it. */
export function unpackMessage(packet: Packet): ToPage {
  const [text, block] = typeof packet === "string" ? [packet] : packet;
  const message = text.startsWith("!") ? JSON.parse(text.slice(1), revive) : JSON.parse(text);
  if (block) (message.rows ?? message).block = block;
  return message;
}

/** Makes the values that JSON does not have. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const special = keys.find(key => key.startsWith("$"));
  if (special === undefined) return value;
  const given = (value as Record<string, unknown>)[special];
  switch (special) {
    case "$int":
      return BigInt(given as string);
    case "$date":
      return new Date(given as number);
    case "$float":
      return Number(given);
    case "$bytes":
      return Uint8Array.from(atob(given as string), character => character.charCodeAt(0));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [key.startsWith("$") ? key.slice(1) : key, inside]),
  );
}
