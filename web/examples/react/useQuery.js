// Hooks that hold under StrictMode's double mount: what an unmounted component began is given up.
import { useEffect, useState } from "react";
import { connect } from "webbolt";

/** A Connector for as long as the component is there; undefined until it is open. options must stay the same object. */
export function useConnector(uri, options) {
  const [state, setState] = useState({});
  useEffect(() => {
    const abort = new AbortController();
    const opening = connect(uri, { ...options, signal: abort.signal });
    opening.then(
      db => !abort.signal.aborted && setState({ db }),
      error => !abort.signal.aborted && setState({ error }),
    );
    return () => {
      abort.abort();
      setState({});
      opening.then(
        db => db.close(),
        () => {},
      );
    };
  }, [uri, options]);
  return state;
}

/** The rows of a query, while they arrive. Other parameters, or no component, end what runs, at the server, too. */
export function useQuery(db, cypher, parameters = {}) {
  const [state, setState] = useState({ rows: [], done: false });
  const key = JSON.stringify(parameters);
  useEffect(() => {
    if (!db) return undefined;
    const abort = new AbortController();
    const { signal } = abort;
    setState({ rows: [], done: false });
    const read = async () => {
      const result = await db.run(cypher, JSON.parse(key), { readonly: true, signal });
      for await (const more of result.batches({ signal }))
        setState(({ rows }) => ({ rows: rows.concat(more), done: false }));
      setState(({ rows }) => ({ rows, done: true }));
    };
    read().catch(error => !signal.aborted && setState({ rows: [], done: true, error }));
    return () => abort.abort();
  }, [db, cypher, key]);
  return state;
}
