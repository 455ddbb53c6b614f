import { expect, test } from "vitest";

import { fullWorld } from "../../testing/world";
import { twinsOf } from "./twins";

test("accounts of a connector stand beside each other by kind", () => {
  const rows = fullWorld(0).rows.filter((row) => row.tenant === "northwind-traders");
  const [coupa] = twinsOf(rows);
  expect(coupa?.pairs.map((pair) => [pair.sandbox?.id, pair.production?.id])).toEqual([
    ["northwind-coupa-test", "northwind-coupa-prod"],
  ]);
});

test("a missing twin leaves its place empty", () => {
  const rows = fullWorld(0).rows.filter((row) => row.tenant === "quill-sons");
  expect(twinsOf(rows)[0]?.pairs).toMatchObject([{ sandbox: null }]);
});

test("accounts of one environment are twins before those that only stand in the same place", () => {
  const [like] = fullWorld(0).rows;
  const row = (id: string, kind: string, environment: string | null) =>
    like ? [{ ...like, id, kind, environment }] : [];
  const rows = [
    ...row("a-live", "production", "us"),
    ...row("b-live", "production", "eu"),
    ...row("a-test", "sandbox", "eu"),
    ...row("b-test", "sandbox", null),
  ];
  expect(twinsOf(rows)[0]?.pairs.map((pair) => [pair.sandbox?.id, pair.production?.id])).toEqual([
    ["a-test", "b-live"],
    ["b-test", "a-live"],
  ]);
});
