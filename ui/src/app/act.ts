import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import { toast } from "../components/Toasts";

/**
 * Something the user does: runs a command, then reads again what it made stale (by the names of commands).
 * `error` stays until the next try, for the form to show.
 */
export function useAct<Args extends unknown[], Data>(
  command: (...args: Args) => Promise<Data>,
  {
    stale = [],
    done,
    failed,
  }: {
    stale?: string[];
    done?: (data: Data, ...args: Args) => void;
    /** Hears of a failure, and how to try the same once more: not where something newer was done since. */
    failed?: (error: Error, again?: () => void) => void;
  } = {},
) {
  const client = useQueryClient();
  const newest = useRef<Args>(null);
  const { mutate, mutateAsync, isPending, error, reset } = useMutation<Data, Error, Args>({
    mutationFn: (args) => command(...args),
    onSuccess: async (data, args) => {
      done?.(data, ...args);
      await Promise.all(
        stale.map((name) => client.invalidateQueries({ queryKey: [name] })),
      );
    },
    onError: (failure, args) => {
      if (newest.current !== args) {
        failed?.(failure);
        return;
      }
      failed?.(failure, () => {
        // The offer may stand for a while; the older wish must not overwrite what was done meanwhile.
        if (newest.current === args) {
          mutate(args);
        } else {
          toast("Not tried again: something newer was done since");
        }
      });
    },
  });
  return {
    run: (...args: Args) => {
      newest.current = args;
      mutate(args);
    },
    /** The same, for who has to hear how it ended. */
    ended: async (...args: Args) => {
      newest.current = args;
      await mutateAsync(args);
    },
    busy: isPending,
    error,
    reset,
  };
}
