import { acceptLink, ignoreLink, linkRequest } from "../core/link.js";

const longest = 300;

/**
 * Shows where a link has the page connect to, and waits: anybody can write a link, and the password goes where it
 * says.
 */
export function LinkRequestView() {
  const request = linkRequest.value;
  if (!request) return null;
  const runs = request.auto && request.query !== "";
  return (
    <section id="link-request" aria-label="What the link asks for">
      <div>
        <h2>The link that you opened wants to connect to</h2>
        <dl>
          {request.places.map(([what, value]) => (
            <>
              <dt>{what}</dt>
              <dd>{value.slice(0, longest)}</dd>
            </>
          ))}
        </dl>
        <p>Your user name and password go there. Continue only if you know this address.</p>
        {runs && <pre class="excerpt">{request.query.slice(0, 10 * longest)}</pre>}
        <footer>
          <button type="button" class="button" id="link-ignore" onClick={ignoreLink}>
            Ignore the link
          </button>
          <button type="button" class="button primary" id="link-accept" onClick={acceptLink}>
            {runs ? "Connect and run the query" : "Use this connection"}
          </button>
        </footer>
      </div>
    </section>
  );
}
