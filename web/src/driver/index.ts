// Replaces neo4j-driver-bolt-connection: the connections that neo4j-driver and neo4j-driver-lite are built on.
import * as core from "neo4j-driver-core";
import { Provider, type ProviderParameters } from "./provider.js";

/** Connections to one server, for bolt:// addresses. */
export class DirectConnectionProvider extends Provider {
  constructor(given: ProviderParameters) {
    super(false, given);
  }
}

/** Connections to the servers of a cluster, for neo4j:// addresses. */
export class RoutingConnectionProvider extends Provider {
  constructor(given: ProviderParameters) {
    super(true, given);
  }
}

/** neo4j-driver's encryption service packs values with this class; packing is not available here. */
export class BoltProtocol {
  _createPacker(): never {
    throw unsupported();
  }
}

/** The encryption service unpacks values from this. */
export const channel = {
  alloc(): never {
    throw unsupported();
  },
};

function unsupported(): Error {
  return core.newError(
    "webbolt does not encrypt values; use neo4j-driver with its own connections (neo4j-driver-bolt-connection) for its encryption service",
  );
}
