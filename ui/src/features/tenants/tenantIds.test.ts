import { expect, test } from "vitest";

import { idProblem, slugOf } from "./tenantIds";

test.each([
  ["Müller & Söhne", "muller-sohne"],
  ["  Acme  ", "acme"],
  ["日本", ""],
])("%s becomes %j", (name, id) => {
  expect(slugOf(name)).toBe(id);
});

test.each([
  ["acme-1", null],
  ["", /Give it an id/],
  ["Acme", /small letters/],
  ["-a", /starts with/],
])("%j: %s", (id, problem) => {
  const found = idProblem(id);
  if (problem) {
    expect(found).toMatch(problem);
  } else {
    expect(found).toBeNull();
  }
});
