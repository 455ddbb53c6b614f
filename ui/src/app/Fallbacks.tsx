import type { ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";

import { Button } from "../components/Button";
import { EmptyState, ErrorState } from "../components/States";
import { Screen } from "./Screen";
import { useGo } from "./go";

/** A place that is not there: an old link, or what another version had. */
export function NotFound() {
  const go = useGo();
  return (
    <Screen title="Not here">
      <EmptyState
        icon={<Compass size={28} strokeWidth={1.6} aria-hidden />}
        title="There is nothing at this place"
        action={
          <Button
            tone="primary"
            command="Open the overview"
            onClick={() => {
              go("/");
            }}
          >
            Open the overview
          </Button>
        }
      >
        The link may be older than this version, or what it pointed to was removed.
      </EmptyState>
    </Screen>
  );
}

/** A screen that failed to draw: ours to mend, and the rest of the window still works. */
export function ScreenFailed({ error, reset }: ErrorComponentProps) {
  const failure = error instanceof Error ? error : new Error(String(error));
  return (
    <Screen title="Something went wrong">
      <ErrorState error={failure} onRetry={reset} />
    </Screen>
  );
}
