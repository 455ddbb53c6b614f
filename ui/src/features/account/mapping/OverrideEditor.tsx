import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";

import { type AccountView, BackendError, type OverrideVersion, backend } from "../../../backend";
import { useStored } from "../../../app/place";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { ConfirmDialog } from "../../../components/Dialog";
import { Input } from "../../../components/Field";
import { Kbd } from "../../../components/Kbd";
import { Menu } from "../../../components/Menu";
import { Select } from "../../../components/Select";
import { Split } from "../../../components/Split";
import { ErrorState } from "../../../components/States";
import { Tabs } from "../../../components/Tabs";
import { toast, toastError } from "../../../components/Toasts";
import { useCommand } from "../../../keyboard/commands";
import { JsonValue } from "../compare/JsonValue";
import { readsText } from "../compare/links";
import { statusWords } from "../compare/statuses";
import { ExpressionEditor } from "../jsonata/ExpressionEditor";
import type { Vocabulary } from "../jsonata/completion";
import { syntaxFault } from "../jsonata/reference";
import { HistoryPanel } from "./HistoryPanel";
import { ImpactPanel } from "./ImpactPanel";
import { PasteDialog } from "./PasteDialog";
import { TypePicker } from "./TypePicker";
import { type EditedField, fallsBackTo, hiddenLevels, resourceAt, scopeOf, writableLevels } from "./editedField";
import { chosenType, typeFault, typeName } from "./fieldTypes";
import { type DraftPlace, marksOf, useImpact, useLiveResult } from "./useDraft";

interface Props {
  account: Pick<AccountView, "id" | "environment">;
  model: string;
  resource: string;
  field: EditedField;
  /** The record whose result is shown live. */
  record: string | null;
  /** What to begin with instead of the expression in force: "Map to…" from a raw leaf. */
  initial: string | null;
  /** What is shown beside the expression to begin with. */
  tab?: "impact" | "history";
  onClose: () => void;
  onSaved: () => void;
  onOpenRecord: (id: string, resource: string) => void;
}

/** A draft that outlives the window until it is saved or thrown away. */
interface Draft {
  expression: string;
  level: string;
  /** The type of a field of the user's own; null leaves it to the model. */
  type: string | null;
}

function useVocabulary(account: string, model: string, resource: string, field: EditedField, type: string | null): Vocabulary | undefined {
  const completions = useQuery({
    queryKey: ["completions", account, model, resource],
    queryFn: () => backend.completions(account, model, resource),
  });
  return useMemo(
    () =>
      completions.data && {
        ...completions.data,
        enumValues:
          (type === null ? undefined : chosenType(type)?.words) ??
          completions.data.enums.find((each) => each.field === field.field)?.values ??
          field.enumValues,
      },
    [completions.data, field, type],
  );
}

