import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type Backend, replaceBackend } from "../backend";
import { tellFailure } from "../components/Toasts";
import { flushPlace, loadPlace, recall, regainPlace, remember } from "./place";

vi.mock("../backend/bindings", async (real) => ({ ...(await real<object>()), commands: {} }));
vi.mock("../components/Toasts", () => ({ tellFailure: vi.fn() }));

let stored: string | null = null;
const saveUiState = vi.fn<Backend["saveUiState"]>(async (json) => {
  stored = json;
  return null;
});

beforeEach(async () => {
  vi.useFakeTimers();
  saveUiState.mockClear();
  stored = null;
  replaceBackend({ uiState: async () => stored, saveUiState });
  await loadPlace();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a burst of typing is written once, or at once when that is asked for", async () => {
  remember("draft:acme:tables", "a");
  remember("draft:acme:tables", "ab");
  await vi.advanceTimersByTimeAsync(400);
  expect(saveUiState).toHaveBeenCalledTimes(1);
  remember("draft:acme:tables", "abc");
  await flushPlace();
  expect(stored).toContain("abc");
  await vi.advanceTimersByTimeAsync(400);
  expect(saveUiState).toHaveBeenCalledTimes(2);
});

test("what may hold a record's value is remembered and never written", async () => {
  remember("memory:acme:tables", "CC-4000");
  remember("sizes", "wide");
  await flushPlace();
  expect(recall("memory:acme:tables")).toBe("CC-4000");
  expect(stored).toBe('{"sizes":"wide"}');
});

test("flushing waits for what is being written", async () => {
  let end: () => void = () => undefined;
  replaceBackend({
    uiState: async () => null,
    saveUiState: () =>
      new Promise((done) => {
        end = () => {
          done(null);
        };
      }),
  });
  remember("draft:acme:tables", "a");
  await vi.advanceTimersByTimeAsync(400);
  let flushed = false;
  const flush = flushPlace().then(() => {
    flushed = true;
  });
  await vi.advanceTimersByTimeAsync(1);
  expect(flushed).toBe(false);
  end();
  await flush;
  expect(flushed).toBe(true);
});

test("what a customer call held back comes back, and what was typed in it stays", async () => {
  stored = JSON.stringify({ "draft:acme:tables": "saved", "draft:globex:tables": "theirs" });
  remember("draft:acme:tables", "typed in the call");
  await regainPlace();
  expect(recall("draft:globex:tables")).toBe("theirs");
  expect(recall("draft:acme:tables")).toBe("typed in the call");
});

test("what cannot be saved is said once, until it is saved again", async () => {
  const full = new Error("The disk is full.");
  replaceBackend({ uiState: async () => null, saveUiState: () => Promise.reject(full) });
  remember("sizes", "wide");
  await flushPlace();
  remember("sizes", "narrow");
  await flushPlace();
  expect(tellFailure).toHaveBeenCalledTimes(1);
  expect(tellFailure).toHaveBeenCalledWith(full, expect.stringContaining("not saved"), expect.any(Function));
  replaceBackend({ uiState: async () => null, saveUiState });
  remember("sizes", "wide");
  await flushPlace();
  replaceBackend({ uiState: async () => null, saveUiState: () => Promise.reject(full) });
  remember("sizes", "narrow");
  await flushPlace();
  expect(tellFailure).toHaveBeenCalledTimes(2);
});
