import type { ConfigFieldView } from "../../backend";
import { Field, Input } from "../../components/Field";
import { Select } from "../../components/Select";
import { Checkbox } from "../../components/Toggles";

/** A setting of a connection, by the kind its connector gives it. */
export function SettingField({
  field,
  value,
  onChange,
  error,
}: {
  field: ConfigFieldView;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  if (field.kind === "boolean") {
    return (
      <Checkbox
        checked={value === "true"}
        label={field.label}
        detail={field.help ?? undefined}
        onChange={(checked) => {
          onChange(String(checked));
        }}
      />
    );
  }
  return (
    <Field label={field.label} help={field.help} error={error} optional={!field.required}>
      {(control) =>
        field.kind === "select" ? (
          <Select
            {...control}
            value={value || null}
            options={field.options}
            onChange={onChange}
            className="w-full"
          />
        ) : (
          <Input
            {...control}
            value={value}
            inputMode={field.kind === "integer" ? "numeric" : field.kind === "url" ? "url" : "text"}
            placeholder={field.placeholder ?? ""}
            onChange={(event) => {
              onChange(event.target.value);
            }}
          />
        )
      }
    </Field>
  );
}
