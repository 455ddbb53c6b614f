import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { type Backend, replaceBackend } from "../../../backend";
import { useLiveResult } from "./useDraft";

/** How long the engine takes for a record of 20 KB, generously. */
const ENGINE_MS = 40;

/** What the user was promised, from the last key to the result. */
const PROMISED_MS = 100;

const place = {
  sample: null,
  account: "a", model: "m", resource: "r", field: "f", level: "account", fieldType: null, record: "1",
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function later<T>(value: T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(value), ENGINE_MS);
  });
}

const evaluateDraft = vi.fn<Backend["evaluateDraft"]>((draft) =>
  later({
    value: JSON.stringify(draft.expression), status: "ok", message: null, position: null, reads: [], before: null,
    before_status: "empty", changed: true, wins: true, masked: false, ms: ENGINE_MS,
  }),
);

it("asks with the key itself and shows the last key's result in time", async () => {
  replaceBackend({ evaluateDraft, lintExpression: () => later([]) });
  const { result, rerender } = renderHook(({ text }) => useLiveResult(place, text), { initialProps: { text: "a" } });
  // No pause in typing is waited for.
  expect(evaluateDraft).toHaveBeenCalledTimes(1);
  for (const text of ["ab", "abc", "abcd", "abcde"]) {
    await act(() => vi.advanceTimersByTimeAsync(15));
    rerender({ text });
  }
  await act(() => vi.advanceTimersByTimeAsync(PROMISED_MS));
  expect(result.current?.expression).toBe("abcde");
  expect(result.current?.result?.value).toBe('"abcde"');
  // What was overtaken while another ran was never asked for.
  expect(evaluateDraft.mock.calls.length).toBeLessThanOrEqual(4);
});
