import { useCallback, useEffect, useMemo, useState } from "react";

import type { ComparedField, RawRow, ResourceRow } from "../../../backend";
import { Split } from "../../../components/Split";
import { ErrorState, Skeleton } from "../../../components/States";
import { OverrideEditor } from "../mapping/OverrideEditor";
import { type EditedField, editedField } from "../mapping/editedField";
import { useAccount, useMappingTable } from "../queries";
import { useReturnFocus } from "../useReturnFocus";
import { ComparePanes } from "./ComparePanes";
import { FieldDetail, hasCopy } from "./FieldDetail";
import type { FieldLight } from "./FieldList";
import { MapToDialog } from "./MapToDialog";
import { RawMenu } from "./RawMenu";
import { RecordBar } from "./RecordBar";
import { WalkNote } from "./WalkNote";
import { fieldsReading, lineageOf } from "./links";
import { stepOf } from "./recordSteps";
import { useCompareKeys } from "./useCompareKeys";
import { useComparison } from "./useComparison";
import { useFieldTotals } from "./useFieldTotals";
import { useNextFailing } from "./useNextFailing";
import { useRawDeeds } from "./useRawDeeds";
import { useRecordDeeds } from "./useRecordDeeds";

interface Props {
  account: string;
  resources: readonly ResourceRow[];
  resource: ResourceRow;
  record: string;
  /** The field the address asks for: a search hit, a problem of a run. */
  field: string | null;
  onResource: (resource: string) => void;
  /** Shows another record, of the same resource unless another is named. */
  onRecord: (record: string, resource?: string) => void;
}

/** Pointing at a field opens and scrolls the raw tree; passing over several on the way must not. */
const POINT_MS = 120;

const NO_FIELDS: ComparedField[] = [];