/** The override editor: an expression with its live result, what it changes in all records, its note and its history. */
export function OverrideEditor(props: Props) {
  const { account, model, resource, field, record, onClose, onSaved } = props;
  const client = useQueryClient();
  const key = `draft:${account.id}:${model}:${resource}:${field.field}`;
  const inForce = field.expression ?? "";
  const [stored, setStored] = useStored<Draft | null>(key, null);
  const draft: Draft = {
    expression: props.initial ?? inForce,
    level: field.level === "environment" && account.environment ? "environment" : "account",
    type: field.addedType,
    ...stored,
  };
  // What was just chosen to be mapped comes before a draft that was left.
  useEffect(() => {
    if (props.initial !== null) {
      setStored({ ...draft, expression: props.initial });
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the editor opens
  }, []);
  const [note, setNote] = useState("");
  const [tab, setTab] = useState<string>(props.tab ?? "impact");
  const [sample, setSample] = useState<string | null>(null);
  const [pasting, setPasting] = useState(false);
  const [saving, setSaving] = useState(false);
  const [asking, setAsking] = useState<{ message: string; again: () => Promise<void> } | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const vocabulary = useVocabulary(account.id, model, resource, field, draft.type);
  const type = field.typed ? draft.type : null;

  const place: DraftPlace = {
    account: account.id,
    model,
    resource,
    field: field.field,
    level: draft.level,
    fieldType: type,
    record,
    sample,
  };
  const changed = draft.expression !== inForce || type !== field.addedType;
  const parses = syntaxFault(draft.expression) === null;
  const savable = parses && changed && typeFault(type) === null;
  const live = useLiveResult(place, draft.expression);
  const of = resourceAt(field.levels, draft.level, resource);
  const impact = useImpact({ ...place, resource: of }, parses && changed ? draft.expression : undefined);
  const result = live?.result ?? null;
  const marks = useMemo(
    () =>
      marksOf(
        draft.expression,
        live?.expression === draft.expression ? live.result : null,
        live?.expression === draft.expression ? live.lints : [],
      ),
    [draft.expression, live],
  );
  const scope = scopeOf(draft.level, account);
  const which = useMemo(
    () => ({ level: draft.level, scope, model, resource: of, field: field.field }),
    [draft.level, scope, model, of, field.field],
  );
  const words = result ? statusWords(result.status) : null;

  const close = () => {
    setStored(null);
    onClose();
    if (changed && stored) {
      toast(`The draft of ${field.field} is discarded`, { undo: () => setStored(stored) });
    }
  };
  const refresh = async () => {
    await Promise.all(
      ["mappingTable", "compareRecord", "overrideHistory", "fieldTotals", "rawPage", "completions", "unreadFields", "pins", "checkPins"].map(
        (name) => client.invalidateQueries({ queryKey: [name] }),
      ),
    );
  };
  const written = field.levels.some((each) => each.level === draft.level);
  const below = fallsBackTo(field.levels, draft.level) ?? "the model's level";
  const askOrTell = (error: unknown, again: () => Promise<void>, tell: (error: unknown) => void) => {
    if (error instanceof BackendError && error.code === "required_field_fails") {
      setAsking({ message: error.message, again });
    } else {
      tell(error);
    }
  };
  const takeBack = async ({ version }: OverrideVersion) => {
    await backend.undoOverride(which, version);
    await refresh();
  };
  const withdraw = async (force = false) => {
    setAsking(null);
    try {
      const version = await backend.unsetOverride(which, null, force);
      setStored(null);
      await refresh();
      toast(`${field.field} is inherited again (version ${version.version})`, { undo: () => takeBack(version) });
      onSaved();
    } catch (error) {
      askOrTell(error, () => withdraw(true), toastError);
    }
  };
  const save = async (force: boolean, expression: string | null = draft.expression) => {
    if ((!savable && expression !== null) || saving) {
      return;
    }
    setSaving(true);
    setFailure(null);
    setAsking(null);
    try {
      const saved = await backend.saveOverride(
        which,
        expression,
        type,
        note.trim() === "" ? null : note.trim(),
        force,
      );
      setStored(null);
      await refresh();
      toast(`Version ${saved.version} of ${field.field} is in force`, { undo: () => takeBack(saved) });
      onSaved();
    } catch (error) {
      askOrTell(error, () => save(true, expression), (other) =>
        setFailure(other instanceof Error ? other : new Error(String(other))),
      );
    }
    setSaving(false);
  };
  useCommand({
    id: "override-history",
    label: `History of ${field.field}`,
    group: "This screen",
    keys: "Mod+Shift+H",
    run: () => setTab((shown) => (shown === "history" ? "impact" : "history")),
  });
  // The expression has its own Escape, which first closes what is open over it.
  const onKeyDown = (event: KeyboardEvent) => {
    const inPopup = event.target instanceof Element && event.target.closest('[role="dialog"],[role="menu"],[role="listbox"]');
    if (event.key === "Escape" && !event.defaultPrevented && !inPopup) {
      event.preventDefault();
      close();
    }
  };

  const editor = (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape from any control in it
    <section aria-label={`Override of ${field.field}`} onKeyDown={onKeyDown} className="flex min-h-0 flex-1 flex-col gap-2 overflow-auto p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">{field.field}</h2>
        <Select
          label="Level"
          value={draft.level}
          options={writableLevels(account.environment).map((level) => ({
            value: level,
            label: level,
            detail: scopeOf(level, account),
          }))}
          onChange={(level) => setStored({ ...draft, level })}
        />
        {changed && <Badge tone="read">draft</Badge>}
        {of === null && <span className="text-ink-3">for every resource of this model</span>}
        {result && !result.wins && <Badge tone="warn">hidden by a narrower level</Badge>}
        <span className="ml-auto flex items-center gap-2">
          {written && (
            <Menu
              trigger={
                <Button small tone="ghost">
                  More
                </Button>
              }
              items={[
                { label: `Back to ${below}`, command: `${field.field}: back to ${below}`, run: () => void withdraw() },
                { label: "Remove the field here", command: `Remove ${field.field} here`, danger: true, run: () => void save(false, null) },
              ]}
            />
          )}
          <Button small tone="ghost" command={changed ? `Discard the draft of ${field.field}` : `Close the editor of ${field.field}`} onClick={close}>
            {changed ? "Discard" : "Close"} <Kbd keys="Escape" />
          </Button>
          <Button small tone="primary" command={`Save ${field.field}`} busy={saving} disabled={!savable} onClick={() => void save(false)}>
            Save version <Kbd keys="Mod+Enter" />
          </Button>
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {field.typed && <TypePicker value={draft.type} onChange={(chosen) => setStored({ ...draft, type: chosen })} />}
        <span className="ml-auto flex items-center gap-2 text-ink-3">
          {sample === null ? (record === null ? "no stored record" : `on record ${record}`) : "on the pasted record"}
          {sample !== null && (
            <Button small tone="ghost" command={record === null ? "Drop the pasted record" : `Back to record ${record}`} onClick={() => setSample(null)}>
              {record === null ? "Drop it" : `Back to ${record}`}
            </Button>
          )}
          <Button small tone="ghost" command={`Paste a record to try ${field.field} on`} onClick={() => setPasting(true)}>
            Paste a record…
          </Button>
        </span>
      </div>
      <ExpressionEditor
        label={`Expression of ${field.field}`}
        value={draft.expression}
        vocabulary={vocabulary}
        marks={marks}
        onChange={(expression) => setStored({ ...draft, expression })}
        onSubmit={() => void save(false)}
        onCancel={close}
      />
      <div className="flex flex-wrap items-center gap-2" aria-live="polite">
        <Badge tone={parses ? "ok" : "bad"}>{parses ? "compiles" : "does not compile"}</Badge>
        {words && parses && (
          <Badge tone={words.tone}>{result?.status === "ok" ? `fits ${type === null ? field.type : typeName(type)}` : words.label}</Badge>
        )}
        {parses && result && (
          <span className="min-w-0 truncate font-mono text-code text-ink-3">{readsText(result.reads)}</span>
        )}
      </div>
      {parses && result && (
        <div className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          <span className="text-ink-3">was</span>
          <JsonValue json={result.before} empty="no value" />
          <span className="text-ink-3">is</span>
          {result.status === "error" ? (
            <span className="font-mono text-code text-bad">{result.message}</span>
          ) : (
            <JsonValue json={result.value} empty={result.message ?? "no value"} />
          )}
        </div>
      )}
      {!parses && <p className="text-bad">{syntaxFault(draft.expression)?.message}</p>}
      {marks
        .filter((mark) => mark.fix)
        .map((mark) => (
          <div key={mark.message} className="flex items-center gap-2 rounded-md bg-warn-soft px-2 py-1">
            <span className="min-w-0 flex-1">{mark.message}</span>
            <Button small command={mark.fix?.title} onClick={() => setStored({ ...draft, expression: mark.fix?.expression ?? "" })}>
              {mark.fix?.title}
            </Button>
          </div>
        ))}
      {live?.error instanceof Error && <ErrorState compact error={live.error} />}
      {failure && <ErrorState compact error={failure} onRetry={() => void save(false)} />}
      <Input
        aria-label="Note on this version"
        placeholder="Note: why this change. Tab comes here from the expression, Enter saves"
        value={note}
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            void save(false);
          }
        }}
      />
      {hiddenLevels(field).map((level) => (
        <p key={level.level} className="truncate text-ink-3">
          {level.level} gives <code className="font-mono text-code">{level.expression ?? "no value"}</code>
        </p>
      ))}
      {pasting && (
        <PasteDialog
          initial={sample ?? ""}
          onClose={() => setPasting(false)}
          onUse={(pasted) => {
            setSample(pasted);
            setPasting(false);
          }}
        />
      )}
      <ConfirmDialog
        open={asking !== null}
        onClose={() => setAsking(null)}
        onConfirm={() => void asking?.again()}
        title="Save although a required field fails?"
        consequence={asking?.message ?? ""}
        confirmLabel="Save anyway"
      />
    </section>
  );

  return (
    <Split
      name="override"
      className="flex-1"
      panes={[
        { id: "editor", size: 55, min: 320, label: "override editor", content: editor },
        {
          id: "impact",
          size: 45,
          min: 240,
          label: "impact",
          content: (
            <Tabs
              label="Of this override"
              value={tab}
              onChange={setTab}
              tabs={[
                {
                  value: "impact",
                  label: "Impact",
                  content: (
                    <div className="flex h-full flex-col">
                      <ImpactPanel state={impact} onOpen={props.onOpenRecord} />
                    </div>
                  ),
                },
                {
                  value: "history",
                  label: (
                    <>
                      History <Kbd keys="Mod+Shift+H" />
                    </>
                  ),
                  content: (
                    <HistoryPanel
                      which={which}
                      resource={resource}
                      refresh={refresh}
                      onRestored={onSaved}
                    />
                  ),
                },
              ]}
            />
          ),
        },
      ]}
    />
  );
}
