import { render } from "preact";
import { App } from "#dashboard/app";

const root = document.getElementById("app");
if (root) render(<App />, root);
