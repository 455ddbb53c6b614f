import { expect, test } from "vitest";

import { groupByTenant } from "./groups";

const tenant = (id: string, name: string) => ({ id, name, region: null });
const account = (id: string, of: string) => ({
  id,
  tenant: of,
  connector: "acme",
  kind: "sandbox" as const,
  environment: null,
  status: "active",
});

test("tenants come by name and keep only their own accounts, by id", () => {
  const groups = groupByTenant(
    [tenant("z", "Aster"), tenant("a", "Zinnia")],
    [account("two", "z"), account("one", "z"), account("other", "a")],
  );
  expect(groups.map((group) => group.tenant.name)).toEqual(["Aster", "Zinnia"]);
  expect(groups[0]?.accounts.map((each) => each.id)).toEqual(["one", "two"]);
  expect(groups[1]?.accounts.map((each) => each.id)).toEqual(["other"]);
});

test("a tenant without accounts stays", () => {
  expect(groupByTenant([tenant("a", "Aster")], [])).toEqual([
    { tenant: tenant("a", "Aster"), accounts: [] },
  ]);
});
