import { Outlet } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { backend, listen } from "../backend";
import { Toasts, toast, toastError, undoLast } from "../components/Toasts";
import { TooltipProvider } from "../components/Tooltip";
import { Keys } from "../keyboard/Keys";
import { useCommand } from "../keyboard/commands";
import { CloseAsk } from "./CloseAsk";
import { CustomerCall } from "./CustomerCall";
import { Lock } from "./Lock";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { Shortcuts } from "./Shortcuts";
import { useGo } from "./go";
import { openPalette } from "./palette";
import { NOTIFICATIONS_UNAVAILABLE } from "./queries";

const PLACES = [
  { id: "overview", label: "Overview", href: "/" },
  { id: "tenants", label: "Tenants", href: "/tenants" },
  { id: "connectors", label: "Connectors", href: "/connectors" },
  { id: "runs", label: "Runs", href: "/runs" },
  { id: "alerts", label: "Alerts", href: "/alerts" },
  { id: "settings", label: "Settings", href: "/settings" },
  { id: "connect", label: "Connect an account", href: "/connect" },
  { id: "new-tenant", label: "Add a tenant", href: "/tenants?add=1" },
];

function GoTo({ place, number }: { place: (typeof PLACES)[number]; number: number }) {
  const go = useGo();
  useCommand({
    id: `go-${place.id}`,
    label: place.label,
    group: "Go to",
    ...(number <= 6 ? { keys: `Mod+${String(number)}` } : {}),
    run: () => {
      go(place.href);
    },
  });
  return null;
}

function FrameCommands() {
  useCommand({
    id: "palette",
    label: "Search or run a command",
    group: "Window",
    keys: "Mod+K",
    hidden: true,
    run: () => {
      openPalette("all");
    },
  });
  useCommand({
    id: "jump",
    label: "Jump to an account",
    group: "Window",
    keys: "Mod+P",
    run: () => {
      openPalette("accounts");
    },
  });
  useCommand({
    id: "shortcuts",
    label: "Show the shortcuts",
    group: "Window",
    keys: "?",
    run: () => {
      openPalette("shortcuts");
    },
  });
  useCommand({
    id: "undo",
    label: "Undo the last change",
    group: "Window",
    keys: "Mod+Z",
    run: () => {
      undoLast();
    },
  });
  useCommand({
    id: "quit",
    label: "Quit Crosswalk",
    group: "Window",
    run: () => {
      backend.quit().catch(toastError);
    },
  });
  return PLACES.map((place, index) => (
    <GoTo key={place.id} place={place} number={index + 1} />
  ));
}

/** What the shell reports makes what was read stale. */
function ShellNews() {
  const client = useQueryClient();
  const go = useGo();
  useEffect(() => {
    const stale = (...commands: string[]) => {
      for (const command of commands) {
        void client.invalidateQueries({ queryKey: [command] });
      }
    };
    let silent = false;
    const tellSilent = (message: string | null) => {
      if (message !== null && !silent) {
        silent = true;
        client.setQueryData(NOTIFICATIONS_UNAVAILABLE, message);
        toast(message);
      }
    };
    const stops = [
      listen("health-changed", () => {
        stale(
          "overview",
          "overviewTotals",
          "listTenants",
          "listAccounts",
          "workspaceInfo",
          "account",
          "tenant",
          "credentials",
          "credential",
          "credentialHistory",
          "runs",
          "resources",
        );
      }),
      listen("alerts-changed", () => {
        stale("alerts", "overview", "overviewTotals");
      }),
      listen("mappings-changed", () => {
        stale(
          "mappingTable",
          "filterTable",
          "modelFilters",
          "overrideHistory",
          "fieldTotals",
          "unreadFields",
          "completions",
          "compareRecord",
          "rawPage",
          "pins",
          "checkPins",
          "tables",
          "tableRows",
          "tableHistory",
          "unmappedKeys",
        );
      }),
      listen("connectors-changed", () => {
        stale("listConnectors", "connector");
      }),
      listen("run-progress", (progress) => {
        if (progress.status !== "running") {
          stale("runs", "overview", "overviewTotals", "resources", "tenant");
        }
      }),
      listen("notifications-unavailable", ({ message }) => {
        tellSilent(message);
      }),
      listen("navigate", ({ to }) => {
        go(to);
      }),
    ];
    // What led here or was told before anybody listened: a link that started the program, a notification.
    backend.firstPlace().then((to) => {
      if (to !== null) {
        go(to);
      }
    }, toastError);
    backend.notificationsUnavailable().then(tellSilent, toastError);
    return () => {
      for (const stop of stops) {
        stop();
      }
    };
  }, [client, go]);
  return null;
}

/** The window: the rail, the screen, and what may lie over them. */
export function Root() {
  return (
    <TooltipProvider>
      <div className="flex h-full">
        <Rail />
        <div className="min-w-0 flex-1">
          <Outlet />
        </div>
      </div>
      <FrameCommands />
      <ShellNews />
      <CustomerCall />
      <Lock />
      <CloseAsk />
      <Palette />
      <Shortcuts />
      <Toasts />
      <Keys />
    </TooltipProvider>
  );
}
