import { expect, it } from "vitest";

import type { ResumeView } from "../../../backend";
import { questionsOf, resumeWords } from "./resuming";

const KEPT: ResumeView = { fields: "mapped", pages: null, marks: false, budget: null };
const QUIET = { windows: "mon-fri 08:00-18:00", until: "2026-11-21T17:00:00Z" };

it.each([
  ["full", KEPT, null, null],
  ["test", { ...KEPT, pages: 20 }, null, null],
  ["test", KEPT, null, { pages: true, marks: "no", quiet: null }],
  ["unexported", { ...KEPT, marks: true }, null, { pages: false, marks: "yes", quiet: null }],
  ["unexported", { ...KEPT, marks: null }, null, { pages: false, marks: "ask", quiet: null }],
  ["full", KEPT, QUIET, { pages: false, marks: "no", quiet: QUIET }],
  ["full", null, QUIET, null],
] as const)("a %s run kept as %j, quiet %j", (mode, resume, quiet, questions) => {
  expect(questionsOf(mode, resume, quiet)).toEqual(questions);
});

it("says how a run goes on", () => {
  expect(resumeWords(KEPT)).toBe("the fields the mapping reads");
  expect(resumeWords({ fields: "all", pages: 20, marks: true, budget: 10 })).toBe(
    "whole records, at most 20 pages, 10 % of the limit, marks records as exported",
  );
});
