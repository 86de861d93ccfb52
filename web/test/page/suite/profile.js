import { equal, ok, rejects } from "./assert.js";

export default {
  async "has the parts of its address"({ ConnectionProfile }) {
    const profile = new ConnectionProfile("neo4j+s://us%40er:pass%3Aword@Example.org:1234?b=2&a=1", {
      database: "films",
    });
    const { scheme, user, password, host, port, path, query, database } = profile;
    equal(
      [scheme, user, password, host, port, path, query, database],
      ["neo4j+s", "us@er", "pass:word", "example.org", 1234, "", "a=1&b=2", "films"],
    );
    equal(
      [profile.address, profile.secure, profile.verify, profile.routing, profile.protocol],
      ["example.org:1234", true, true, true, "bolt"],
    );
    equal(profile.uri, "neo4j+s://example.org:1234?a=1&b=2");
    equal(new ConnectionProfile("bolt://[::1]").address, "[::1]:7687");
    equal(new ConnectionProfile("https://x/behind/a/proxy").path, "/behind/a/proxy");
    equal(profile.withAddress("other:7").address, "other:7");
  },

  async "knows every scheme"({ ConnectionProfile }) {
    const known = {
      bolt: ["bolt", false, false, false, 7687],
      "bolt+s": ["bolt", true, true, false, 7687],
      "bolt+ssc": ["bolt", true, false, false, 7687],
      neo4j: ["bolt", false, false, true, 7687],
      "neo4j+s": ["bolt", true, true, true, 7687],
      "neo4j+ssc": ["bolt", true, false, true, 7687],
      http: ["http", false, false, false, 7474],
      https: ["http", true, true, false, 7473],
      "http+s": ["http", true, true, false, 7473],
      "http+ssc": ["http", true, false, false, 7473],
      ws: ["websocket", false, false, false, 80],
      wss: ["websocket", true, true, false, 443],
    };
    for (const [scheme, wanted] of Object.entries(known)) {
      const { protocol, secure, verify, routing, port } = new ConnectionProfile(scheme + "://x");
      equal([protocol, secure, verify, routing, port], wanted, scheme);
    }
  },

  async "is refused where it cannot be right"({ ConnectionProfile }) {
    for (const uri of [
      "gopher://x",
      "bolt://x:0",
      "bolt://x:99999",
      "bolt://x:y",
      "bolt://::1",
      "bolt://[::1",
      "bolt://x/path",
      "bolt://x?a=b",
      "neo4j://x?a",
      "neo4j://x?a=1&a=2",
      "bolt://:secret@x",
      "bolt://%zz@x",
    ]) {
      const thrown = await rejects((async () => new ConnectionProfile(uri))(), RangeError, uri);
      ok(!thrown.message.includes("secret"), thrown.message);
    }
  },

  async "is equal to its like, and a key of maps"({ ConnectionProfile }) {
    const parts = { user: "ada", password: "secret", database: "films" };
    const profile = new ConnectionProfile("neo4j://example.org", parts);
    const like = [
      new ConnectionProfile(profile),
      new ConnectionProfile("NEO4J://Example.org:7687", parts),
      new ConnectionProfile({ scheme: "neo4j", host: "example.org", ...parts }),
    ];
    const seen = new Map([[profile, "here"]]);
    for (const other of like) equal([profile.equals(other), seen.get(other)], [true, "here"], String(other));
    for (const [part, value] of Object.entries({
      user: "eve",
      password: "other",
      database: "",
      port: 7,
      host: "elsewhere",
      scheme: "bolt",
    })) {
      const other = new ConnectionProfile(profile, { [part]: value });
      equal([profile.equals(other), seen.has(other)], [false, false], part);
    }
  },

  async "does not print its password"({ ConnectionProfile }) {
    const profile = new ConnectionProfile("neo4j+s://us%40er:pass%3Aword@example.org?a=1");
    equal(
      [String(profile), JSON.stringify({ profile })],
      ["neo4j+s://us%40er@example.org:7687?a=1", '{"profile":"neo4j+s://us%40er@example.org:7687?a=1"}'],
    );
    ok(
      !Object.values(profile).includes("pass:word") && !JSON.stringify(Object.entries(profile)).includes("pass"),
      "nor show it among its properties",
    );
    equal(profile.password, "pass:word");
  },
};
