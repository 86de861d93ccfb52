// The page: rooms to query, look, administer and connect.
import { render } from "preact";
import { readLink } from "./core/link.js";
import "./core/schema.js";
import { startTheme } from "./core/theme.js";
import "./graph/element.js";
import { App } from "./shell/app.js";
import { publish } from "./shell/publish.js";

startTheme();
readLink();
const root = document.getElementById("app")!;
root.replaceChildren(); // the first screen stood here, before any script
render(<App />, root);
publish();
