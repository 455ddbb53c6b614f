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
