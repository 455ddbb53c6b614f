import { useState } from "react";

import { Input } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { Checkbox } from "../../../components/Toggles";
import { KINDS, chosenType, typeFault, typeText, wordsOf } from "./fieldTypes";

const ANY = { kind: "any", list: false, words: [] };

/** Chooses what a field the user adds holds. A type that cannot be chosen here (an object) is shown and left as it is. */
export function TypePicker({ value, onChange }: { value: string | null; onChange: (value: string) => void }) {
  const type = value === null ? ANY : chosenType(value);
  const [typed, setTyped] = useState(type?.words.join(", ") ?? "");
  if (type === null) {
    return (
      <span className="min-w-0 truncate text-ink-2" title="Change it with xwalk map set --type">
        holds <code className="font-mono text-code">{value}</code>
      </span>
    );
  }
  const fault = typeFault(value);
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      <Select
        label="Type of the field"
        value={type.kind}
        options={KINDS}
        onChange={(kind) => onChange(typeText({ ...type, kind, words: kind === "enum" ? wordsOf(typed) : [] }))}
      />
      <Checkbox label="a list of these" checked={type.list} onChange={(list) => onChange(typeText({ ...type, list }))} />
      {type.kind === "enum" && (
        <Input
          aria-label="Words of the enum"
          aria-invalid={fault === null ? undefined : true}
          placeholder="draft, approved, paid"
          title={fault ?? undefined}
          className="min-w-40 flex-1"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(typeText({ ...type, words: wordsOf(event.target.value) }));
          }}
        />
      )}
    </span>
  );
}
