import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";

import { Offer } from "../keyboard/Offer";
import { Kbd } from "./Kbd";

export interface MenuItem {
  label: string;
  /** What the palette calls it, where the label alone does not say of what it is. */
  command?: string;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
}

/** Actions behind one button, each a command too; `null` in the list draws a line. */
export function Menu({
  trigger,
  items,
  ofRow = false,
}: {
  trigger: ReactElement;
  items: (MenuItem | null)[];
  /** The menu of one row of a list: the palette would have one of each for every row. */
  ofRow?: boolean;
}) {
  return (
    <Base.Root>
      {items.map(
        (item) =>
          item && !item.disabled && !ofRow && <Offer key={item.label} label={item.command ?? item.label.replace(/…$/, "")} run={item.run} />,
      )}
      <Base.Trigger render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50">
          <Base.Popup className="min-w-44 rounded-lg border border-line bg-panel p-1 shadow-pop outline-none">
            {items.map((item, index) =>
              item ? (
                <Base.Item
                  key={item.label}
                  disabled={item.disabled ?? false}
                  onClick={item.run}
                  className={`flex items-center gap-2 rounded-[5px] px-2 py-1 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-accent-soft ${item.danger ? "text-bad" : ""}`}
                >
                  {item.icon}
                  {item.label}
                  {item.keys && (
                    <span className="ml-auto pl-4">
                      <Kbd keys={item.keys} />
                    </span>
                  )}
                </Base.Item>
              ) : (
                <Base.Separator
                  key={`line-${String(index)}`}
                  className="mx-1 my-1 border-t border-line"
                />
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
