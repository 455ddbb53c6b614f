import { useMutation, useQueryClient } from "@tanstack/react-query";

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
    /** Hears of a failure, and how to try the same once more. */
    failed?: (error: Error, again: () => void) => void;
  } = {},
) {
  const client = useQueryClient();
  const { mutate, mutateAsync, isPending, error, reset } = useMutation<Data, Error, Args>({
    mutationFn: (args) => command(...args),
    onSuccess: async (data, args) => {
      done?.(data, ...args);
      await Promise.all(
        stale.map((name) => client.invalidateQueries({ queryKey: [name] })),
      );
    },
    onError: (failure, args) => {
      failed?.(failure, () => {
        mutate(args);
      });
    },
  });
  return {
    run: (...args: Args) => {
      mutate(args);
    },
    /** The same, for who has to hear how it ended. */
    ended: async (...args: Args) => {
      await mutateAsync(args);
    },
    busy: isPending,
    error,
    reset,
  };
}
