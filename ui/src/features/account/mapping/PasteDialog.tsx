import { useState } from "react";

import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field, TextArea } from "../../../components/Field";
import { pastedRecord } from "./pastedRecord";

/** A record from the clipboard or a file, to try a draft on. It stays in the window and is never stored. */
export function PasteDialog({ initial, onUse, onClose }: { initial: string; onUse: (record: string) => void; onClose: () => void }) {
  const [text, setText] = useState(initial);
  const read = pastedRecord(text);
  const fault = text.trim() !== "" && "fault" in read ? read.fault : undefined;
  const use = () => {
    if ("record" in read) {
      onUse(read.record);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Try the draft on a pasted record"
      description="One raw record as JSON, as the provider sends it. It stays in this window and is not stored."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={!("record" in read)} onClick={use}>
            Use this record
          </Button>
        </>
      }
    >
      <form
        className="mt-3 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          use();
        }}
      >
        <Field label="Record" help="Of a list the first record is used." error={fault}>
          {(control) => (
            <TextArea
              {...control}
              autoFocus
              spellCheck={false}
              className="h-64 font-mono text-code"
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                  event.preventDefault();
                  use();
                }
              }}
            />
          )}
        </Field>
        <input
          type="file"
          accept=".json,application/json"
          aria-label="Record file"
          onChange={(event) => {
            void event.target.files?.[0]?.text().then(setText);
          }}
        />
      </form>
    </Dialog>
  );
}
