import { useAct } from "../../app/act";
import { useStored } from "../../app/place";
import { type TenantDetail, backend } from "../../backend";
import { Button } from "../../components/Button";
import { Field, Input, TextArea } from "../../components/Field";
import { ErrorState } from "../../components/States";
import { toast } from "../../components/Toasts";

interface Draft {
  name: string;
  region: string;
  contacts: string;
  notes: string;
}

function draftOf(tenant: TenantDetail): Draft {
  return {
    name: tenant.name,
    region: tenant.region ?? "",
    contacts: tenant.contacts,
    notes: tenant.notes,
  };
}

/** Name, region, contacts and notes; what is typed is kept as a draft until it is saved or discarded. */
export function TenantNotes({ tenant }: { tenant: TenantDetail }) {
  const saved = draftOf(tenant);
  const [draft, setDraft] = useStored<Draft | null>(`draft:tenant:${tenant.id}`, null);
  const shown = draft ?? saved;
  const dirty = draft !== null && JSON.stringify(draft) !== JSON.stringify(saved);
  const change = (part: Partial<Draft>) => {
    setDraft({ ...shown, ...part });
  };
  const write = (next: Draft) =>
    backend.updateTenant(tenant.id, {
      name: next.name.trim() || tenant.name,
      region: next.region.trim(),
      contacts: next.contacts,
      notes: next.notes,
    });
  const stale = ["tenant", "listTenants", "overview"];
  const back = useAct(write, { stale });
  const save = useAct(write, {
    stale,
    done: () => {
      setDraft(null);
      toast("Saved", {
        undo: () => back.ended(saved),
      });
    },
  });
  return (
    <section aria-labelledby="about" className="rounded-lg border border-line bg-panel p-4">
      <h2 id="about" className="font-semibold">
        About
      </h2>
      <form
        className="mt-2 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.run(shown);
        }}
      >
        {save.error && <ErrorState error={save.error} compact />}
        <div className="grid grid-cols-2 gap-3">
          <Field label="Name">
            {(control) => (
              <Input
                {...control}
                required
                value={shown.name}
                onChange={(event) => {
                  change({ name: event.target.value });
                }}
              />
            )}
          </Field>
          <Field label="Region" help="Where the customer's data must stay.">
            {(control) => (
              <Input
                {...control}
                value={shown.region}
                placeholder="EU"
                onChange={(event) => {
                  change({ region: event.target.value });
                }}
              />
            )}
          </Field>
        </div>
        <Field label="Contacts">
          {(control) => (
            <TextArea
              {...control}
              value={shown.contacts}
              placeholder="Who grants credentials, who accepts the data"
              onChange={(event) => {
                change({ contacts: event.target.value });
              }}
            />
          )}
        </Field>
        <Field label="Notes">
          {(control) => (
            <TextArea
              {...control}
              rows={5}
              value={shown.notes}
              placeholder="What the next engineer should know"
              onChange={(event) => {
                change({ notes: event.target.value });
              }}
            />
          )}
        </Field>
        {dirty && (
          <div className="flex items-center justify-end gap-2">
            <span className="mr-auto text-[12px] text-ink-3">Draft kept, not saved</span>
            <Button
              command={`Discard the draft about ${tenant.name}`}
              onClick={() => {
                setDraft(null);
              }}
            >
              Discard
            </Button>
            <Button type="submit" tone="primary" command={`Save what is known about ${tenant.name}`} busy={save.busy}>
              Save
            </Button>
          </div>
        )}
      </form>
    </section>
  );
}
