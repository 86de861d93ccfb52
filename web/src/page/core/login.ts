import { auth, type Auth } from "../../index.js";

/** How a user proves who it is, as servers can be set to ask for. */
export type Scheme = "basic" | "bearer" | "kerberos" | "none";

/** What the secret of a scheme is called. */
export const secretNames: { [scheme in Scheme]: string } = {
  basic: "Password",
  bearer: "Token",
  kerberos: "Ticket",
  none: "",
};

export function isScheme(found: unknown): found is Scheme {
  return typeof found === "string" && Object.hasOwn(secretNames, found);
}

export function tokenOf(scheme: Scheme, user: string, secret: string): Auth {
  if (scheme === "basic") return auth.basic(user, secret);
  if (scheme === "bearer") return auth.bearer(secret);
  return scheme === "kerberos" ? auth.kerberos(secret) : auth.none();
}
