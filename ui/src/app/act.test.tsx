import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";

import { useAct } from "./act";

type Command = (choice: string) => Promise<void>;

function wrapper({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;
}

function open(command: Command) {
  const failed = vi.fn<(error: Error, again?: () => void) => void>();
  const { result } = renderHook(() => useAct(command, { failed }), { wrapper });
  return { failed, run: (choice: string) => act(() => result.current.run(choice)) };
}

it("tries the same once more when asked", async () => {
  const command = vi.fn<Command>().mockRejectedValueOnce(new Error("busy")).mockResolvedValue();
  const { failed, run } = open(command);
  run("a");
  await waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
  act(() => failed.mock.calls[0]?.[1]?.());
  await waitFor(() => expect(command.mock.calls).toEqual([["a"], ["a"]]));
});

it("tries nothing again once something newer was done", async () => {
  const command = vi.fn<Command>().mockRejectedValueOnce(new Error("busy")).mockResolvedValue();
  const { failed, run } = open(command);
  run("a");
  await waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
  run("b");
  await waitFor(() => expect(command).toHaveBeenCalledTimes(2));
  await act(async () => {
    failed.mock.calls[0]?.[1]?.();
    await Promise.resolve();
  });
  expect(command.mock.calls).toEqual([["a"], ["b"]]);
});

it("offers no second try of what failed after something newer was begun", async () => {
  let refuse: (error: Error) => void = () => undefined;
  const command = vi.fn<Command>().mockResolvedValue().mockImplementationOnce(
    () =>
      new Promise((_, reject) => {
        refuse = reject;
      }),
  );
  const { failed, run } = open(command);
  run("a");
  await waitFor(() => expect(command).toHaveBeenCalledTimes(1));
  run("b");
  refuse(new Error("busy"));
  await waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
  expect(failed.mock.calls[0]?.[1]).toBeUndefined();
});
