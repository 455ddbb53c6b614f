import { expect, test } from "vitest";

import { accountStatus } from "../../components/accountStatus";
import { fullWorld } from "../../testing/world";
import { tenantLines } from "./tenantLines";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test("a tenant shows the worst of its accounts", () => {
  const { tenants, rows } = fullWorld(NOW);
  const lines = tenantLines([...tenants, { id: "new", name: "Zebra", region: null }], rows, NOW);
  const of = (id: string) => lines.find((line) => line.id === id);
  expect(of("aster-health")).toMatchObject({ state: "needs reauth", tone: "bad", production: 1 });
  expect(of("northwind-traders")).toMatchObject({
    state: "renewal due",
    production: 1,
    sandbox: 1,
  });
  expect(of("quill-sons")).toMatchObject({ state: "all active", tone: "ok" });
  expect(of("new")).toMatchObject({ state: "no accounts", tone: "quiet", urgency: 8 });
  expect(lines.map((line) => line.name)).toEqual(lines.map((line) => line.name).toSorted());
});

test.each([
  ["awaiting_credentials", true, "awaiting credentials", "quiet"],
  ["connecting", true, "connecting", "quiet"],
  ["validation_error", true, "validation error", "warn"],
  ["post_install_error", true, "post install error", "warn"],
  ["needs_reauth", true, "needs reauth", "bad"],
  ["active", false, "unhealthy", "bad"],
])("an account that is %s (healthy: %s) makes its tenant %s, as the overview says", (status, healthy, state, tone) => {
  const { tenants, rows } = fullWorld(NOW);
  const [tenant, row] = [tenants.at(-1), rows.at(-1)];
  const lines = tenant && row ? tenantLines([tenant], [{ ...row, status, healthy }], NOW) : [];
  expect(lines[0]).toMatchObject({ state, tone });
  expect(accountStatus(status, healthy)).toEqual({ words: state, tone });
});
