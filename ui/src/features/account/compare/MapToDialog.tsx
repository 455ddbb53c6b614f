import { useState } from "react";

import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Input } from "../../../components/Field";
import { LevelChip } from "../LevelChip";
import { type EditedField, holdsList, newField } from "../mapping/editedField";
import { suggestedField, targetsFor } from "../mapping/fieldName";
import { suggestedType } from "../mapping/fieldTypes";
import { mapChoices } from "../jsonata/spelling";
import { clampedStep } from "./recordSteps";

/** A raw place to map: of one record, or of many. */
export interface RawPlace {
  path: string;
  key: string;
  custom: boolean;
  /** Whether it holds others; a leaf does not. */
  expandable?: boolean;
  /** A leaf's value, JSON. */
  preview?: string;
  kind?: string;
}

/** What JSON text holds, as the raw tree calls it. */
export function kindOfJson(json: string): string {
  return json.startsWith('"') ? "string" : /^(true|false)/.test(json) ? "boolean" : "number";
}

interface Props {
  row: RawPlace | null;
  fields: readonly EditedField[];
  onClose: () => void;
  onMap: (field: EditedField, expression: string) => void;
}

const MOST = 60;

/** Chooses the unified field a raw place is mapped to; typing narrows, arrows and Enter choose. */
export function MapToDialog({ row, fields, onClose, onMap }: Props) {
  return row ? <Chooser key={row.path} row={row} fields={fields} onClose={onClose} onMap={onMap} /> : null;
}

function Chooser({ row, fields, onClose, onMap }: Props & { row: RawPlace }) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const bare = suggestedField(typed.trim() === "" ? row.key : typed);
  const custom = `custom_fields.${bare}`;
  const isKnown = (name: string) => fields.some((field) => field.field === name);
  const known = isKnown(custom);
  const found = targetsFor(
    row.key,
    typed,
    fields.map((field) => ({ ...field, label: field.field })),
  ).slice(0, MOST);
  const added = row.expandable
    ? []
    : [
        ...(isKnown(bare) ? [] : [newField(bare, suggestedType({ kind: row.kind ?? "string", preview: row.preview ?? "" }))]),
        ...(known ? [] : [newField(custom)]),
      ];
  const choices: EditedField[] = [...found, ...added];
  // A field of the customer's own goes first to a field of its own.
  if (row.custom && !known && typed.trim() === "" && !row.expandable) {
    choices.unshift(...choices.splice(-1));
  }
  const map = (field: EditedField | undefined) => {
    const choice = field && mapChoices(row.path, holdsList(field.type))[0];
    if (field && choice) {
      onMap(field, choice.expression);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Map ${row.key} to…`}
      description={<code className="font-mono text-code">{row.path}</code>}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={choices.length === 0} onClick={() => map(choices[active])}>
            Write the expression
          </Button>
        </>
      }
    >
      <Input
        aria-label="Unified field"
        role="combobox"
        aria-expanded
        aria-controls="map-to-fields"
        aria-activedescendant={choices.length > 0 ? `map-to-${active}` : undefined}
        placeholder="Find a field, or name a new one"
        autoFocus
        className="mt-2"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setActive((at) => clampedStep(at, step, choices.length));
          } else if (event.key === "Enter") {
            event.preventDefault();
            map(choices[active]);
          }
        }}
      />
      <div id="map-to-fields" role="listbox" aria-label="Unified fields" className="mt-2 max-h-64 overflow-auto">
        {choices.map((field, index) => (
          <div
            key={field.field}
            id={`map-to-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            ref={(element) => {
              if (index === active) {
                element?.scrollIntoView?.({ block: "nearest" });
              }
            }}
            className={`flex items-center gap-2 rounded-[5px] px-2 py-1 ${index === active ? "bg-accent-soft" : ""}`}
            onMouseEnter={() => setActive(index)}
            onClick={() => map(field)}
          >
            <span className="font-medium">{field.field}</span>
            <span className="min-w-0 flex-1 truncate font-mono text-code text-ink-3">
              {field.expression ?? (added.includes(field) ? "" : "not mapped")}
            </span>
            {added.includes(field) && (
              <Badge tone="read">{field.addedType === null ? "new custom field" : `new field, ${field.type}`}</Badge>
            )}
            <LevelChip level={field.level} />
          </div>
        ))}
      </div>
    </Dialog>
  );
}
