import { useStored } from "./place";

/** What lists of accounts show: everything, one kind (`kind:production`), or one environment (`env:eu`). */
export type EnvironmentChoice = string;

export const EVERYTHING = "all";

/** Whether an account is among what was chosen. */
export function isChosen(
  choice: EnvironmentChoice,
  account: { kind: string; environment: string | null },
): boolean {
  if (choice.startsWith("kind:")) {
    return account.kind === choice.slice(5);
  }
  if (choice.startsWith("env:")) {
    return account.environment === choice.slice(4);
  }
  return true;
}

/** The window's filter by environment, remembered. */
export function useEnvironment(): [EnvironmentChoice, (choice: EnvironmentChoice) => void] {
  return useStored<EnvironmentChoice>("environment", EVERYTHING);
}
