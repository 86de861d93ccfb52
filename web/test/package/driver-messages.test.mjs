// What servers hear of programs for neo4j-driver over webbolt: which of the driver's calls was used, how many records
// are asked for, and in which form dates with a zone go to servers that know only the old one. And what is refused, so
// that no server hears of it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import neo4j from "../../dist/neo4j-driver.js";
import { neo4j as serverOf } from "../environment.mjs";
import { startScripted } from "../scripted.mjs";

const tags = { telemetry: 0x54, pull: 0x3f, run: 0x10, begin: 0x11 };
const closing = [];
after(async () => {
  for (const each of closing.reverse()) await each.close();
});

async function scripted(options, config, answer = () => ({ rows: [[1]] })) {
  const server = await startScripted(answer, options);
  const driver = neo4j.driver(server.uri, neo4j.auth.basic("neo4j", "x"), config);
  closing.push(server, driver);
  const told = tag => server.heard.filter(body => body[1] === tag);
  return { server, driver, told };
}

/** Bytes of a 32-bit integer in PackStream. */
const int32 = value => {
  const bytes = Buffer.alloc(5, 0xca);
  bytes.writeInt32BE(value, 1);
  return bytes;
};

describe("what servers hear", { timeout: 120_000 }, () => {
  test("TELEMETRY tells which of the driver's calls it was", async () => {
    const { driver, told } = await scripted({ hints: { "telemetry.enabled": true } });
    const session = driver.session();
    await session.executeRead(tx => tx.run("RETURN 1"));
    await session.executeWrite(tx => tx.run("RETURN 1"));
    const transaction = await session.beginTransaction();
    await transaction.run("RETURN 1");
    await transaction.commit();
    await session.run("RETURN 1");
    await session.close();
    await driver.executeQuery("RETURN 1");
    assert.deepEqual(
      told(tags.telemetry).map(body => body[2]),
      [0, 0, 1, 2, 3],
    );
  });

  test("it is told once of work that is tried again", async () => {
    let failures = 1;
    const again = { neo4j_code: "Neo.TransientError.General.OutOfMemoryError", message: "again" };
    const answer = () => (failures-- > 0 ? { failure: again } : { rows: [[1]] });
    const { driver, told } = await scripted({ hints: { "telemetry.enabled": true } }, {}, answer);
    const session = driver.session();
    await session.executeRead(tx => tx.run("RETURN 1"));
    await session.close();
    assert.equal(told(tags.begin).length, 2);
    assert.equal(told(tags.telemetry).length, 1);
  });

  test("no TELEMETRY where the driver's configuration or the server says no", async () => {
    for (const [hints, config] of [
      [{ "telemetry.enabled": true }, { telemetryDisabled: true }],
      [{ "telemetry.enabled": false }, {}],
      [{}, {}],
    ]) {
      const { driver, told } = await scripted({ hints }, config);
      await driver.executeQuery("RETURN 1");
      assert.equal(told(tags.begin).length, 1);
      assert.equal(told(tags.telemetry).length, 0);
    }
  });

  test("a session's fetchSize holds for its queries, in transactions as well", async () => {
    const { driver, told } = await scripted({}, { fetchSize: 50 });
    const use = async options => {
      const session = driver.session(options);
      await session.run("RETURN 1");
      await session.executeRead(tx => tx.run("RETURN 1"));
      const transaction = await session.beginTransaction();
      await transaction.run("RETURN 1");
      await transaction.commit();
      await session.close();
    };
    await use({ fetchSize: 7 });
    await use({ fetchSize: -1 });
    await use({});
    await use({ fetchSize: 1000 });
    const pull = n => "b13fa1816e" + n;
    assert.deepEqual(
      told(tags.pull).map(body => body.toString("hex")),
      ["07", "ff", "32", "c903e8"].flatMap(n => [pull(n), pull(n), pull(n)]),
    );
  });

  test("dates with a zone go in the form that the server knows", async () => {
    const summer = 1718452800; // 2024-06-15T12:00, by the clock of the place, counted as if that were UTC
    const offset = 7200;
    const given = {
      offset: new neo4j.types.DateTime(2024, 6, 15, 12, 0, 0, 5, offset, undefined),
      zone: new neo4j.types.DateTime(2024, 6, 15, 12, 0, 0, 5, undefined, "Europe/Berlin"),
    };
    const structure = (signature, seconds, more) =>
      Buffer.concat([Buffer.from([0xb3, signature.charCodeAt(0)]), int32(seconds), Buffer.from([5]), more]);
    const berlin = Buffer.concat([Buffer.from([0x8d]), Buffer.from("Europe/Berlin")]);
    const hours = Buffer.from([0xc9, offset >> 8, offset & 255]);
    for (const [bolt, utc] of [
      ["4.2", false],
      ["4.3", false], // and 4.4 take the new form from a patch on, which this server has not
      ["4.4", false],
      ["5.8", true],
    ]) {
      const { driver, told } = await scripted({ bolt });
      const session = driver.session();
      await session.run("RETURN 1", given, { metadata: given });
      await session.close();
      const [body] = told(tags.run);
      for (const expected of [
        structure(utc ? "I" : "F", utc ? summer - offset : summer, hours),
        structure(utc ? "i" : "f", utc ? summer - offset : summer, berlin),
      ]) {
        const first = body.indexOf(expected);
        assert.ok(first > 0, `${bolt}: ${expected.toString("hex")} in ${body.toString("hex")}`);
        assert.ok(body.indexOf(expected, first + 1) > 0, `${bolt}: in the transaction's metadata, too`);
      }
    }
  });
});

