import { useState } from "preact/hooks";
import { draft, favourites, history } from "../core/workspace.js";
import { Icon, IconButton } from "../ui/icon.js";
import { Popover } from "../ui/popover.js";

/** Queries that were run, newest first. */
export function History() {
  const [wanted, setWanted] = useState("");
  return (
    <Popover icon="history" label="History (Alt+↑, Alt+↓)" id="history-button" wide>
      {close => {
        const found = history.value.filter(query => query.toLowerCase().includes(wanted.toLowerCase()));
        return (
          <>
            <div class="panel-head">
              <input
                type="search"
                aria-label="Search the history"
                placeholder="Search"
                value={wanted}
                onInput={({ currentTarget }) => setWanted(currentTarget.value)}
              />
              <IconButton name="trash" label="Forget the history" onClick={() => (history.value = [])} />
            </div>
            <ul class="queries" id="history">
              {found.slice(0, 100).map(query => (
                <li key={query}>
                  <button
                    type="button"
                    title={query}
                    onClick={() => {
                      draft.value = query;
                      close();
                    }}
                  >
                    {query}
                  </button>
                </li>
              ))}
            </ul>
            {found.length === 0 && (
              <p class="muted">Queries that you run are kept here, in this browser. Those with passwords are not.</p>
            )}
          </>
        );
      }}
    </Popover>
  );
}

/** Queries that the user keeps by name. */
export function Favourites() {
  const [name, setName] = useState("");
  const keep = (): void => {
    const query = draft.value.trim();
    if (query === "") return;
    const given = name.trim() || query.split("\n")[0]!.slice(0, 60);
    favourites.value = [{ name: given, query }, ...favourites.value.filter(other => other.name !== given)];
    setName("");
  };
  return (
    <Popover icon="star" label="Favourites" id="favourites-button" wide>
      {close => (
        <>
          <form
            class="panel-head"
            onSubmit={event => {
              event.preventDefault();
              keep();
            }}
          >
            <input
              aria-label="Name of the favourite"
              placeholder="Name for the query in the editor"
              value={name}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
            <button class="button" type="submit">
              <Icon name="star" />
              Keep
            </button>
          </form>
          <ul class="queries" id="favourites">
            {favourites.value.map(({ name: title, query }) => (
              <li key={title}>
                <button
                  type="button"
                  title={query}
                  onClick={() => {
                    draft.value = query;
                    close();
                  }}
                >
                  <strong>{title}</strong>
                  <span>{query}</span>
                </button>
                <IconButton
                  name="trash"
                  label={`Remove ${title}`}
                  onClick={() => (favourites.value = favourites.value.filter(other => other.name !== title))}
                />
              </li>
            ))}
          </ul>
          {favourites.value.length === 0 && <p class="muted">Keep queries that you use often.</p>}
        </>
      )}
    </Popover>
  );
}
