import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";

import { type Backend, type RunView, replaceBackend } from "../../../backend";
import { stampOf, useProjection } from "./useProjection";

afterEach(cleanup);

const COLUMNS = ["id"];

/** Projections that hold as many records as there are when they are opened; `whole` says which are decrypted. */
function stage() {
  const records = { stored: 2 };
  const held = new Map<string, number>();
  const whole = new Set<string>();
  let opened = 0;
  const openProjection = vi.fn<Backend["openProjection"]>(async () => {
    opened += 1;
    const projection = `projection-${opened}`;
    held.set(projection, records.stored);
    return { projection };
  });
  const closeProjection = vi.fn<Backend["closeProjection"]>(async () => null);
  const projectionPage = vi.fn<Backend["projectionPage"]>(async (projection) => {
    const total = held.get(projection) ?? 0;
    const complete = whole.has(projection);
    const rows = Array.from({ length: complete ? total : 0 }, (_, index) => ({ id: String(index + 1), cells: [null], masked: [false] }));
    return { indexed: rows.length, total, complete, stopped: null, matching: rows.length, rows };
  });
  replaceBackend({ openProjection, closeProjection, projectionPage });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const hook = renderHook(({ stamp }) => useProjection("a", "r", COLUMNS, null, "", stamp), {
    wrapper,
    initialProps: { stamp: "2" },
  });
  return { records, whole, openProjection, closeProjection, ...hook };
}

it("shows records that were stored meanwhile once they are all there, and what it showed until then", async () => {
  const { records, whole, openProjection, closeProjection, result, rerender, unmount } = stage();
  whole.add("projection-1");
  await waitFor(() => expect(result.current.answer?.total).toBe(2));
  records.stored = 5;
  rerender({ stamp: "5" });
  await waitFor(() => expect(openProjection).toHaveBeenCalledTimes(2));
  // Nothing of the new one is decrypted yet: the place in the old one is not lost.
  expect(result.current.answer?.total).toBe(2);
  expect(result.current.rowAt(1)?.id).toBe("2");
  expect(closeProjection).not.toHaveBeenCalled();
  whole.add("projection-2");
  await waitFor(() => expect(result.current.answer?.total).toBe(5));
  expect(result.current.rowAt(4)?.id).toBe("5");
  expect(closeProjection).toHaveBeenCalledTimes(1);
  expect(closeProjection).toHaveBeenCalledWith("projection-1");
  unmount();
  expect(closeProjection).toHaveBeenLastCalledWith("projection-2");
});

it("does not open again what did not change", async () => {
  const { whole, openProjection, result, rerender } = stage();
  whole.add("projection-1");
  await waitFor(() => expect(result.current.answer?.total).toBe(2));
  rerender({ stamp: "2" });
  expect(openProjection).toHaveBeenCalledTimes(1);
});

it("marks what was stored anew by the count, the run and its end", () => {
  const run = (id: string, ended: string | null) => ({ run: id, ended_at: ended }) as RunView;
  const stamps = [
    stampOf({ stored: 0, last_run: null }),
    stampOf({ stored: 3, last_run: null }),
    stampOf({ stored: 3, last_run: run("1", null) }),
    stampOf({ stored: 3, last_run: run("1", "2026-11-21T12:00:00Z") }),
    stampOf({ stored: 3, last_run: run("2", "2026-11-21T12:00:00Z") }),
  ];
  expect(new Set(stamps).size).toBe(stamps.length);
});
