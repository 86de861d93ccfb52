import { StrictMode, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { auth } from "webbolt";
import { useConnector, useQuery } from "./useQuery.js";

function App() {
  const [login, setLogin] = useState();
  const submit = event => {
    event.preventDefault();
    setLogin(Object.fromEntries(new FormData(event.currentTarget)));
  };
  return (
    <>
      <form id="connect" onSubmit={submit}>
        <input name="uri" defaultValue="bolt://localhost:7687" aria-label="Address" />
        <input name="user" defaultValue="neo4j" aria-label="User" />
        <input name="password" type="password" aria-label="Password" />
        <button>Connect</button>
      </form>
      {login && <Labels login={login} />}
    </>
  );
}

function Labels({ login: { uri, user, password } }) {
  const [least, setLeast] = useState(1);
  const options = useMemo(() => ({ auth: auth.basic(user, password) }), [user, password]);
  const { db, error: refused } = useConnector(uri, options);
  const { rows, done, error } = useQuery(
    db,
    "MATCH (n) UNWIND labels(n) AS label WITH label, count(*) AS nodes WHERE nodes >= $least RETURN label, nodes ORDER BY nodes DESC",
    { least },
  );
  if (refused || error) return <p id="told">{(refused ?? error).message}</p>;
  return (
    <>
      <label>
        At least{" "}
        <input id="least" type="number" value={least} onChange={({ target }) => setLeast(Number(target.value))} /> nodes
      </label>
      <p id="told">{done ? `${rows.length} labels` : "Asking…"}</p>
      <table>
        <tbody>
          {rows.map(({ label, nodes }) => (
            <tr key={label}>
              <td>{label}</td>
              <td>{nodes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

createRoot(document.getElementById("app")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
