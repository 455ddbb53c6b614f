import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react";

import { type ComparedField, type RawRow, type ResourceRow, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Bytes, Time } from "../../../components/Figures";
import { Split } from "../../../components/Split";
import { ErrorState, Skeleton } from "../../../components/States";
import { toast, toastError } from "../../../components/Toasts";
import { count } from "../../../components/formats";
import { isTyping } from "../../../keyboard/chords";
import { useCommand } from "../../../keyboard/commands";
import { LevelChip } from "../LevelChip";
import { OverrideEditor } from "../mapping/OverrideEditor";
import { type EditedField, editedField, newCustomField } from "../mapping/editedField";
import { useAccount, useMappingTable } from "../queries";
import { FieldDetail } from "./FieldDetail";
import type { FieldLight } from "./FieldList";
import { MapToDialog } from "./MapToDialog";
import { PaneHead } from "./PaneHead";
import { RawMenu } from "./RawMenu";
import { RawPane } from "./RawPane";
import { RecordBar } from "./RecordBar";
import { MappingPane, UnifiedPane } from "./UnifiedPane";
import { fieldsReading, lineageOf } from "./links";
import { stepOf } from "./recordSteps";
import { countStatuses, statusWords } from "./statuses";
import { nextFailing, useComparison } from "./useComparison";
import { useRawDeeds } from "./useRawDeeds";

interface Props {
  account: string;
  resources: readonly ResourceRow[];
  resource: ResourceRow;
  record: string;
  /** The field the address asks for: a search hit, a problem of a run. */
  field: string | null;
  onResource: (resource: string) => void;
  onRecord: (record: string) => void;
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
  const client = useQueryClient();
  const view = useAccount(account);
  const [model, setModel] = useState(resource.model ?? resource.models[0] ?? null);
  const key = useMemo(() => ({ account, resource: resource.key, id: record }), [account, resource.key, record]);
  const { neighbours, comparison, totals } = useComparison(key, model);
  const table = useMappingTable(account, model, resource.key);
  const pins = useQuery({
    queryKey: ["pins", account, model],
    queryFn: () => backend.pins(account, model),
    enabled: model !== null,
  });

  const [active, setActive] = useState<string | null>(props.field);
  const [pointed, setPointed] = useState<string | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const [unreadAsked, setUnreadAsked] = useState(0);
  const [mapping, setMapping] = useState<RawRow | null>(null);
  const [editing, setEditing] = useState<{ field: EditedField; initial: string | null } | null>(null);
  const [about, setAbout] = useState<{ bytes: number | null; fetchedAt: string | null }>({ bytes: null, fetchedAt: null });
  const [fetching, setFetching] = useState(false);
  const deeds = useRawDeeds(key, model !== null ? setMapping : null);

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
  const pinned = pins.data?.some((pin) => pin.id === record && pin.resource === resource.key) ?? false;

  const editable = model !== null;
  const edit = useCallback(
    (name: string, initial: string | null = null) => {
      const field = edited.find((each) => each.field === name);
      if (field) {
        setEditing({ field, initial });
      }
    },
    [edited],
  );
  const toNextFailing = useCallback(
    (field: string) => {
      setActive(field);
      nextFailing(key, field, model).then((id) => {
        if (id === null || id === record) {
          toast(`No other record where ${field} fails`);
        } else {
          onRecord(id);
        }
        return undefined;
      }, toastError);
    },
    [key, model, record, onRecord],
  );
  const fetchIt = async () => {
    setFetching(true);
    try {
      await backend.fetchMissing(account, resource.key, record);
      await Promise.all(
        ["compareRecord", "rawPage"].map((name) =>
          client.invalidateQueries({ queryKey: [name, account, resource.key, record] }),
        ),
      );
    } catch (error) {
      toastError(error);
    }
    setFetching(false);
  };
  const pin = async () => {
    if (model === null) {
      return;
    }
    try {
      await (pinned
        ? backend.unpinRecord(account, model, resource.key, record)
        : backend.pinRecord(account, model, resource.key, record, null));
      await client.invalidateQueries({ queryKey: ["pins"] });
      toast(pinned ? `Record ${record} is no longer pinned` : `Pinned: later changes are checked against record ${record}`);
    } catch (error) {
      toastError(error);
    }
  };
  const step = (letter: "j" | "k") => {
    const next = stepOf(letter, neighbours.data);
    if (next !== null) {
      onRecord(next);
    }
  };

  const group = "This screen";
  useCommand({ id: "next-record", label: "Next record", group, keys: "J", run: () => step("j") });
  useCommand({ id: "previous-record", label: "Previous record", group, keys: "K", run: () => step("k") });
  useCommand({
    id: "next-unread",
    label: "Next unread raw field",
    group,
    keys: "U",
    run: () => setUnreadAsked((asked) => asked + 1),
  });
  useCommand(
    editable && shownField ? {
      id: "edit-mapping",
      label: `Edit the mapping of ${shownField.field}`,
      group,
      keys: "E",
      run: () => edit(shownField.field),
    } : null,
  );
  useCommand(
    shownField && {
      id: "next-failing",
      label: `Next record where ${shownField.field} fails`,
      group,
      keys: "N",
      run: () => toNextFailing(shownField.field),
    },
  );
  useCommand(
    model === null ? null : { id: "pin", label: pinned ? "Unpin this record" : "Pin this result", group, keys: "Shift+P", run: () => void pin() },
  );

