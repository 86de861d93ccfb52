import { equal, ok, rejects, unique } from "./assert.js";

const code = "Neo.ClientError.Security.";

/** Makes a user for the time of a test. */
async function withUser(cx, change, password, use) {
  const name = unique("user");
  const manage = async cypher => (await cx.runProg("system", cypher)).consume();
  await manage(`CREATE USER ${name} SET PASSWORD '${password}' ${change}`);
  try {
    await use(name);
  } finally {
    await manage(`DROP USER ${name}`);
  }
}

export default {
  async "a wrong password"({ Connection, Failure, open, uri, options, tokens }) {
    const cx = await open();
    // Not the user of all the other tests, whom the server would lock out for a while after three wrong passwords.
    await withUser(cx, "CHANGE NOT REQUIRED", "a right password", async name => {
      const thrown = await rejects(Connection.open(uri, { ...options, auth: tokens.basic(name, "sesame") }), Failure);
      equal([thrown.code, thrown.retryable, thrown.message.includes("sesame")], [code + "Unauthorized", false, false]);
    });
    await cx.close();
  },

  async "an expired password"({ Connection, Failure, open, uri, options, tokens }) {
    const cx = await open();
    await withUser(cx, "CHANGE REQUIRED", "an old password", async name => {
      const thrown = await rejects(
        (async () => {
          const expired = await Connection.open(uri, { ...options, auth: tokens.basic(name, "an old password") });
          try {
            await (await expired.runProg("", "RETURN 1")).consume();
          } finally {
            await expired.close();
          }
        })(),
        Failure,
      );
      equal(thrown.code, code + "CredentialsExpired");
    });
    await cx.close();
  },

  async "the user of the profile"({ Connection, ConnectionProfile, uri, options, server }) {
    const { user, password } = server;
    const cx = await Connection.open(new ConnectionProfile(uri, { user, password }), { ...options, auth: undefined });
    equal([cx.profile.user, await (await cx.runProg("", "RETURN 1 AS n")).fetch()], [user, { n: 1 }]);
    await cx.close();
  },

  async "nobody, and schemes that this server does not take"({ Connection, Failure, uri, options, http, tokens }) {
    const opening = auth => Connection.open(uri, { ...options, auth });
    ok((await rejects(opening(undefined), Failure)).code.startsWith(code), "no user");
    ok((await rejects(opening(tokens.none()), Failure)).code.startsWith(code), "none");
    const bearer = await rejects(opening(tokens.bearer("no token of theirs")), Failure);
    ok(bearer.code.startsWith(http ? "Neo.ClientError." : code), `bearer: ${bearer.code}`);
    const own = { scheme: "handshake", principal: "neo4j", credentials: "x", realm: "native", parameters: { pin: 1 } };
    for (const auth of [tokens.kerberos("bm8gdGlja2V0"), own]) {
      const thrown = await rejects(opening(auth), http ? TypeError : Failure);
      ok(http || thrown.code.startsWith(code), `${auth.scheme}: ${thrown.code}`);
    }
  },

  async "tokens of a supplier"({ open, auth }) {
    let asked = 0;
    const cx = await open({
      auth: async refused => {
        asked++;
        ok(refused === undefined, "nothing was refused");
        return auth;
      },
    });
    equal([asked, await (await cx.runProg("", "RETURN 1 AS n")).fetch()], [1, { n: 1 }]);
    await cx.close();
    const thrown = await rejects(
      open({
        auth: () => {
          throw new Error("no token today");
        },
      }),
    );
    ok(thrown.message.includes("no token today"), thrown.message);
  },

  async "another user on an open connection"({ open, tokens, http, bolt, Failure }) {
    const cx = await open();
    await withUser(cx, "CHANGE NOT REQUIRED", "another password", async name => {
      const other = await open();
      const change = other.authenticate(tokens.basic(name, "another password"));
      if (!http && Number(bolt.split(".")[0]) < 5) {
        await rejects(change, TypeError);
      } else {
        await change;
        equal(await (await other.runProg("", "SHOW CURRENT USER YIELD user RETURN user")).fetch(), { user: name });
        await rejects(other.authenticate(tokens.basic(name, "sesame")), Failure);
      }
      await other.close();
    });
    await cx.close();
  },
};
