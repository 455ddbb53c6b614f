import { useState } from "react";

import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field, Input } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { TypePicker } from "./TypePicker";
import { type EditedField, newField } from "./editedField";
import { suggestedField } from "./fieldName";
import { typeFault } from "./fieldTypes";

const TEXT = JSON.stringify("string");

const PLACES = [
  { value: "custom", label: "among the custom fields", detail: "custom_fields.NAME" },
  { value: "model", label: "in the model itself", detail: "NAME" },
];

interface Props {
  known: readonly string[];
  onAdd: (field: EditedField) => void;
  onClose: () => void;
}

/** Names a unified field of this customer's own and says where it stands and what it holds. */
export function NewFieldDialog({ known, onAdd, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState("custom");
  const [type, setType] = useState<string | null>(null);
  const bare = typed.trim() === "" ? "" : suggestedField(typed);
  const name = bare === "" || place === "model" ? bare : `custom_fields.${bare}`;
  // The model has to know what a field of its own holds; a custom field may hold anything.
  const chosen = type ?? (place === "model" ? TEXT : null);
  const taken = known.includes(name);
  const fault = typeFault(chosen);
  const ready = name !== "" && !taken && fault === null;
  const add = () => {
    if (ready) {
      onAdd(newField(name, chosen));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a field"
      description="A unified field of this customer's own; it is written with its first expression."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={!ready} onClick={add}>
            Write its expression
          </Button>
        </>
      }
    >
      <div className="mt-3 flex flex-col gap-3">
        <Field label="Name" help={name === "" ? "Lower case with underscores." : name} error={taken ? "There is a field of this name." : undefined}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter") {
                  event.preventDefault();
                  add();
                }
              }}
            />
          )}
        </Field>
        <Field label="Where it stands">
          {(control) => <Select {...control} value={place} options={PLACES} onChange={setPlace} />}
        </Field>
        <div className="flex flex-col gap-1" role="group" aria-label="What it holds">
          <span className="font-medium">What it holds</span>
          <TypePicker value={chosen} onChange={setType} />
          {fault !== null && <p className="text-[12px]/[17px] text-bad">{fault}</p>}
        </div>
      </div>
    </Dialog>
  );
}
