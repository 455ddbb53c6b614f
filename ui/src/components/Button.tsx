import { type ComponentProps, type ReactNode, forwardRef, useImperativeHandle, useRef } from "react";

import { Offer } from "../keyboard/Offer";
import { MAIN_KEYS } from "../keyboard/commands";
import { Tooltip } from "./Tooltip";

type Tone = "plain" | "primary" | "danger" | "ghost";

const TONES: Record<Tone, string> = {
  plain: "border-line bg-panel text-ink hover:bg-line-2",
  primary: "border-accent bg-accent text-accent-ink hover:brightness-110",
  danger: "border-bad bg-bad text-bad-ink hover:brightness-110",
  ghost: "border-transparent bg-transparent text-ink-2 hover:bg-line-2 hover:text-ink",
};

const SHAPE =
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-[7px] border font-medium whitespace-nowrap select-none disabled:opacity-50 disabled:pointer-events-none";

interface Offered {
  /** What the palette calls it, with what it is done to; offered as long as the button can be pressed. */
  command?: string | undefined;
  /** The keys of that command. */
  keys?: string | undefined;
}

/** What every button here is, bare: it can be a command too. */
export const Pressable = forwardRef<HTMLButtonElement, ComponentProps<"button"> & Offered>(function Pressable(
  { command, keys, children, ...rest },
  ref,
) {
  const own = useRef<HTMLButtonElement>(null);
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(ref, () => own.current, []);
  const can = !rest.disabled && !rest["aria-disabled"];
  return (
    <button ref={own} type="button" {...rest}>
      {command !== undefined && can && (
        <Offer label={command} keys={keys} button={own} run={() => own.current?.click()} />
      )}
      {children}
    </button>
  );
});

interface ButtonProps extends ComponentProps<"button">, Offered {
  tone?: Tone;
  small?: boolean;
  icon?: ReactNode;
  /** Work goes on: it stays focusable but does not act again. */
  busy?: boolean;
}

/** The window's button. One `primary` on a screen or in a form at most: its command is the main action, Ctrl/Cmd-Enter. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { tone = "plain", small = false, icon, busy = false, className = "", children, ...rest },
  ref,
) {
  return (
    <Pressable
      ref={ref}
      keys={tone === "primary" ? MAIN_KEYS : undefined}
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"] || undefined}
      onClick={busy ? undefined : rest.onClick}
      className={`${SHAPE} ${small ? "h-6 px-2 text-[12px]" : "h-7 px-2.5"} ${TONES[tone]} ${className}`}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </Pressable>
  );
});

/** A turning ring beside what it belongs to; never over a page. */
export function Spinner() {
  return (
    <svg aria-hidden viewBox="0 0 16 16" width="12" height="12" className="animate-spin">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity=".25" strokeWidth="2" />
      <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children">, Offered {
  /** What it does: its name for readers and its tooltip. */
  label: string;
  icon: ReactNode;
}

/** A button that is only an icon; its label shows on hover and focus. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, icon, keys, className = "", ...rest },
  ref,
) {
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      <Pressable
        ref={ref}
        keys={keys}
        {...rest}
        aria-label={label}
        className={`inline-flex size-7 shrink-0 items-center justify-center rounded-[7px] text-ink-2 hover:bg-line-2 hover:text-ink disabled:pointer-events-none disabled:opacity-50 ${className}`}
      >
        {icon}
      </Pressable>
    </Tooltip>
  );
});
