import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { type LiveStep, type TestReport, backend } from "../../../backend";
import { toast } from "../../../components/Toasts";
import { withStep } from "../../connect/steps";

/** Something that changes how an account connects. */
interface Attempt {
  /** Null: nothing is changed, it is only tested. */
  change: (() => Promise<unknown>) | null;
  /** Whether the connection is tested afterwards. */
  test: boolean;
  /** What is said when it worked. */
  said: string;
}

const STALE = ["account", "credentials", "credentialHistory", "listAccounts", "overview", "resources", "tenant"];

/**
 * Changes how an account connects, then tests it, telling each step. It shows the latest outcome only, and says what
 * failed: the change, which is to be tried again then, or the test of what is in place already.
 */
export function useTrial(account: string) {
  const client = useQueryClient();
  const [steps, setSteps] = useState<LiveStep[]>([]);
  const [open, setOpen] = useState<"change" | "test">("test");
  const { mutate, reset, data, error, isPending, variables } = useMutation<TestReport | null, Error, Attempt>({
    mutationFn: async ({ change, test }) => {
      setSteps([]);
      if (change) {
        setOpen("change");
        await change();
      }
      setOpen("test");
      return test ? backend.connect(account, (step) => setSteps((old) => withStep(old, step))) : null;
    },
    onSuccess: (report, { said }) => {
      // A test that fails on the way to the provider leaves an account that worked active.
      if (said !== "" && (report === null || (report.status === "active" && !report.error))) {
        toast(said);
      }
    },
    // What was typed is not kept longer than it is needed.
    gcTime: 0,
    onSettled: () => Promise.all(STALE.map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
  const report: TestReport | null = data ?? null;
  return {
    steps,
    report,
    error,
    /** What goes on. */
    busy: isPending ? (variables?.change ? ("change" as const) : ("test" as const)) : null,
    /** Which of the two the last failure leaves to be done. */
    open,
    run: mutate,
    test: () => {
      mutate({ change: null, test: true, said: "" });
    },
    /** Forgets the last outcome. */
    clear: () => {
      setSteps([]);
      reset();
    },
  };
}
