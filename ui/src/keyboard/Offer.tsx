import { type RefObject, useId } from "react";

import { useCommand } from "./commands";

/** Offers what a button or a line of a menu does as a command while it is drawn; draws nothing itself. */
export function Offer({
  label,
  keys,
  button,
  run,
}: {
  /** What it does and to what, since the palette shows nothing around it: `Renew acme-sandbox now`. */
  label: string;
  keys?: string | undefined;
  button?: RefObject<HTMLButtonElement | null>;
  run: () => void;
}) {
  const id = useId();
  useCommand({
    id,
    label,
    group: "This screen",
    ...(keys === undefined ? {} : { keys }),
    ...(button === undefined ? {} : { button }),
    run,
  });
  return null;
}
