import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { BackendError, backend } from "../../backend";
import { Overview } from "./Overview";

vi.mock("../../backend/bindings", () => ({ commands: {} }));

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <Overview />
    </QueryClientProvider>,
  );
}

test("an empty workspace says what to do next", async () => {
  vi.spyOn(backend, "workspace").mockResolvedValue({ folder: "/tmp/w", version: "0.1.0", vault: null, empty: true });
  vi.spyOn(backend, "tenants").mockResolvedValue([]);
  vi.spyOn(backend, "accounts").mockResolvedValue([]);
  show();
  expect(await screen.findByText("No tenants in this workspace yet")).toBeTruthy();
  expect(screen.getByText(/xwalk tenant add/)).toBeTruthy();
});

test("a failure shows its message and its next step", async () => {
  const fault = { code: "workspace_newer", message: "It is newer.", hint: "Update Crosswalk." };
  vi.spyOn(backend, "workspace").mockRejectedValue(new BackendError(fault));
  vi.spyOn(backend, "tenants").mockRejectedValue(new BackendError(fault));
  vi.spyOn(backend, "accounts").mockRejectedValue(new BackendError(fault));
  show();
  expect((await screen.findByRole("alert")).textContent).toBe("It is newer.Update Crosswalk.");
});

test("tenants show with their accounts", async () => {
  vi.spyOn(backend, "workspace").mockResolvedValue({ folder: "/tmp/w", version: "0.1.0", vault: null, empty: true });
  vi.spyOn(backend, "tenants").mockResolvedValue([{ id: "acme", name: "Acme", region: "EU" }]);
  vi.spyOn(backend, "accounts").mockResolvedValue([
    {
      id: "acme-test",
      tenant: "acme",
      connector: "coupa",
      kind: "sandbox",
      environment: null,
      status: "needs_reauth",
    },
  ]);
  show();
  expect(await screen.findByText("acme-test")).toBeTruthy();
  expect(screen.getByText("needs reauth")).toBeTruthy();
  expect(screen.getByText("1 tenant, 1 account")).toBeTruthy();
});
