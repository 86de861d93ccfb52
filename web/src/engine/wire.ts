import { Packer } from "../packstream/packer.js";
import type { ToEngine, ToPage } from "./messages.js";

/** A message of the engine's: its text, and the block that goes with it. */
export type Packet = string | [text: string, block: ArrayBuffer];

/** A message to the engine, in PackStream. */
export function packMessage(message: ToEngine): Uint8Array<ArrayBuffer> {
  const packer = new Packer();
  packer.parameters(message as unknown as Record<string, unknown>);
  return packer.finish();
}

/** A message of the engine's; messageWriter in package bridge (Go) writes it. */
export function unpackMessage(packet: Packet): ToPage {
  const [text, block] = typeof packet === "string" ? [packet] : packet;
  const message = text.startsWith("!") ? JSON.parse(text.slice(1), revive) : JSON.parse(text);
  if (block) message.block = block;
  return message;
}

/** Makes what JSON does not have. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const special = keys.find((key) => key.startsWith("$"));
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
      return Uint8Array.from(atob(given as string), (character) => character.charCodeAt(0));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key.startsWith("$") ? key.slice(1) : key, inside]));
}
