import { type ReactNode, useState } from "react";

import type { ComparedField, RawRow } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Bytes, Time } from "../../../components/Figures";
import { Kbd } from "../../../components/Kbd";
import { Split } from "../../../components/Split";
import { count, counted } from "../../../components/formats";
import { LevelChip } from "../LevelChip";
import type { FieldLight } from "./FieldList";
import { PaneHead } from "./PaneHead";
import { type RawDeed, RawPane } from "./RawPane";
import { MappingPane, UnifiedPane } from "./UnifiedPane";
import type { Lineage } from "./links";
import { countStatuses, statusWords } from "./statuses";
import type { RecordKey } from "./useRawTree";

interface Props {
  record: RecordKey;
  model: string | null;
  /** What the model is called. */
  modelLabel: string;
  fields: readonly ComparedField[];
  unread: { all: number; custom: number };
  /** In place of mapping and unified: why there is nothing to show, or that it is loading. */
  instead: ReactNode;
  lineage: Lineage | null;
  wanted: readonly string[] | null;
  lightOf: (field: ComparedField) => FieldLight;
  active: string | null;
  unreadAsked: number;
  revealed: ReadonlyMap<string, string>;
  onActive: (field: string) => void;
  onPointField: (field: string | null) => void;
  onPointRaw: (path: string | null) => void;
  onRawDeed: (deed: RawDeed, row: RawRow, anchor: HTMLElement | null) => void;
  onNextUnread: () => void;
  /** Whether there is a model to map a raw field to. */
  mappable: boolean;
  onEdit: (field: string) => void;
}

/** A record in three linked panes: as received, its mapping, and what that makes of it. */
export function ComparePanes(props: Props) {
  const { record, fields, instead, unread } = props;
  const [about, setAbout] = useState<{ bytes: number | null; fetchedAt: string | null }>({
    bytes: null,
    fetchedAt: null,
  });
  const lists = {
    fields,
    lightOf: props.lightOf,
    active: props.active,
    onActive: props.onActive,
    onPoint: props.onPointField,
  };
  const raw = (
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
        {unread.all > 0 && (
          <button type="button" title="Go to the next one (U)" onClick={props.onNextUnread}>
            <Badge tone="read">
              {unread.custom > 0 ? `${counted(unread.custom, "custom field")} unread` : `${count(unread.all)} unread`}
            </Badge>
          </button>
        )}
      </PaneHead>
      <RawPane
        record={record}
        lineage={props.lineage}
        wanted={props.wanted}
        revealed={props.revealed}
        onPoint={props.onPointRaw}
        onDeed={props.onRawDeed}
        unreadAsked={props.unreadAsked}
        onLoaded={setAbout}
      />
      <p className="flex h-6 shrink-0 items-center gap-1.5 overflow-hidden border-t border-line-2 px-3 text-micro whitespace-nowrap text-ink-3">
        <Kbd keys="U" /> next unread
        {props.mappable && (
          <>
            <Kbd keys="M" /> map to…
          </>
        )}
        <Kbd keys="Enter" /> more
      </p>
    </>
  );
  const mapping = (
    <>
      <PaneHead title="Mapping" detail={props.model ?? ""} />
      {instead ?? (
        <MappingPane
          {...lists}
          chip={(field) => <LevelChip level={field.level} />}
          onChoose={(field) => props.onEdit(field.field)}
        />
      )}
    </>
  );
  const unified = (
    <>
      <PaneHead title="Unified" detail={props.modelLabel}>
        {countStatuses(fields).map(({ status, count: number }) => (
          <Badge key={status} tone={statusWords(status).tone}>
            {number} {statusWords(status).label}
          </Badge>
        ))}
      </PaneHead>
      {instead ?? <UnifiedPane {...lists} onChoose={(field) => props.onActive(field.field)} />}
    </>
  );
  return (
    <Split
      name="compare"
      className="flex-1"
      panes={[
        { id: "raw", size: 38, min: 220, label: "raw record", content: raw },
        { id: "mapping", size: 32, min: 200, label: "mapping", content: mapping },
        { id: "unified", size: 30, min: 200, label: "unified record", content: unified },
      ]}
    />
  );
}
