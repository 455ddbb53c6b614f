import { Ellipsis, EyeOff, ListFilter, Pin, Plus } from "lucide-react";

import type { AccountView, ResourceRow } from "../../../backend";
import { Button } from "../../../components/Button";
import { Input } from "../../../components/Field";
import { Kbd } from "../../../components/Kbd";
import { Menu } from "../../../components/Menu";
import { Select } from "../../../components/Select";
import { Checkbox } from "../../../components/Toggles";
import { counted } from "../../../components/formats";
import type { Opened } from "./MappingDialogs";

/** Which fields are listed. */
export interface Shown {
  filter: string;
  overridden: boolean;
}

interface Props {
  account: AccountView;
  resources: readonly ResourceRow[];
  resource: ResourceRow;
  model: string;
  shown: Shown;
  /** What changed in the records, in a few words; null where nothing did. */
  drifted: string | null;
  /** The account of the same tenant that overrides can be promoted to. */
  twin: string | null;
  onResource: (resource: string) => void;
  onModel: (model: string) => void;
  onShow: (shown: Shown) => void;
  onOpen: (dialog: Opened) => void;
}

/**
 * The bar over the mapping: whose it is, which fields are listed, and what opens over it. Where it is narrow the count
 * goes first, then icons and keys.
 */
export function MappingBar({ account, resources, resource, model, shown, drifted, twin, ...props }: Props) {
  const { onOpen } = props;
  const { environment } = account;
  const changed = `Records changed: ${drifted ?? ""}`;
  return (
    <div className="@container h-10 shrink-0 border-b border-line bg-panel">
      <div className="flex h-full items-center gap-2 px-3">
        <Select
          label="Resource"
          className="shrink-0"
          value={resource.key}
          options={resources.map((each) => ({ value: each.key, label: each.label, detail: each.model ?? "" }))}
          onChange={props.onResource}
        />
        {resource.models.length > 1 && (
          <Select label="Model" value={model} options={resource.models.map((each) => ({ value: each, label: each }))} onChange={props.onModel} />
        )}
        <Input
          aria-label="Filter fields"
          placeholder="Filter fields"
          className="max-w-60 min-w-24 grow basis-24"
          value={shown.filter}
          onChange={(event) => props.onShow({ ...shown, filter: event.target.value })}
        />
        <Checkbox label="Overridden only" className="shrink-0" checked={shown.overridden} onChange={(overridden) => props.onShow({ ...shown, overridden })} />
        <span className={`hidden min-w-0 shrink-[99] truncate text-ink-3 ${drifted === null ? "@min-[960px]:inline" : "@min-[1140px]:inline"}`}>
          {counted(resource.stored, "stored record")}
        </span>
        {drifted !== null && (
          <button
            type="button"
            aria-label={changed}
            title={changed}
            className="max-w-56 shrink-0 truncate rounded-[5px] bg-warn-soft px-2 text-warn hover:underline @max-[900px]:shrink"
            onClick={() => onOpen("drift")}
          >
            {drifted}
          </button>
        )}
        <span className="ml-auto flex shrink-0 gap-2 @max-[900px]:[&_kbd]:hidden @max-[900px]:[&_svg]:hidden">
          <Button small command="Raw fields nothing reads" keys="U" icon={<EyeOff size={13} aria-hidden />} onClick={() => onOpen("unread")}>
            Unread <Kbd keys="U" />
          </Button>
          <Button small command="Add a field" keys="A" icon={<Plus size={13} aria-hidden />} onClick={() => onOpen("field")}>
            Field <Kbd keys="A" />
          </Button>
          <Button small command="What filters ask for" keys="F" icon={<ListFilter size={13} aria-hidden />} onClick={() => onOpen("filters")}>
            Filters <Kbd keys="F" />
          </Button>
          <Button small command="Pinned results" icon={<Pin size={13} aria-hidden />} onClick={() => onOpen("pins")}>
            Pins
          </Button>
          <Menu
            trigger={
              <Button small icon={<Ellipsis size={13} aria-hidden />}>
                Move
              </Button>
            }
            items={[
              { label: "Copy to other accounts…", command: `Copy the overrides of ${account.id} to other accounts`, run: () => onOpen({ copy: "accounts" }) },
              ...(environment === null ? [] : [{ label: `Promote to environment ${environment}…`, command: `Promote the overrides to environment ${environment}`, run: () => onOpen({ copy: "environment" }) }]),
              ...(twin === null ? [] : [{ label: `Promote to twin ${twin}…`, command: `Promote the overrides to twin ${twin}`, run: () => onOpen({ copy: "twin" }) }]),
              { label: "Compare with another account…", command: "Compare the mapping with another account", run: () => onOpen("compare") },
              { label: "What changed in the records…", run: () => onOpen("drift") },
              null,
              { label: "Export this account's overrides…", run: () => onOpen("bundle") },
              ...(environment === null ? [] : [{ label: "Export the environment's overrides…", run: () => onOpen("environmentBundle") }]),
              { label: "Import overrides…", run: () => onOpen("import") },
              { label: "Export as one JSONata document…", command: "Export the mapping as one JSONata document", run: () => onOpen("jsonata") },
            ]}
          />
        </span>
      </div>
    </div>
  );
}