function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** One record in three linked panes, and below them the chosen field or its override editor. */
export function Comparison(props: Props) {
  const { account, resource, record, onRecord } = props;
  const view = useAccount(account);
  const [model, setModel] = useState(resource.model ?? resource.models[0] ?? null);
  const key = useMemo(() => ({ account, resource: resource.key, id: record }), [account, resource.key, record]);
  const { neighbours, comparison } = useComparison(key, model);
  const totals = useFieldTotals(account, resource.key, model);
  const table = useMappingTable(account, model, resource.key);
  const failing = useNextFailing(key, model, onRecord);

  const [active, setActive] = useState<string | null>(props.field);
  const [pointed, setPointed] = useState<string | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const [unreadAsked, setUnreadAsked] = useState(0);
  const [mapping, setMapping] = useState<RawRow | null>(null);
  const [editing, setEditing] = useState<{ field: EditedField; initial: string | null; tab: "impact" | "history" } | null>(null);
  const focus = useReturnFocus();
  const mapFrom = useCallback(
    (row: RawRow) => {
      focus.keep();
      setMapping(row);
    },
    [focus],
  );
  const deeds = useRawDeeds(key, model !== null ? mapFrom : null);
  const whole = useRecordDeeds(key, model);

  const fields = comparison.data?.fields ?? NO_FIELDS;
  const chosenName = pointed ?? active;
  const chosen = fields.find((field) => field.field === chosenName) ?? null;
  const shownField = fields.find((field) => field.field === active) ?? chosen;
  const lineage = useMemo(() => (chosen ? lineageOf(chosen.reads) : null), [chosen]);
  const wantedName = useSettled(chosenName, pointed === null ? 0 : POINT_MS);
  const wanted = useMemo(
    () => fields.find((field) => field.field === wantedName)?.reads ?? null,
    [fields, wantedName],
  );
  const readers = useMemo(() => new Set(path === null ? [] : fieldsReading(fields, path)), [fields, path]);
  const lightOf = useCallback(
    (field: ComparedField): FieldLight =>
      field.field === chosenName ? "chosen" : readers.has(field.field) ? "lit" : "none",
    [chosenName, readers],
  );
  const edited = useMemo(() => (table.data?.fields ?? []).map(editedField), [table.data]);

  const edit = useCallback(
    (name: string, tab: "impact" | "history" = "impact") => {
      const field = edited.find((each) => each.field === name);
      if (field) {
        focus.keep();
        setEditing({ field, initial: null, tab });
      }
    },
    [edited, focus],
  );
  const stopEditing = () => {
    setEditing(null);
    focus.giveBack('[role="tree"]');
  };
  const toNextFailing = (field: string) => {
    setActive(field);
    void failing.find(field);
  };
  const nextUnread = () => setUnreadAsked((asked) => asked + 1);
  const keys = useCompareKeys({
    field: shownField?.field ?? null,
    step: (letter) => {
      const next = stepOf(letter, neighbours.data);
      if (next !== null) {
        onRecord(next);
      }
    },
    nextUnread,
    nextFailing: toNextFailing,
    edit: model === null ? null : edit,
    pin: model === null ? null : () => void whole.pin(),
    copyValue: shownField && hasCopy(shownField) ? () => void whole.copyValue(shownField) : null,
  });

  const failure = comparison.error ?? neighbours.error;
  const instead =
    resource.models.length === 0 ? (
      <p className="p-4 text-ink-2">
        {resource.label} is not mapped to a model: there is only the raw record to see.
      </p>
    ) : comparison.data ? null : failure ? (
      <ErrorState
        error={failure}
        onRetry={() => {
          void comparison.refetch();
          void neighbours.refetch();
        }}
      />
    ) : (
      <Skeleton className="p-3" lines={8} />
    );
  const note = failing.search ? (
    <WalkNote
      what={`Looking where ${failing.search.field} fails`}
      progress={failing.search.progress}
      onStop={failing.stop}
    />
  ) : (
    totals.progress && <WalkNote what="Evaluating all records" progress={totals.progress} onStop={totals.stop} />
  );

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- shortcuts of the screen, each a command too
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={keys}>
      <RecordBar
        resources={props.resources}
        resource={resource}
        model={model}
        record={record}
        place={neighbours.data}
        totals={totals.totals ?? []}
        note={note}
        pinned={whole.pinned}
        onCount={totals.again}
        onResource={props.onResource}
        onModel={setModel}
        onRecord={onRecord}
        onNextFailing={toNextFailing}
        onPin={() => void whole.pin()}
        onCopy={() => void whole.copy()}
      />
      <Split
        name="compare-below"
        mode={editing ? "editor" : "field"}
        vertical
        className="flex-1"
        panes={[
          {
            id: "panes",
            size: editing ? 54 : 82,
            min: 160,
            content: (
              <ComparePanes
                record={key}
                model={model}
                modelLabel={table.data?.label ?? ""}
                fields={fields}
                unread={{ all: comparison.data?.unread ?? 0, custom: comparison.data?.unread_custom ?? 0 }}
                instead={instead}
                lineage={lineage}
                wanted={wanted}
                lightOf={lightOf}
                active={active}
                unreadAsked={unreadAsked}
                revealed={deeds.revealed}
                onActive={setActive}
                onPointField={setPointed}
                onPointRaw={setPath}
                onRawDeed={deeds.carryOut}
                onNextUnread={nextUnread}
                mappable={model !== null}
                onEdit={edit}
              />
            ),
          },
          {
            id: "below",
            size: editing ? 46 : 18,
            min: 72,
            label: "the field below",
            content:
              editing && view.data && model !== null ? (
                <OverrideEditor
                  key={`${editing.field.field}:${editing.initial ?? ""}:${editing.tab}`}
                  account={view.data}
                  model={model}
                  resource={resource.key}
                  field={editing.field}
                  record={record}
                  initial={editing.initial}
                  tab={editing.tab}
                  onClose={stopEditing}
                  onSaved={stopEditing}
                  onOpenRecord={onRecord}
                />
              ) : (
                <FieldDetail
                  field={shownField}
                  total={totals.totals?.find((total) => total.field === shownField?.field)}
                  fetching={whole.fetching}
                  onEdit={model === null ? null : (tab) => shownField && edit(shownField.field, tab)}
                  onFetch={() => void whole.fetchIt()}
                  onNextFailing={toNextFailing}
                  onCopy={(field) => void whole.copyValue(field)}
                />
              ),
          },
        ]}
      />
      <RawMenu
        mappable={model !== null}
        revealed={deeds.revealed}
        open={deeds.menu}
        onClose={deeds.closeMenu}
        onDeed={(deed, row) => void deeds.carryOut(deed, row)}
      />
      <MapToDialog
        row={mapping}
        fields={edited}
        onClose={() => setMapping(null)}
        onMap={(field, expression) => {
          setMapping(null);
          setActive(field.field);
          setEditing({
            field: edited.find((each) => each.field === field.field) ?? field,
            initial: expression,
            tab: "impact",
          });
        }}
      />
    </div>
  );
}
