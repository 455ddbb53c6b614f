import { useState } from "react";

import { type AccountView, type ResourceDrift, type ResourceRow, type UnreadRow, backend } from "../../../backend";
import { MapToDialog, kindOfJson } from "../compare/MapToDialog";
import { FiltersDialog } from "../filters/FiltersDialog";
import { ExportDialog, ImportDialog } from "./BundleDialog";
import { CompareDialog } from "./CompareDialog";
import { CopyDialog, type CopyWay } from "./CopyDialog";
import { DriftDialog } from "./DriftDialog";
import { NewFieldDialog } from "./NewFieldDialog";
import { PinsDialog } from "./PinsDialog";
import { UnreadDialog } from "./UnreadDialog";
import { type EditedField, scopeOf } from "./editedField";

/** What is open over the mapping. */
export type Opened =
  | "unread"
  | "import"
  | "bundle"
  | "environmentBundle"
  | "jsonata"
  | "pins"
  | "field"
  | "filters"
  | "compare"
  | "drift"
  | { copy: CopyWay }
  | null;

interface Props {
  open: Opened;
  account: AccountView;
  model: string;
  resource: ResourceRow;
  fields: readonly EditedField[];
  /** The field whose editor is open. */
  editing: string | null;
  twin: string | null;
  drift: ResourceDrift | undefined;
  onClose: () => void;
  /** A field, with an expression to begin with, is to be edited. */
  onEdit: (field: EditedField, expression: string | null) => void;
  onRecord: (resource: string, record: string) => void;
}

/** Everything that opens over the mapping, one at a time. */
export function MappingDialogs({ open, account, model, resource, fields, editing, twin, drift, onClose, onEdit, onRecord }: Props) {
  const [mapping, setMapping] = useState<UnreadRow | null>(null);
  return (
    <>
      {open === "field" && (
        <NewFieldDialog
          known={fields.map(({ field }) => field)}
          onClose={onClose}
          onAdd={(field) => {
            onClose();
            onEdit(field, null);
          }}
        />
      )}
      {open === "unread" && mapping === null && (
        <UnreadDialog account={account.id} model={model} resource={resource.key} onMap={setMapping} onClose={onClose} />
      )}
      <MapToDialog
        row={mapping && { ...mapping, preview: mapping.example ?? "", kind: kindOfJson(mapping.example ?? '"') }}
        fields={fields}
        onClose={() => setMapping(null)}
        onMap={(field, expression) => {
          setMapping(null);
          onClose();
          onEdit(field, expression);
        }}
      />
      {open === "filters" && <FiltersDialog account={account} model={model} resource={resource.key} onClose={onClose} />}
      {open === "pins" && <PinsDialog account={account.id} model={model} onOpen={onRecord} onClose={onClose} />}
      {open === "compare" && <CompareDialog account={account} twin={twin} onClose={onClose} />}
      {open === "drift" && <DriftDialog drift={drift} label={resource.label} onClose={onClose} />}
      {open === "import" && <ImportDialog account={account} onClose={onClose} />}
      {(open === "bundle" || open === "environmentBundle") && (
        <ExportDialog
          title="Overrides as YAML"
          description="In a stable order, made for git; notes are kept as comments."
          queryKey={["exportBundle", account.id, open]}
          load={() => {
            const level = open === "bundle" ? "account" : "environment";
            return backend.exportBundle(level, scopeOf(level, account));
          }}
          onClose={onClose}
        />
      )}
      {open === "jsonata" && (
        <ExportDialog
          title="Effective mapping as JSONata"
          description="Everything in force for this account in one document, to paste into another platform."
          queryKey={["exportJsonata", account.id, model, resource.key]}
          load={() => backend.exportJsonata(account.id, model, resource.key)}
          onClose={onClose}
        />
      )}
      {open !== null && typeof open === "object" && (
        <CopyDialog account={account} model={model} field={editing} way={open.copy} onClose={onClose} />
      )}
    </>
  );
}
