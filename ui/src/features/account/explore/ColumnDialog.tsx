import { useState } from "react";

import type { ColumnView } from "../../../backend";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Input } from "../../../components/Field";
import { Checkbox } from "../../../components/Toggles";
import { percent } from "../../../components/formats";
import { MOST_COLUMNS, toggledColumn } from "./columnChoice";

const MOST_SHOWN = 60;

/** Chooses the columns of the table out of every path the stored records show. */
export function ColumnDialog({
  open,
  candidates,
  chosen,
  onChange,
  onClose,
}: {
  open: boolean;
  candidates: readonly ColumnView[];
  chosen: readonly string[];
  onChange: (columns: string[] | null) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState("");
  const text = typed.trim().toLowerCase();
  const found = candidates.filter((candidate) => candidate.path.toLowerCase().includes(text));
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Columns"
      description={`Up to ${MOST_COLUMNS}; each is decrypted once and kept in memory while the table is open.`}
      footer={
        <>
          <Button onClick={() => onChange(null)}>Suggested columns</Button>
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <Input aria-label="Find a column" placeholder="Find a column" className="my-2" value={typed} onChange={(event) => setTyped(event.target.value)} />
      <div className="flex max-h-72 flex-col gap-1 overflow-auto">
        {found.slice(0, MOST_SHOWN).map((candidate) => (
          <Checkbox
            key={candidate.path}
            label={
              <span className="font-mono text-code">
                {candidate.path}{" "}
                <span className="text-ink-3">{percent(candidate.filled, candidate.of)} % filled</span>
              </span>
            }
            checked={chosen.includes(candidate.path)}
            disabled={!chosen.includes(candidate.path) && chosen.length >= MOST_COLUMNS}
            onChange={() => onChange(toggledColumn(chosen, candidate.path))}
          />
        ))}
        {found.length > MOST_SHOWN && <p className="text-ink-3">{found.length - MOST_SHOWN} more: type to find them.</p>}
        {found.length === 0 && <p className="text-ink-3">No path has “{typed}” in it.</p>}
      </div>
    </Dialog>
  );
}
