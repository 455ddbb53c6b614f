import type { ReactNode } from "react";

import { Button } from "./Button";
import { CopyButton } from "./CopyButton";
import { type Reported, detailsOf, failureOf } from "./failure";

/** A place with nothing in it yet: what it is for and, always, what to do next. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action: ReactNode;
}) {
  return (
    <div className="m-auto flex max-w-md flex-col items-center gap-2 p-8 text-center">
      {icon && <div className="text-ink-3">{icon}</div>}
      <h2 className="text-[15px] font-semibold">{title}</h2>
      {children && <div className="text-ink-2">{children}</div>}
      <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>
    </div>
  );
}

/** What happened, whose side it is on, and the next step as a button. Without `action` or `onRetry` the details can be copied. */
export function ErrorState({
  error,
  onRetry,
  action,
  compact = false,
}: {
  error: Error | Reported;
  onRetry?: () => void;
  action?: ReactNode;
  compact?: boolean;
}) {
  const failure = failureOf(error);
  const { code, message, hint, side } = failure;
  return (
    <div
      role="alert"
      className={`rounded-lg border border-bad/40 bg-bad-soft p-3 text-left ${compact ? "" : "m-4 max-w-2xl"}`}
    >
      <p className="font-medium text-ink">{message}</p>
      {hint && <p className="mt-0.5 text-ink-2">{hint}</p>}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {action}
        {onRetry && (
          <Button command={compact ? undefined : `Try again: ${message}`} onClick={onRetry}>
            Try again
          </Button>
        )}
        {!action && !onRetry && (
          <CopyButton text label="Copy details" command="Copy the details of the error" value={detailsOf(failure)} />
        )}
        <span className="text-[12px] text-ink-2">
          {side} · <code className="font-mono">{code}</code>
        </span>
      </div>
    </div>
  );
}

/** Grey lines where content is about to be. */
export function Skeleton({ lines = 3, className = "" }: { lines?: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={`flex flex-col gap-2 ${className}`}>
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          className="h-3.5 animate-pulse rounded bg-line"
          style={{ width: `${String(92 - ((index * 17) % 40))}%` }}
        />
      ))}
    </div>
  );
}
