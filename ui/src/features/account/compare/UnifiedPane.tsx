import type { ReactNode } from "react";

import type { ComparedField } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { FieldList, type FieldLight } from "./FieldList";
import { JsonValue } from "./JsonValue";
import { statusWords } from "./statuses";

interface Props {
  fields: readonly ComparedField[];
  lightOf: (field: ComparedField) => FieldLight;
  active: string | null;
  onActive: (field: string) => void;
  onPoint: (field: string | null) => void;
  onChoose: (field: ComparedField) => void;
}

function place(field: ComparedField): string {
  return field.position ? `at ${field.position.line}:${field.position.column} ` : "";
}

/** The unified record: each field's value, or why there is none. */
export function UnifiedPane(props: Props) {
  return (
    <FieldList
      label="Unified record"
      fields={props.fields}
      nameOf={(field) => field.field}
      lightOf={props.lightOf}
      active={props.active}
      estimate={33}
      onActive={props.onActive}
      onPoint={props.onPoint}
      onChoose={props.onChoose}
      render={(field) => (
        <div className="flex min-h-8 items-center gap-3 py-1">
          <span className="w-28 shrink-0 truncate text-ink-2" title={field.field}>
            {field.field}
          </span>
          <span className="line-clamp-2 min-w-0 flex-1">
            {field.status === "error" && field.message !== null ? (
              <span className="font-mono text-code text-bad">
                {place(field)}
                {field.message}
              </span>
            ) : (
              <JsonValue json={field.value} />
            )}
          </span>
          {field.masked && <Badge>masked</Badge>}
          {field.status === "ok" ? (
            <span className="sr-only">ok</span>
          ) : (
            <Badge tone={statusWords(field.status).tone}>{statusWords(field.status).label}</Badge>
          )}
        </div>
      )}
    />
  );
}

/** The mapping in force: each field's expression and the level it comes from. */
export function MappingPane(props: Props & { chip: (field: ComparedField) => ReactNode }) {
  return (
    <FieldList
      label="Mapping"
      fields={props.fields}
      nameOf={(field) => field.field}
      lightOf={props.lightOf}
      active={props.active}
      estimate={49}
      onActive={props.onActive}
      onPoint={props.onPoint}
      onChoose={props.onChoose}
      render={(field) => (
        <div className="py-1.5">
          <div className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate font-medium">{field.field}</span>
            {props.chip(field)}
          </div>
          <pre className="line-clamp-4 font-mono text-code whitespace-pre-wrap text-ink-2">
            {field.expression ?? "not mapped"}
          </pre>
        </div>
      )}
    />
  );
}
