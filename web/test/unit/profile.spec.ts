import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ConnectionProfile, type ProfileParts } from "../../src/profile.js";

declare const VECTORS: string;

/** They hold for the parser in Go, too. */
const vectors = JSON.parse(readFileSync(VECTORS + "profile.json", "utf8")) as {
  read: ({ uri: string } & ProfileParts)[];
  refused: { uri: string; argument: string }[];
  secret: string[];
};

test("URIs are read as in Go", () => {
  for (const { uri, ...wanted } of vectors.read) {
    const { scheme, user, password, host, port, path, query } = new ConnectionProfile(uri);
    assert.deepEqual(
      { scheme, user, password, host, port, path, query },
      { user: "", password: "", path: "", query: "", ...wanted },
      uri,
    );
  }
});

test("URIs are refused as in Go", () => {
  for (const { uri, argument } of vectors.refused) {
    assert.throws(
      () => new ConnectionProfile(uri),
      (thrown: Error) => thrown instanceof RangeError && thrown.message.startsWith(`invalid argument ${argument}:`),
      uri,
    );
  }
});

test("no error shows what may be a password", () => {
  for (const uri of vectors.secret) {
    assert.throws(
      () => new ConnectionProfile(uri),
      (thrown: Error) => thrown instanceof RangeError && !thrown.message.includes("sesame"),
      uri,
    );
  }
});

test("parts have to be of their types", () => {
  const wrong: [unknown, unknown, RegExp][] = [
    ["bolt://x", { port: "7687" }, /port: it takes a whole number, and was given a string/],
    ["bolt://x", { host: 5 }, /host/],
    [5, {}, /profile: it takes/],
    [{ scheme: "bolt", hots: "x" }, {}, /hots: there is no such option/],
    [new Map(), {}, /profile/],
    [null, {}, /profile/],
  ];
  for (const [uri, parts, message] of wrong) {
    assert.throws(
      () => new ConnectionProfile(uri as string, parts as ProfileParts),
      (thrown: Error) => thrown instanceof RangeError && message.test(thrown.message),
      String(message),
    );
  }
});