describe("a driver that is closed while a result comes", { timeout: 60_000 }, () => {
  /** What an observer hears who closes the driver at the first record. */
  async function closedAtFirst(answer) {
    const { driver } = await scripted({}, {}, () => answer);
    const heard = [];
    await new Promise(resolve =>
      driver
        .session()
        .run("RETURN 1")
        .subscribe({
          onNext: () => {
            heard.push("record");
            void driver.close();
          },
          onCompleted: () => resolve(heard.push("end")),
          onError: error => resolve(heard.push(error.code)),
        }),
    );
    return heard;
  }

  test("its end arrives, as over the driver's own connections", async () => {
    assert.deepEqual(await closedAtFirst({ rows: [[1]], later: 50 }), ["record", "end"]);
  });

  test("a result that does not end has an error instead", async () => {
    assert.deepEqual(await closedAtFirst({ rows: [[1]], stays: true }), ["record", "ServiceUnavailable"]);
  });
});

describe("what is refused, with what to do", { timeout: 60_000 }, () => {
  const profile = new neo4j.EnvelopeEncryptionProfile({ name: "p", encapsulationService: {}, keyRepository: {} });
  const certificate = neo4j.clientCertificateProviders.rotating({
    initialCertificate: { certfile: "cert.pem", keyfile: "key.pem" },
  });
  for (const [what, config, words] of [
    [
      "client certificates",
      { encrypted: true, clientCertificate: certificate },
      /no client certificates.*driver's own/,
    ],
    [
      "certificates of one's own",
      { encrypted: true, trustedCertificates: ["ca.pem"] },
      /\(trustedCertificates\).*driver's own/,
    ],
    [
      "the trust in such",
      { encrypted: true, trust: "TRUST_CUSTOM_CA_SIGNED_CERTIFICATES", trustedCertificates: ["ca.pem"] },
      /trusts the certificates that the browser or Node.js trusts.*NODE_EXTRA_CA_CERTS/,
    ],
    ["encryption profiles", { encryptionProfiles: [profile] }, /no encryption profiles.*driver's own connections/],
  ]) {
    test(what, async () => {
      const { server, driver } = await scripted({}, config);
      assert.throws(
        () => driver.session(),
        thrown => thrown instanceof neo4j.Neo4jError && words.test(thrown.message),
      );
      await assert.rejects(async () => driver.verifyConnectivity(), words);
      assert.deepEqual(server.heard, []);
    });
  }

  test("to encrypt and to decrypt values", async () => {
    const { driver } = await scripted({}, { encryptionProfiles: [profile] });
    const words = /webbolt does not encrypt values.*neo4j-driver-bolt-connection/;
    await assert.rejects(driver.encryption.encrypt({ value: "secret", keyOptions: "1" }), words);
    await assert.rejects(driver.encryption.decrypt({ ciphertext: new Int8Array([1, 2, 3]) }), words);
  });
});

for (const version of ["4.4", "5.26"]) {
  const server = serverOf(version);
  test(`dates with a zone arrive and come back, Neo4j ${version}`, {
    skip: server.skip ?? false,
    timeout: 60_000,
  }, async () => {
    const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password));
    closing.push(driver);
    const given = {
      offset: new neo4j.types.DateTime(2024, 6, 15, 12, 0, 0, 5, 7200, undefined),
      zone: new neo4j.types.DateTime(2024, 1, 15, 12, 0, 0, 5, undefined, "Europe/Berlin"),
    };
    const query = "RETURN toString($offset) AS o, toString($zone) AS z, $offset AS offset, $zone AS zone";
    const { records } = await driver.executeQuery(query, given);
    const { o, z, offset, zone } = records[0].toObject();
    assert.equal(o, "2024-06-15T12:00:00.000000005+02:00");
    assert.equal(z, "2024-01-15T12:00:00.000000005+01:00[Europe/Berlin]");
    assert.equal(String(offset), String(given.offset));
    assert.equal(String(zone), "2024-01-15T12:00:00.000000005+01:00[Europe/Berlin]");
  });
}
