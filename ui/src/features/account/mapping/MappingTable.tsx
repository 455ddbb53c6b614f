import { type ReactNode, useMemo } from "react";

import type { FieldTotal, MappingRow } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { CoverageBar, Time } from "../../../components/Figures";
import { type Column, Table } from "../../../components/Table";
import { count, percent } from "../../../components/formats";
import { LevelChip } from "../LevelChip";

interface Props {
  label: string;
  rows: MappingRow[];
  totals: ReadonlyMap<string, FieldTotal>;
  selected: string | null;
  onOpen: (row: MappingRow) => void;
  empty: ReactNode;
}

function Levels({ row }: { row: MappingRow }) {
  const under = row.levels.filter((entry) => entry.level !== row.level).map((entry) => entry.level);
  return row.levels.length === 0 ? (
    <span className="text-ink-3">not mapped</span>
  ) : (
    <span className="flex min-w-0 items-center gap-1.5">
      <LevelChip level={row.level} />
      {under.length > 0 && <span className="truncate text-micro text-ink-3">over {under.join(", ")}</span>}
    </span>
  );
}

function columnsOf(totals: ReadonlyMap<string, FieldTotal>): Column<MappingRow>[] {
  const share = (row: MappingRow) => {
    const total = totals.get(row.field);
    return total && total.of > 0 ? percent(total.filled, total.of) : -1;
  };
  return [
    {
      key: "field",
      label: "Field",
      width: "minmax(140px,1fr)",
      sort: (row) => row.field,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium" title={row.label}>
            {row.field}
          </span>
          {row.required && <span className="text-micro text-ink-3">required</span>}
          {row.added && <Badge>added</Badge>}
        </span>
      ),
    },
    { key: "type", label: "Type", width: "minmax(80px,150px)", sort: (row) => row.type, cell: (row) => <span className="truncate text-ink-2" title={row.type}>{row.type}</span> },
    {
      key: "expression",
      label: "Expression",
      width: "minmax(140px,2fr)",
      cell: (row) =>
        row.problem !== null ? (
          <span className="truncate text-bad" title={row.problem}>
            {row.problem}
          </span>
        ) : (
          <code className="truncate font-mono text-code text-ink-2" title={row.expression ?? ""}>
            {row.expression?.replaceAll(/\s+/g, " ") ?? "–"}
          </code>
        ),
    },
    { key: "level", label: "Levels", width: "minmax(100px,180px)", sort: (row) => row.level, cell: (row) => <Levels row={row} /> },
    {
      key: "coverage",
      label: "Coverage",
      width: "minmax(100px,140px)",
      sort: share,
      cell: (row) => {
        const total = totals.get(row.field);
        return total ? <CoverageBar filled={total.filled} of={total.of} /> : <span className="text-ink-3">…</span>;
      },
    },
    {
      key: "failing",
      label: "Failing",
      width: "72px",
      align: "right",
      descendingFirst: true,
      sort: (row) => totals.get(row.field)?.failing ?? 0,
      cell: (row) => {
        const failing = totals.get(row.field)?.failing ?? 0;
        return <span className={failing > 0 ? "text-bad" : "text-ink-3"}>{count(failing)}</span>;
      },
    },
    {
      key: "changed",
      label: "Last change",
      width: "minmax(100px,150px)",
      sort: (row) => row.changed_at,
      cell: (row) =>
        row.changed_at === null ? (
          <span className="text-ink-3" title="With the connector, unchanged">
            as shipped
          </span>
        ) : (
          <span className="truncate text-ink-2">
            <Time at={row.changed_at} /> {row.changed_by}
          </span>
        ),
    },
  ];
}

/** The fields of a model with what maps them, at which level, and how often they come out. */
export function MappingTable({ label, rows, totals, selected, onOpen, empty }: Props) {
  const columns = useMemo(() => columnsOf(totals), [totals]);
  return (
    <Table
      label={label}
      columns={columns}
      rowKey={(row) => row.field}
      rows={rows}
      rowHeight={32}
      selected={selected}
      onOpen={onOpen}
      empty={empty}
      className="flex-1"
    />
  );
}
