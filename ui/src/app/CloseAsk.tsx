import { useEffect, useState } from "react";

import { backend, listen } from "../backend";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { toastError } from "../components/Toasts";

/** Asks, the first time the window is closed, whether the program goes on in the tray. */
export function CloseAsk() {
  const [asked, setAsked] = useState(false);
  useEffect(
    () =>
      listen("close-asked", () => {
        setAsked(true);
      }),
    [],
  );
  const choose = async (choice: "tray" | "quit") => {
    setAsked(false);
    await backend.setCloseChoice(choice);
    await (choice === "tray" ? backend.hideWindow() : backend.quit());
  };
  return (
    <Dialog
      open={asked}
      onClose={() => {
        setAsked(false);
      }}
      title="Keep Crosswalk running?"
      description="In the tray it goes on renewing tokens and tells you when a credential falls due. The settings can change this later."
      footer={
        <>
          <Button
            onClick={() => {
              choose("quit").catch(toastError);
            }}
          >
            Quit
          </Button>
          <Button
            tone="primary"
            onClick={() => {
              choose("tray").catch(toastError);
            }}
          >
            Keep running in the tray
          </Button>
        </>
      }
    />
  );
}
