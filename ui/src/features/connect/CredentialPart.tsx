import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { type Control, Controller, type FieldErrors } from "react-hook-form";

import type { ConnectorForm } from "../../backend";
import { IconButton } from "../../components/Button";
import { Field, Input } from "../../components/Field";
import { Select } from "../../components/Select";
import { FormPart } from "./FormPart";
import type { AccountForm } from "./accountForm";

function SecretInput(props: ComponentProps<typeof Input>) {
  const [seen, setSeen] = useState(false);
  return (
    <div className="flex gap-1">
      <Input {...props} type={seen ? "text" : "password"} className="font-mono text-code" />
      <IconButton
        label={seen ? "Hide" : "Show"}
        icon={seen ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
        onClick={() => {
          setSeen(!seen);
        }}
      />
    </div>
  );
}

/** How the account signs in, and with what. */
export function CredentialPart({
  form,
  grant,
  control,
  errors,
  locked,
  onGrant,
}: {
  form: ConnectorForm;
  grant: string;
  control: Control<AccountForm>;
  errors: FieldErrors<AccountForm>;
  locked: boolean;
  onGrant: (grant: string) => void;
}) {
  const parts = form.grants.find((each) => each.grant === grant)?.credential ?? [];
  return (
    <FormPart title="Credential">
      {form.grants.length > 1 && (
        <Field label="Connect by">
          {(props) => (
            <Select
              {...props}
              value={grant}
              disabled={locked}
              options={form.grants.map((each) => ({ value: each.grant, label: each.label }))}
              onChange={onGrant}
              className="w-full"
            />
          )}
        </Field>
      )}
      {parts.map((part) => (
        <Controller
          key={part.key}
          control={control}
          name={`credential.${part.key}`}
          render={({ field }) => (
            <Field
              label={part.label}
              help={part.help}
              optional={!part.required}
              error={errors.credential?.[part.key]?.message}
            >
              {(props) =>
                part.secret ? (
                  <SecretInput {...props} {...field} />
                ) : (
                  <Input {...props} {...field} className="font-mono text-code" />
                )
              }
            </Field>
          )}
        />
      ))}
      <p className="text-[12px] text-ink-3">
        Secrets go to the vault of this workspace, encrypted, and nowhere else.
      </p>
    </FormPart>
  );
}
