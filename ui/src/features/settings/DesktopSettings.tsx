import { useQuery } from "@tanstack/react-query";
import { BellRing } from "lucide-react";
import { useState } from "react";

import { useAct } from "../../app/act";
import { backend } from "../../backend";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { ErrorState } from "../../components/States";
import { toastError } from "../../components/Toasts";
import { Switch } from "../../components/Toggles";
import { Section } from "./Section";
import { NotificationSettings } from "./WorkspaceSettings";

type Trial = Awaited<ReturnType<typeof backend.testNotification>>;

function Autostart() {
  const autostart = useQuery({ queryKey: ["autostart"], queryFn: () => backend.autostart() });
  const set = useAct(backend.setAutostart, { stale: ["autostart"], failed: (error) => toastError(error) });
  if (autostart.error) {
    return <ErrorState error={autostart.error} compact onRetry={() => void autostart.refetch()} />;
  }
  return (
    <Switch
      checked={autostart.data ?? false}
      disabled={autostart.data === undefined || set.busy}
      label="Start with the session"
      detail="In the tray, so that tokens are renewed and alerts come without the window."
      onChange={set.run}
    />
  );
}

function Closing() {
  const choice = useQuery({ queryKey: ["closeChoice"], queryFn: () => backend.closeChoice() });
  const set = useAct(backend.setCloseChoice, { stale: ["closeChoice"], failed: (error) => toastError(error) });
  if (choice.error) {
    return <ErrorState error={choice.error} compact onRetry={() => void choice.refetch()} />;
  }
  return (
    <Choice
      label="Closing the window"
      value={choice.data ?? ""}
      disabled={choice.data === undefined}
      onChange={(value) => {
        set.run(value as Parameters<typeof backend.setCloseChoice>[0]);
      }}
      options={[
        { value: "tray", label: "Keep running", detail: "In the tray" },
        { value: "quit", label: "Quit", detail: "Nothing goes on" },
        { value: "ask", label: "Ask", detail: "Every time" },
      ]}
    />
  );
}

function Notifications() {
  const [outcome, setOutcome] = useState<Trial | null>(null);
  const trial = useAct(backend.testNotification, { done: setOutcome });
  return (
    <Section title="Desktop notifications">
      <NotificationSettings />
      <div className="flex items-start justify-between gap-6 border-t border-line-2 pt-4">
        <p className="text-ink-2">
          They come while the window is closed to the tray too; during a customer call they wait.
        </p>
        <Button
          icon={<BellRing size={14} aria-hidden />}
          command="Send a test notification"
          busy={trial.busy}
          onClick={() => {
            trial.run();
          }}
        >
          Send a test
        </Button>
      </div>
      {trial.error && <ErrorState error={trial.error} compact />}
      {outcome && (
        <p role="status" className="flex items-center gap-2">
          <Badge tone={outcome.delivered ? "ok" : "bad"}>
            {outcome.delivered ? "delivered" : "not delivered"}
          </Badge>
          {outcome.message} {outcome.hint}
        </p>
      )}
    </Section>
  );
}

/** How the program lives on this desktop: start, close, notifications. */
export function DesktopSettings() {
  return (
    <>
      <Section title="This desktop">
        <Autostart />
        <Closing />
      </Section>
      <Notifications />
    </>
  );
}
