import { useEffect, useState } from "react";

import { backend, listen } from "../backend";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { toastError } from "../components/Toasts";

const WITH_TRAY =
  "In the tray it goes on renewing tokens and tells you when a credential falls due. The settings can change this later.";
const WITHOUT_TRAY =
  "This desktop shows no tray. Without a window Crosswalk goes on renewing tokens and tells you when a credential falls due; to see it again, start it once more.";

/**
 * Asks whether the program goes on when the window is closed: the first time, and each time where no icon would bring
 * the window back.
 */
export function CloseAsk() {
  const [asked, setAsked] = useState(false);
  const [tray, setTray] = useState(true);
  useEffect(
    () =>
      listen("close-asked", (event) => {
        setTray(event.tray);
        setAsked(true);
      }),
    [],
  );
  const choose = async (choice: "tray" | "quit") => {
    setAsked(false);
    // Without a tray the answer is for this time: another desktop may have one.
    if (tray) {
      await backend.setCloseChoice(choice);
    }
    await (choice === "tray" ? backend.hideWindow() : backend.quit());
  };
  return (
    <Dialog
      open={asked}
      onClose={() => {
        setAsked(false);
      }}
      title={tray ? "Keep Crosswalk running?" : "Close the window without a tray?"}
      description={tray ? WITH_TRAY : WITHOUT_TRAY}
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
            {tray ? "Keep running in the tray" : "Keep running without a window"}
          </Button>
        </>
      }
    />
  );
}
