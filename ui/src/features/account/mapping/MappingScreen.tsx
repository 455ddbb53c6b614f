import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, EyeOff, Pin, Plus, Waypoints } from "lucide-react";
import { useEffect, useMemo, useState } from "react";

import { type AccountView, type ResourceRow, type UnreadRow, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { Kbd } from "../../../components/Kbd";
import { Menu } from "../../../components/Menu";
import { Select } from "../../../components/Select";
import { EmptyState, ErrorState, Skeleton } from "../../../components/States";
import { Checkbox } from "../../../components/Toggles";
import { counted } from "../../../components/formats";
import { useCommand } from "../../../keyboard/commands";
import { MapToDialog, kindOfJson } from "../compare/MapToDialog";
import { useAccount, useMappingTable } from "../queries";
import { usePickedResource } from "../usePicked";
import { useReturnFocus } from "../useReturnFocus";
import { ExportDialog, ImportDialog } from "./BundleDialog";
import { CompareDialog } from "./CompareDialog";
import { CopyDialog, type CopyWay } from "./CopyDialog";
import { DriftDialog } from "./DriftDialog";
import { MappingTable } from "./MappingTable";
import { NewFieldDialog } from "./NewFieldDialog";
import { OverrideEditor } from "./OverrideEditor";
import { PinsDialog } from "./PinsDialog";
import { UnreadDialog } from "./UnreadDialog";
import { summaryOf } from "./driftWords";
import { type EditedField, editedField, scopeOf } from "./editedField";

type Open =
  | "unread"
  | "import"
  | "bundle"
  | "environmentBundle"
  | "jsonata"
  | "pins"
  | "field"
  | "compare"
  | "drift"
  | { copy: CopyWay }
  | null;

/** The mapping tab: what maps each field of a model, and the editor of overrides. */
export function MappingScreen({ account }: { account: string }) {
  const { resources, picked, pick, place } = usePickedResource(account, "mapping");
  const view = useAccount(account);
  const client = useQueryClient();
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
          <Button tone="primary" onClick={() => place.open("explore", {})}>
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
      onResource={pick}
      onRecord={(key, record) => place.open("compare", { resource: key, record })}
    />
  );
}

interface Props {
  account: AccountView;
  resources: readonly ResourceRow[];
  resource: ResourceRow;
  asked: string | null;
  onResource: (resource: string) => void;
  onRecord: (resource: string, record: string) => void;
}

