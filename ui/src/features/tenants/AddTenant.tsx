import { zodResolver } from "@hookform/resolvers/zod";
import { Controller, useForm } from "react-hook-form";
import { z } from "zod";

import { useAct } from "../../app/act";
import { tenantHref, useGo } from "../../app/go";
import { backend } from "../../backend";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Field, Input } from "../../components/Field";
import { ErrorState } from "../../components/States";
import { idProblem, slugOf } from "./tenantIds";

const form = z.object({
  name: z.string().trim().min(1, "Give the customer's name."),
  id: z.string().superRefine((id, context) => {
    const problem = idProblem(id);
    if (problem) {
      context.addIssue({ code: "custom", message: problem });
    }
  }),
  region: z.string().trim(),
});

type Form = z.infer<typeof form>;

/**
 * Adds a customer: a name, an id made from it, and where its data must stay. Then opens it, or where the question came
 * up in another form, hands it back by `onAdded`.
 */
export function AddTenant({
  onClose,
  onAdded,
}: {
  onClose: () => void;
  onAdded?: (tenant: string) => void;
}) {
  const go = useGo();
  const { control, handleSubmit, setValue, formState } = useForm<Form>({
    resolver: zodResolver(form),
    defaultValues: { name: "", id: "", region: "" },
  });
  const add = useAct(
    (values: Form) => backend.addTenant(values.id, values.name, values.region || null),
    {
      stale: ["listTenants", "workspaceInfo"],
      done: (_tenant, values) => {
        onClose();
        if (onAdded) {
          onAdded(values.id);
        } else {
          go(tenantHref(values.id));
        }
      },
    },
  );
  const { errors, dirtyFields } = formState;
  const submit = handleSubmit((values) => {
    add.run(values);
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a tenant"
      description="A tenant is a customer whose systems you connect."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" command="Add the tenant" busy={add.busy} onClick={() => void submit()}>
            Add tenant
          </Button>
        </>
      }
    >
      <form className="mt-3 flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        {add.error && <ErrorState error={add.error} compact />}
        <Controller
          control={control}
          name="name"
          render={({ field }) => (
            <Field label="Name" error={errors.name?.message}>
              {(props) => (
                <Input
                  {...props}
                  {...field}
                  autoFocus
                  placeholder="Acme Ltd"
                  onChange={(event) => {
                    field.onChange(event);
                    if (!dirtyFields.id) {
                      setValue("id", slugOf(event.target.value), {
                        shouldValidate: formState.isSubmitted,
                      });
                    }
                  }}
                />
              )}
            </Field>
          )}
        />
        <Controller
          control={control}
          name="id"
          render={({ field }) => (
            <Field label="Id" help="Names it in commands and links." error={errors.id?.message}>
              {(props) => <Input {...props} {...field} className="font-mono text-code" />}
            </Field>
          )}
        />
        <Controller
          control={control}
          name="region"
          render={({ field }) => (
            <Field label="Region" optional help="Where its data must stay, such as EU or US.">
              {(props) => <Input {...props} {...field} />}
            </Field>
          )}
        />
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  );
}
