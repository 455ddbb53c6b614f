import { expect, test } from "vitest";

import { fullWorld } from "../../testing/world";
import { listed } from "./listed";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test("the list goes from what is wrong to what was resolved, and from the latest of that", () => {
  const alerts = fullWorld(NOW).alerts;
  const like = alerts.find((alert) => alert.state === "resolved");
  const earlier = like ? [{ ...like, id: "earlier", resolved_at: "2026-11-19T12:00:00Z" }] : [];
  expect(listed([...earlier, ...alerts]).map((alert) => alert.id)).toEqual([
    "a2",
    "a3",
    "a1",
    "a4",
    "a5",
    "earlier",
  ]);
});

test("a state of a later version stands last", () => {
  const [first, second] = fullWorld(NOW).alerts;
  const unknown = first ? [{ ...first, state: "another" }] : [];
  expect(listed([...unknown, ...(second ? [second] : [])]).map((alert) => alert.state)).toEqual(["active", "another"]);
});
