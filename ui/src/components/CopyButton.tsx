import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

import { Button, IconButton } from "./Button";
import { copyText } from "./clipboard";

/** Copies a raw value; says so for two seconds. With `text` it is a button with words, else an icon. */
export function CopyButton({
  value,
  label = "Copy",
  text = false,
  command,
}: {
  value: string | (() => string | Promise<string>);
  label?: string;
  text?: boolean;
  /** What the palette calls it. */
  command?: string | undefined;
}) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") {
      return;
    }
    const timer = setTimeout(() => {
      setState("idle");
    }, 2000);
    return () => {
      clearTimeout(timer);
    };
  }, [state]);
  const copy = async () => {
    try {
      await copyText(typeof value === "string" ? value : await value());
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  const said =
    state === "copied" ? "Copied" : state === "refused" ? "Could not copy: select it instead" : label;
  const icon = state === "copied" ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />;
  const click = () => {
    void copy();
  };
  return text ? (
    <Button icon={icon} command={command} onClick={click}>
      {said}
    </Button>
  ) : (
    <IconButton label={said} icon={icon} command={command} onClick={click} />
  );
}
