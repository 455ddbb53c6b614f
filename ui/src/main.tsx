import { createHashHistory } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App, makeQueryClient } from "./app/App";
import { flushPlace, loadPlace, recall } from "./app/place";
import { askAhead } from "./app/queries";
import { warmUp } from "./app/router";
import "./index.css";

// By then the overview has drawn what it has; reading the rest does not hold it up.
const WARM_UP_AFTER_MS = 1500;

/** `npm run dev` in a plain browser has no shell: it shows made-up data, the world its path names. Never part of a build. */
async function standIn() {
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    const { installFakeBackend } = await import("./testing/fakeBackend");
    installFakeBackend(location.pathname.slice(1));
  }
}

async function start(root: HTMLElement) {
  await standIn();
  const asked = makeQueryClient();
  askAhead(asked);
  await loadPlace();
  const history = createHashHistory();
  const place = recall("place");
  if (location.hash === "" && typeof place === "string" && place.startsWith("/")) {
    history.replace(place);
  }
  window.addEventListener("pagehide", () => void flushPlace());
  createRoot(root).render(
    <StrictMode>
      <App history={history} asked={asked} />
    </StrictMode>,
  );
  setTimeout(() => void warmUp(), WARM_UP_AFTER_MS);
}

const root = document.getElementById("root");
if (root) {
  void start(root);
}