  // Lists and trees keep plain keys to themselves; these few belong to the screen wherever the focus is.
  const keys = (event: KeyboardEvent) => {
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || event.defaultPrevented) {
      return;
    }
    if (letter === "j" || letter === "k") {
      step(letter);
    } else if (letter === "u") {
      setUnreadAsked((asked) => asked + 1);
    } else if (letter === "e" && shownField) {
      edit(shownField.field);
    } else if (letter === "n" && shownField) {
      toNextFailing(shownField.field);
    } else {
      return;
    }
    event.preventDefault();
  };

  const lists = {
    fields,
    lightOf,
    active,
    onActive: setActive,
    onPoint: setPointed,
  };
  const failure = comparison.error ?? neighbours.error;
  const missing = resource.models.length === 0;
  const unmapped = (
    <p className="p-4 text-ink-2">
      {resource.label} is not mapped to a model: there is only the raw record to see.
    </p>
  );
  const body = comparison.data ? null : failure ? (
    <ErrorState error={failure} onRetry={() => void comparison.refetch()} />
  ) : (
    <Skeleton className="p-3" lines={8} />
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
        totals={totals.data ?? []}
        pinned={pinned}
        onResource={props.onResource}
        onModel={setModel}
        onRecord={onRecord}
        onNextFailing={toNextFailing}
        onPin={() => void pin()}
      />
      <Split
                name="compare"
                className="flex-1"
                panes={[
                  {
                    id: "raw",
                    size: 38,
                    min: 220,
                    label: "raw record",
                    content: (
                      <>
                        <PaneHead
                          title="Raw"
                          detail={
                            <>
                              as received
                              {about.bytes !== null && (
                                <>
                                  {" · "}
                                  <Bytes value={about.bytes} />
                                </>
                              )}
                              {about.fetchedAt !== null && (
                                <>
                                  {" · "}
                                  <Time at={about.fetchedAt} />
                                </>
                              )}
                            </>
                          }
                        >
                          {comparison.data && comparison.data.unread > 0 && (
                            <button
                              type="button"
                              title="Go to the next one (U)"
                              onClick={() => setUnreadAsked((asked) => asked + 1)}
                            >
                              <Badge tone="read">
                                {comparison.data.unread_custom > 0
                                  ? `${count(comparison.data.unread_custom)} custom fields unread`
                                  : `${count(comparison.data.unread)} unread`}
                              </Badge>
                            </button>
                          )}
                        </PaneHead>
                        <RawPane
                          record={key}
                          lineage={lineage}
                          wanted={wanted}
                          revealed={deeds.revealed}
                          onPoint={setPath}
                          onDeed={deeds.carryOut}
                          unreadAsked={unreadAsked}
                          onLoaded={setAbout}
                        />
                      </>
                    ),
                  },
                  {
                    id: "mapping",
                    size: 32,
                    min: 200,
                    label: "mapping",
                    content: (
                      <>
                        <PaneHead title="Mapping" detail={model ?? ""} />
                        {missing ? unmapped : (body ?? <MappingPane {...lists} chip={(field) => <LevelChip level={field.level} />} onChoose={(field) => edit(field.field)} />)}
                      </>
                    ),
                  },
                  {
                    id: "unified",
                    size: 30,
                    min: 200,
                    label: "unified record",
                    content: (
                      <>
                        <PaneHead title="Unified" detail={table.data?.label ?? ""}>
                          {countStatuses(fields).map(({ status, count: number }) => (
                            <Badge key={status} tone={statusWords(status).tone}>
                              {number} {statusWords(status).label}
                            </Badge>
                          ))}
                        </PaneHead>
                        {missing ? unmapped : (body ?? <UnifiedPane {...lists} onChoose={(field) => setActive(field.field)} />)}
                      </>
                    ),
                  },
                ]}
              />
      <div className={`flex shrink-0 flex-col border-t border-line ${editing ? "h-[46%] min-h-64" : "h-[124px]"}`}>
        {editing && view.data && model !== null ? (
                <OverrideEditor
                  key={`${editing.field.field}:${editing.initial ?? ""}`}
                  account={view.data}
                  model={model}
                  resource={resource.key}
                  field={editing.field}
                  record={record}
                  initial={editing.initial}
                  onClose={() => setEditing(null)}
                  onSaved={() => setEditing(null)}
                  onOpenRecord={onRecord}
                />
              ) : (
                <FieldDetail
                  field={shownField}
                  total={totals.data?.find((total) => total.field === shownField?.field)}
                  fetching={fetching}
                  onEdit={editable ? () => shownField && edit(shownField.field) : null}
                  onFetch={() => void fetchIt()}
                  onNextFailing={toNextFailing}
                />
              )}
      </div>
      <RawMenu mappable={editable} open={deeds.menu} onClose={deeds.closeMenu} onDeed={(deed, row) => void deeds.carryOut(deed, row)} />
      <MapToDialog
        row={mapping}
        fields={edited}
        onClose={() => setMapping(null)}
        onMap={(field, expression) => {
          setMapping(null);
          setActive(field.field);
          setEditing({
            field: edited.find((each) => each.field === field.field) ?? newCustomField(field.field),
            initial: expression,
          });
        }}
      />
    </div>
  );
}
