import { faultSides } from "../backend";

type Side = (typeof faultSides)[keyof typeof faultSides];

const WORDS: Record<Side, string> = {
  crosswalk: "Crosswalk's side",
  customer: "Customer's side: their administrator can fix it",
  input: "Your input",
  machine: "This machine",
  network: "Network between here and the provider",
  provider: "Provider's side",
  workspace: "This workspace",
};

/** Whose side a failure is on, in words, so that a user knows whom to ask; what nobody knows is ours. */
export function sideOf(code: string): string {
  const known = Object.hasOwn(faultSides, code);
  return WORDS[known ? faultSides[code as keyof typeof faultSides] : "crosswalk"];
}
