import type { ReactNode } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";

import { useStored } from "../app/place";

export interface Pane {
  id: string;
  /** Share of the whole in percent before it was ever dragged. */
  size: number;
  /** Smallest width or height in pixels. */
  min?: number;
  label?: string;
  content: ReactNode;
}

/** Panes beside (or, `vertical`, below) each other; their sizes are remembered under `name`. */
export function Split({
  name,
  panes,
  vertical = false,
  className = "",
}: {
  name: string;
  panes: Pane[];
  vertical?: boolean;
  className?: string;
}) {
  const [sizes, setSizes] = useStored<Record<string, number>>(`panes:${name}`, {});
  const remembered = panes.every((pane) => typeof sizes[pane.id] === "number");
  const layout = remembered
    ? sizes
    : Object.fromEntries(panes.map((pane) => [pane.id, pane.size]));
  return (
    <Group
      id={name}
      orientation={vertical ? "vertical" : "horizontal"}
      defaultLayout={layout}
      onLayoutChanged={setSizes}
      className={`min-h-0 ${className}`}
    >
      {panes.flatMap((pane, index) => [
        ...(index > 0
          ? [
              <Separator
                key={`${pane.id}-edge`}
                aria-label={`Resize ${pane.label ?? pane.id}`}
                className={`relative shrink-0 bg-line outline-none data-[separator=active]:bg-accent data-[separator=focus]:bg-accent data-[separator=hover]:bg-line-strong ${vertical ? "h-px" : "w-px"} focus-visible:bg-accent`}
              />,
            ]
          : []),
        <Panel
          key={pane.id}
          id={pane.id}
          minSize={pane.min ?? 160}
          className="flex min-h-0 min-w-0 flex-col"
        >
          {pane.content}
        </Panel>,
      ])}
    </Group>
  );
}
