import { ChevronDown, ChevronUp, ClipboardCopy } from "lucide-react";
import type { ReactNode } from "react";

import type { FieldTotal, ResourceRow } from "../../../backend";
import { Button, IconButton } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";
import { Kbd } from "../../../components/Kbd";
import { Menu } from "../../../components/Menu";
import { Select } from "../../../components/Select";
import { count } from "../../../components/formats";
import { ResourcePicker } from "../ResourcePicker";
import { type RecordPlace, placeText } from "./recordSteps";

interface Props {
  resources: readonly ResourceRow[];
  resource: ResourceRow;
  model: string | null;
  record: string;
  place: RecordPlace | undefined;
  totals: readonly FieldTotal[];
  /** What goes on over all records. */
  note: ReactNode;
  pinned: boolean;
  /** Counts the fields over all records; null while that goes on or is done. */
  onCount: (() => void) | null;
  onResource: (resource: string) => void;
  onModel: (model: string) => void;
  onRecord: (record: string) => void;
  onNextFailing: (field: string) => void;
  onPin: () => void;
  onCopy: () => void;
}

/** Which record is open and the ways to another one. */
export function RecordBar(props: Props) {
  const { resource, place } = props;
  const failing = props.totals.filter((total) => total.failing > 0).toSorted((a, b) => b.failing - a.failing);
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-panel px-3">
      <ResourcePicker resources={props.resources} value={resource.key} onChange={props.onResource} />
      {resource.models.length > 1 && props.model !== null && (
        <Select
          label="Model"
          value={props.model}
          options={resource.models.map((model) => ({ value: model, label: model }))}
          onChange={props.onModel}
        />
      )}
      <span className="ml-2 text-ink-2">
        record <code className="font-mono text-code text-ink">{props.record}</code>
      </span>
      <CopyButton label="Copy the record's id" command="Copy the record's id" value={props.record} />
      <span className="text-ink-3 tabular-nums" aria-live="polite">
        {placeText(place)}
      </span>
      <IconButton
        label="Previous record"
        command="Previous record"
        keys="K"
        icon={<ChevronUp size={15} aria-hidden />}
        disabled={!place?.previous}
        onClick={() => place?.previous && props.onRecord(place.previous)}
      />
      <IconButton
        label="Next record"
        command="Next record"
        keys="J"
        icon={<ChevronDown size={15} aria-hidden />}
        disabled={!place?.next}
        onClick={() => place?.next && props.onRecord(place.next)}
      />
      <IconButton
        label="Copy the whole raw record"
        command="Copy the whole raw record"
        icon={<ClipboardCopy size={14} aria-hidden />}
        onClick={props.onCopy}
      />
      <span className="ml-auto flex min-w-0 items-center gap-2">
        {props.note}
        {props.onCount && (
          <Button small tone="ghost" command="Count failing fields" onClick={props.onCount}>
            Count failing fields
          </Button>
        )}
        {failing.length > 0 && (
          <Menu
            trigger={
              <Button small className="border-bad/40 bg-bad-soft text-bad">
                Next failing
              </Button>
            }
            items={failing.slice(0, 20).map((total) => ({
              label: `${total.field}: ${count(total.failing)} of ${count(total.of)}`,
              command: `Next record where ${total.field} fails`,
              run: () => props.onNextFailing(total.field),
            }))}
          />
        )}
        {props.model !== null && (
          <Button
            small
            tone="ghost"
            command={props.pinned ? "Unpin this record" : "Pin this result"}
            keys="Shift+P"
            onClick={props.onPin}
          >
            {props.pinned ? "Unpin" : "Pin this result"} <Kbd keys="Shift+P" />
          </Button>
        )}
      </span>
    </div>
  );
}