function Mapping({ account, resources, resource, asked, onResource, onRecord }: Props) {
  const [model, setModel] = useState(resource.model ?? resource.models[0] ?? "");
  const [filter, setFilter] = useState("");
  const [overridden, setOverridden] = useState(false);
  const [editing, setEditing] = useState<{ field: EditedField; initial: string | null } | null>(null);
  const [mapping, setMapping] = useState<UnreadRow | null>(null);
  const focus = useReturnFocus();
  const [open, setOpen] = useState<Open>(null);
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
  const drifted = summaryOf(drift);
  const totals = useMemo(() => new Map((coverage.data ?? []).map((total) => [total.field, total])), [coverage.data]);
  const rows = useMemo(() => {
    const text = filter.trim().toLowerCase();
    return (table.data?.fields ?? []).filter(
      (row) =>
        `${row.field} ${row.expression ?? ""}`.toLowerCase().includes(text) &&
        (!overridden || row.level === "account" || row.level === "environment"),
    );
  }, [table.data, filter, overridden]);

  const fields = table.data?.fields;
  useEffect(() => {
    const row = fields?.find((each) => each.field === asked);
    if (row) {
      setEditing((old) => old ?? { field: editedField(row), initial: null });
    }
  }, [fields, asked]);

  const edit = (field: EditedField, initial: string | null = null) => {
    focus.keep();
    setEditing({ field, initial });
  };
  const stop = () => {
    setEditing(null);
    focus.giveBack('[role="grid"]');
  };
  const group = "This screen";
  useCommand({ id: "unread-fields", label: "Raw fields nothing reads", group, keys: "U", run: () => setOpen("unread") });
  useCommand({ id: "add-field", label: "Add a field", group, keys: "A", run: () => setOpen("field") });

  if (table.error) {
    return <ErrorState error={table.error} onRetry={() => void table.refetch()} />;
  }
  const close = () => setOpen(null);
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-3">
        <Select
          label="Resource"
          className="shrink-0"
          value={resource.key}
          options={resources.map((each) => ({ value: each.key, label: each.label, detail: each.model ?? "" }))}
          onChange={onResource}
        />
        {resource.models.length > 1 && (
          <Select label="Model" value={model} options={resource.models.map((each) => ({ value: each, label: each }))} onChange={setModel} />
        )}
        <Input aria-label="Filter fields" placeholder="Filter fields" className="max-w-60 min-w-24 shrink" value={filter} onChange={(event) => setFilter(event.target.value)} />
        <Checkbox label="Overridden only" className="shrink-0" checked={overridden} onChange={setOverridden} />
        <span className="min-w-0 truncate text-ink-3">{counted(resource.stored, "stored record")}</span>
        {drifted !== null && (
          <button type="button" className="min-w-0 truncate rounded-[5px] bg-warn-soft px-2 text-warn hover:underline" onClick={() => setOpen("drift")}>
            Records changed: {drifted}
          </button>
        )}
        <span className="ml-auto flex shrink-0 gap-2">
          <Button small icon={<EyeOff size={13} aria-hidden />} onClick={() => setOpen("unread")}>
            Unread <Kbd keys="U" />
          </Button>
          <Button small icon={<Plus size={13} aria-hidden />} onClick={() => setOpen("field")}>
            Field <Kbd keys="A" />
          </Button>
          <Button small icon={<Pin size={13} aria-hidden />} onClick={() => setOpen("pins")}>
            Pins
          </Button>
          <Menu
            trigger={
              <Button small icon={<Ellipsis size={13} aria-hidden />}>
                Move
              </Button>
            }
            items={[
              { label: "Copy to other accounts…", run: () => setOpen({ copy: "accounts" }) },
              ...(account.environment === null ? [] : [{ label: `Promote to environment ${account.environment}…`, run: () => setOpen({ copy: "environment" }) }]),
              ...(twin.data ? [{ label: `Promote to twin ${twin.data}…`, run: () => setOpen({ copy: "twin" }) }] : []),
              { label: "Compare with another account…", run: () => setOpen("compare") },
              { label: "What changed in the records…", run: () => setOpen("drift") },
              null,
              { label: "Export this account's overrides…", run: () => setOpen("bundle") },
              ...(account.environment === null ? [] : [{ label: "Export the environment's overrides…", run: () => setOpen("environmentBundle") }]),
              { label: "Import overrides…", run: () => setOpen("import") },
              { label: "Export as one JSONata document…", run: () => setOpen("jsonata") },
            ]}
          />
        </span>
      </div>
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
              <button
                type="button"
                className="text-accent"
                onClick={() => {
                  setFilter("");
                  setOverridden(false);
                }}
              >
                Show all fields
              </button>
            </p>
          }
        />
      ) : (
        <Skeleton className="flex-1 p-4" lines={8} />
      )}
      {editing && (
        <div className="flex h-[48%] min-h-64 shrink-0 flex-col border-t border-line">
          <OverrideEditor
            key={`${editing.field.field}:${editing.initial ?? ""}`}
            account={account}
            model={model}
            resource={resource.key}
            field={editing.field}
            record={sample.data?.next ?? null}
            initial={editing.initial}
            onClose={stop}
            onSaved={stop}
            onOpenRecord={(record) => onRecord(resource.key, record)}
          />
        </div>
      )}
      {open === "field" && (
        <NewFieldDialog
          known={table.data?.fields.map((row) => row.field) ?? []}
          onClose={close}
          onAdd={(field) => {
            close();
            edit(field);
          }}
        />
      )}
      {open === "unread" && mapping === null && (
        <UnreadDialog account={account.id} model={model} resource={resource.key} onMap={setMapping} onClose={close} />
      )}
      <MapToDialog
        row={mapping && { ...mapping, preview: mapping.example ?? "", kind: kindOfJson(mapping.example ?? '"') }}
        fields={table.data?.fields.map(editedField) ?? []}
        onClose={() => setMapping(null)}
        onMap={(field, expression) => {
          setMapping(null);
          close();
          edit(field, expression);
        }}
      />
      {open === "pins" && <PinsDialog account={account.id} model={model} onOpen={onRecord} onClose={close} />}
      {open === "compare" && <CompareDialog account={account} twin={twin.data ?? null} onClose={close} />}
      {open === "drift" && <DriftDialog drift={drift} label={resource.label} onClose={close} />}
      {open === "import" && <ImportDialog account={account} onClose={close} />}
      {(open === "bundle" || open === "environmentBundle") && (
        <ExportDialog
          title="Overrides as YAML"
          description="In a stable order, made for git; notes are kept as comments."
          queryKey={["exportBundle", account.id, open]}
          load={() => {
            const level = open === "bundle" ? "account" : "environment";
            return backend.exportBundle(level, scopeOf(level, account));
          }}
          onClose={close}
        />
      )}
      {open === "jsonata" && (
        <ExportDialog
          title="Effective mapping as JSONata"
          description="Everything in force for this account in one document, to paste into another platform."
          queryKey={["exportJsonata", account.id, model, resource.key]}
          load={() => backend.exportJsonata(account.id, model, resource.key)}
          onClose={close}
        />
      )}
      {open !== null && typeof open === "object" && (
        <CopyDialog account={account} model={model} field={editing?.field.field ?? null} way={open.copy} onClose={close} />
      )}
    </>
  );
}
