import type { ReactNode } from "react";
import { type Control, Controller, type FieldErrors } from "react-hook-form";

import { useAccounts, useTenants } from "../../app/queries";
import { Pressable } from "../../components/Button";
import { Choice } from "../../components/Choice";
import { Field, Input } from "../../components/Field";
import { Select } from "../../components/Select";
import type { AccountForm } from "./accountForm";

/** Whose account it is, of which kind, and what it is called. */
export function AccountPart({
  picker,
  control,
  errors,
  locked,
  onAddTenant,
}: {
  /** The choice of the connector, which stands first in the form. */
  picker: ReactNode;
  control: Control<AccountForm>;
  errors: FieldErrors<AccountForm>;
  locked: boolean;
  onAddTenant: () => void;
}) {
  const tenants = useTenants();
  const accounts = useAccounts();
  const tenantOptions = (tenants.data ?? [])
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((tenant) => ({ value: tenant.id, label: tenant.name }));
  const environments = [...new Set(accounts.data?.map((account) => account.environment) ?? [])].filter(
    (name) => name !== null,
  );
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        {picker}
        <Controller
          control={control}
          name="tenant"
          render={({ field }) => (
            <Field
              label="Tenant"
              error={errors.tenant?.message}
              aside={
                !locked && (
                  <Pressable
                    command="Add a tenant for this account"
                    className="text-[12px] text-accent hover:underline"
                    onClick={onAddTenant}
                  >
                    Add a tenant
                  </Pressable>
                )
              }
            >
              {(props) => (
                <Select
                  {...props}
                  value={field.value || null}
                  options={tenantOptions}
                  onChange={field.onChange}
                  disabled={locked}
                  className="w-full"
                />
              )}
            </Field>
          )}
        />
      </div>
      <Controller
        control={control}
        name="kind"
        render={({ field }) => (
          <Choice
            label="Instance"
            value={field.value}
            disabled={locked}
            onChange={field.onChange}
            options={[
              { value: "sandbox", label: "Sandbox", detail: "The customer's trial instance" },
              {
                value: "production",
                label: "Production",
                detail: "Live data: changes ask for a typed confirmation",
              },
            ]}
          />
        )}
      />
      <div className="grid grid-cols-2 gap-3">
        <Controller
          control={control}
          name="id"
          render={({ field }) => (
            <Field label="Account id" error={errors.id?.message} help="Names it in commands and links.">
              {(props) => (
                <Input {...props} {...field} disabled={locked} className="font-mono text-code" />
              )}
            </Field>
          )}
        />
        <Controller
          control={control}
          name="environment"
          render={({ field }) => (
            <Field
              label="Environment"
              optional
              help="Accounts of one environment share mapping changes."
            >
              {(props) => (
                <Input
                  {...props}
                  {...field}
                  disabled={locked}
                  list="environments"
                  placeholder="eu-live"
                />
              )}
            </Field>
          )}
        />
        <datalist id="environments">
          {environments.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
    </>
  );
}
