import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Waypoints } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";

import { type AccountView, type ResourceRow, backend } from "../../../backend";
import { Button, Pressable } from "../../../components/Button";
import { EmptyState, ErrorState, Skeleton } from "../../../components/States";
import { useAccount, useMappingTable } from "../queries";
import { usePickedResource } from "../usePicked";
import { useReturnFocus } from "../useReturnFocus";
import { MappingBar, type Shown } from "./MappingBar";
import { MappingDialogs, type Opened } from "./MappingDialogs";
import { MappingTable } from "./MappingTable";
import { OverrideEditor } from "./OverrideEditor";
import { summaryOf } from "./driftWords";
import { type EditedField, editedField } from "./editedField";

const ALL: Shown = { filter: "", overridden: false };

/** The mapping tab: what maps each field of a model, and the editor of overrides. */
export function MappingScreen({ account }: { account: string }) {
  const { resources, picked, pick, place } = usePickedResource(account, "mapping");
  const view = useAccount(account);
  const client = useQueryClient();
  const { change } = place;
  const answered = useCallback(() => change("mapping", { field: null }), [change]);
  const error = resources.error ?? view.error;
  if (error) {
    return <ErrorState error={error} onRetry={() => void client.invalidateQueries()} />;
  }
  if (!resources.data || !view.data) {
    return <Skeleton className="p-4" lines={8} />;
  }
  const mapped = resources.data.filter((each) => each.models.length > 0);
  const resource = mapped.find((each) => each.key === picked?.key) ?? mapped[0];
  if (!resource) {
    return (
      <EmptyState
        icon={<Waypoints size={28} strokeWidth={1.6} aria-hidden />}
        title="Nothing of this connector is mapped to a model"
        action={
          <Button tone="primary" command="Explore the raw records" onClick={() => place.open("explore", {})}>
            Explore the raw records
          </Button>
        }
      />
    );
  }
  return (
    <Mapping
      key={resource.key}
      account={view.data}
      resources={mapped}
      resource={resource}
      asked={place.get("field")}
      onAnswered={answered}
      onResource={pick}
      onRecord={(key, record) => place.open("compare", { resource: key, record })}
    />
  );
}

interface Props {
  account: AccountView;
  resources: readonly ResourceRow[];
  resource: ResourceRow;
  /** The field that the address asks for: a search hit. It is asked for once. */
  asked: string | null;
  onAnswered: () => void;
  onResource: (resource: string) => void;
  onRecord: (resource: string, record: string) => void;
}

function Mapping({ account, resources, resource, asked, onAnswered, onResource, onRecord }: Props) {
  const [model, setModel] = useState(resource.model ?? resource.models[0] ?? "");
  const [shown, setShown] = useState<Shown>(ALL);
  const [editing, setEditing] = useState<{ field: EditedField; initial: string | null } | null>(null);
  const focus = useReturnFocus();
  const [open, setOpen] = useState<Opened>(null);
  const table = useMappingTable(account.id, model, resource.key);
  const coverage = useQuery({
    queryKey: ["fieldTotals", account.id, model, resource.key],
    queryFn: () => backend.fieldTotals(account.id, model, resource.key),
  });
  const sample = useQuery({
    queryKey: ["recordIds", account.id, resource.key, null, null],
    queryFn: () => backend.recordIds(account.id, resource.key, { after: null, before: null }),
  });
  const twin = useQuery({ queryKey: ["twin", account.id], queryFn: () => backend.twin(account.id) }); // An account without a twin answers an error: then there is nothing to promote to.
  const drifts = useQuery({ queryKey: ["drift", account.id], queryFn: () => backend.drift(account.id, null) });
  const drift = drifts.data?.find((each) => each.resource === resource.key);
  const totals = useMemo(() => new Map((coverage.data ?? []).map((total) => [total.field, total])), [coverage.data]);
  const rows = useMemo(() => {
    const text = shown.filter.trim().toLowerCase();
    return (table.data?.fields ?? []).filter(
      (row) =>
        `${row.field} ${row.expression ?? ""}`.toLowerCase().includes(text) &&
        (!shown.overridden || row.level === "account" || row.level === "environment"),
    );
  }, [table.data, shown]);

  const fields = table.data?.fields;
  useEffect(() => {
    const row = fields?.find((each) => each.field === asked);
    if (row) {
      setEditing({ field: editedField(row), initial: null });
      onAnswered();
    }
  }, [fields, asked, onAnswered]);

  // A field that another program wrote meanwhile is shown as it is now; what is typed is kept as a draft beside it.
  const inHand = fields?.find((each) => each.field === editing?.field.field);
  const edited = useMemo(() => (inHand ? editedField(inHand) : (editing?.field ?? null)), [inHand, editing]);

  const edit = (field: EditedField, initial: string | null = null) => {
    focus.keep();
    setEditing({ field, initial });
  };
  const stop = () => {
    setEditing(null);
    focus.giveBack('[role="grid"]');
  };

  if (table.error) {
    return <ErrorState error={table.error} onRetry={() => void table.refetch()} />;
  }
  return (
    <>
      <MappingBar
        account={account}
        resources={resources}
        resource={resource}
        model={model}
        shown={shown}
        drifted={summaryOf(drift)}
        twin={twin.data ?? null}
        onResource={onResource}
        onModel={setModel}
        onShow={setShown}
        onOpen={setOpen}
      />
      {table.data ? (
        <MappingTable
          label={`Mapping of ${table.data.label}`}
          rows={rows}
          totals={totals}
          selected={editing?.field.field ?? null}
          onOpen={(row) => edit(editedField(row))}
          empty={
            <p className="p-4 text-ink-2">
              No field is called so.{" "}
              <Pressable command="Show all fields" className="text-accent" onClick={() => setShown(ALL)}>
                Show all fields
              </Pressable>
            </p>
          }
        />
      ) : (
        <Skeleton className="flex-1 p-4" lines={8} />
      )}
      {editing && edited && (
        <div className="flex h-[48%] min-h-64 shrink-0 flex-col border-t border-line">
          <OverrideEditor
            key={`${editing.field.field}:${editing.initial ?? ""}`}
            account={account}
            model={model}
            resource={resource.key}
            field={edited}
            record={sample.data?.next ?? null}
            initial={editing.initial}
            onClose={stop}
            onSaved={stop}
            onOpenRecord={(record, of) => onRecord(of, record)}
          />
        </div>
      )}
      <MappingDialogs
        open={open}
        account={account}
        model={model}
        resource={resource}
        fields={table.data?.fields.map(editedField) ?? []}
        editing={editing?.field.field ?? null}
        twin={twin.data ?? null}
        drift={drift}
        onClose={() => setOpen(null)}
        onEdit={edit}
        onRecord={onRecord}
      />
    </>
  );
}
