import { type ReactNode, useEffect, useRef } from "react";
import { Group, Panel, Separator, useGroupRef } from "react-resizable-panels";

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

/**
 * Panes beside (or, `vertical`, below) each other; their sizes are remembered under `name`, and apart for each `mode`
 * where a pane holds now this, now that.
 */
export function Split({
  name,
  mode,
  panes,
  vertical = false,
  className = "",
}: {
  name: string;
  mode?: string;
  panes: Pane[];
  vertical?: boolean;
  className?: string;
}) {
  const group = useGroupRef();
  const [sizes, setSizes] = useStored<Record<string, number>>(`panes:${name}${mode ? `:${mode}` : ""}`, {});
  const remembered = panes.every((pane) => typeof sizes[pane.id] === "number");
  const layout = remembered
    ? sizes
    : Object.fromEntries(panes.map((pane) => [pane.id, pane.size]));
  const shown = useRef(mode);
  useEffect(() => {
    if (shown.current !== mode) {
      shown.current = mode;
      group.current?.setLayout(layout);
    }
  });
  return (
    <Group
      id={name}
      groupRef={group}
      orientation={vertical ? "vertical" : "horizontal"}
      defaultLayout={layout}
      onLayoutChanged={(next, { isUserInteraction }) => {
        if (isUserInteraction) {
          setSizes(next);
        }
      }}
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
