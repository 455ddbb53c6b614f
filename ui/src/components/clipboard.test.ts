import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { REVEALED_MS, copyRevealed, copyText } from "./clipboard";

let clip = "";

beforeEach(() => {
  vi.useFakeTimers();
  clip = "";
  vi.stubGlobal("navigator", {
    clipboard: {
      writeText: async (text: string) => {
        clip = text;
      },
      readText: async () => clip,
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("takes a revealed value back after half a minute", async () => {
  await copyRevealed("DE811907980");
  await vi.advanceTimersByTimeAsync(REVEALED_MS - 1);
  expect(clip).toBe("DE811907980");
  await vi.advanceTimersByTimeAsync(1);
  expect(clip).toBe("");
});

it("leaves what was copied since, here or elsewhere", async () => {
  await copyRevealed("DE811907980");
  await copyText("kept");
  await vi.advanceTimersByTimeAsync(REVEALED_MS);
  expect(clip).toBe("kept");
  await copyRevealed("DE811907980");
  clip = "from another program";
  await vi.advanceTimersByTimeAsync(REVEALED_MS);
  expect(clip).toBe("from another program");
});

it("takes it back where the system does not let us look", async () => {
  vi.stubGlobal("navigator", {
    clipboard: {
      writeText: async (text: string) => {
        clip = text;
      },
      readText: () => Promise.reject(new Error("not allowed")),
    },
  });
  await copyRevealed("DE811907980");
  await vi.advanceTimersByTimeAsync(REVEALED_MS);
  expect(clip).toBe("");
});

it("keeps what was copied since where the system does not let us look", async () => {
  vi.stubGlobal("navigator", {
    clipboard: {
      writeText: async (text: string) => {
        clip = text;
      },
      readText: () => Promise.reject(new Error("not allowed")),
    },
  });
  await copyRevealed("DE811907980");
  await copyText("kept");
  await vi.advanceTimersByTimeAsync(REVEALED_MS);
  expect(clip).toBe("kept");
});

it("still takes a revealed value back when a later copy was refused", async () => {
  await copyRevealed("DE811907980");
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValueOnce(new Error("not allowed"));
  await expect(copyText("never there")).rejects.toThrow("not allowed");
  await vi.advanceTimersByTimeAsync(REVEALED_MS);
  expect(clip).toBe("");
});

it("is the only way to the clipboard", () => {
  const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const uses = Object.keys(sources).filter((path) => sources[path]?.includes("navigator.clipboard"));
  expect(uses).toHaveLength(1);
  expect(uses[0]).toMatch(/\/clipboard\.ts$/);
});
