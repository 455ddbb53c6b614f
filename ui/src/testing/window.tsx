import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import axe from "axe-core";

import { App } from "../app/App";
import { loadPlace } from "../app/place";
import { type Backend, replaceBackend } from "../backend";
import { fakeBackend } from "./fakeBackend";
import { type World, fullWorld } from "./world";

/** Opens the whole window at a place of a made-up workspace. `overrides` replace single commands. */
export async function openWindow(
  place: string,
  {
    world = fullWorld(Date.now()),
    overrides = {},
    listen,
  }: { world?: World; overrides?: Partial<Backend>; listen?: Parameters<typeof replaceBackend>[1] } = {},
) {
  replaceBackend({ ...fakeBackend(world), ...overrides }, listen);
  await loadPlace();
  const history = createMemoryHistory({ initialEntries: [place] });
  return { history, world, ...render(<App history={history} />) };
}

/** What axe finds wrong, one line each; contrast is measured where there is layout, by tokens.test.ts here. */
export async function violations(root: Element = document.body): Promise<string[]> {
  const found = await axe.run(root, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.html}`),
  );
}
