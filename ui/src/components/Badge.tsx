import type { ReactNode } from "react";

export type Tone = "ok" | "warn" | "bad" | "accent" | "read" | "quiet";

const TONES: Record<Tone, string> = {
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
  read: "bg-read-soft text-read",
  quiet: "bg-quiet-soft text-ink-2",
};

/** A word or two with a colour; the colour never says more than the word. */
export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex h-[18px] shrink-0 items-center gap-1 rounded-[5px] px-1.5 text-micro font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}

const KINDS: Record<string, string> = {
  production: "text-production",
  sandbox: "text-sandbox",
};

/** Whether an account speaks to the customer's live instance or to a trial one. */
export function KindBadge({ kind }: { kind: string }) {
  return (
    <span className={`text-micro font-semibold whitespace-nowrap ${KINDS[kind] ?? "text-ink-2"}`}>
      {kind}
    </span>
  );
}
