import { describe, expect, it } from "vitest";

import { latestOnly } from "./latestOnly";

describe("latestOnly", () => {
  it("skips what was asked for and overtaken", async () => {
    const started: number[] = [];
    const settled: unknown[] = [];
    const release: (() => void)[] = [];
    const runner = latestOnly(
      (input: number) => {
        started.push(input);
        return new Promise<string>((resolve) => {
          release.push(() => resolve(`value ${input}`));
        });
      },
      (outcome) => settled.push(outcome),
    );
    runner.ask(1);
    runner.ask(2);
    runner.ask(3);
    expect(started).toEqual([1]);
    release[0]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(started).toEqual([1, 3]);
    release[1]?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(settled).toEqual([
      { input: 1, value: "value 1" },
      { input: 3, value: "value 3" },
    ]);
  });

  it("hands errors over and goes on", async () => {
    const settled: object[] = [];
    const runner = latestOnly(
      (input: number) => (input === 1 ? Promise.reject(new Error("no")) : Promise.resolve(input)),
      (outcome) => settled.push(outcome),
    );
    runner.ask(1);
    runner.ask(2);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(settled).toMatchObject([{ input: 1, error: { message: "no" } }, { input: 2, value: 2 }]);
  });

  it("is silent once stopped", async () => {
    const settled: object[] = [];
    const runner = latestOnly((input: number) => Promise.resolve(input), (outcome) => settled.push(outcome));
    runner.ask(1);
    runner.stop();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(settled).toEqual([]);
  });
});
