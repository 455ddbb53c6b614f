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
