import { Menu as Base } from "@base-ui/react/menu";

import type { RawRow } from "../../../backend";
import { Kbd } from "../../../components/Kbd";
import type { RawDeed } from "./RawPane";

interface Item {
  deed: Exclude<RawDeed, "menu">;
  label: string;
  keys: string;
}

/** What can be done with a raw place. Only leaves have a value to copy and to map. */
export function deedsFor(
  row: Pick<RawRow, "expandable" | "masked">,
  mappable: boolean,
  revealed: boolean,
): Item[] {
  const items: Item[] = mappable ? [{ deed: "map", label: "Map to…", keys: "M" }] : [];
  if (!row.expandable) {
    items.push({
      deed: "copyValue",
      label: row.masked && !revealed ? "Copy masked value" : "Copy value",
      keys: "C",
    });
  }
  items.push({ deed: "copyPath", label: "Copy path", keys: "P" });
  if (row.masked && !revealed) {
    items.push({ deed: "reveal", label: "Reveal value (audited)", keys: "R" });
  }
  return items;
}

/** The menu of one raw row, beside it. */
export function RawMenu({
  mappable,
  revealed,
  open,
  onClose,
  onDeed,
}: {
  mappable: boolean;
  /** Values behind their masks that were asked for, by path. */
  revealed: ReadonlyMap<string, string>;
  open: { row: RawRow; anchor: HTMLElement | null } | null;
  onClose: () => void;
  onDeed: (deed: RawDeed, row: RawRow) => void;
}) {
  return (
    <Base.Root
      open={open !== null}
      onOpenChange={(now) => {
        if (!now) {
          onClose();
        }
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={open?.anchor ?? null} side="bottom" align="start" sideOffset={2} className="z-50">
          <Base.Popup
            aria-label={open ? `Raw field ${open.row.key}` : "Raw field"}
            className="min-w-52 rounded-lg border border-line bg-panel p-1 shadow-pop outline-none"
          >
            {open &&
              deedsFor(open.row, mappable, revealed.has(open.row.path)).map((item) => (
                <Base.Item
                  key={item.deed}
                  onClick={() => onDeed(item.deed, open.row)}
                  className="flex items-center gap-2 rounded-[5px] px-2 py-1 outline-none select-none data-highlighted:bg-accent-soft"
                >
                  {item.label}
                  <span className="ml-auto pl-4">
                    <Kbd keys={item.keys} />
                  </span>
                </Base.Item>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
