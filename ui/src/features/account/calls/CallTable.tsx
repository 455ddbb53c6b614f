import { type ReactNode, useMemo } from "react";

import type { CallRow } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Bytes, Duration, Time } from "../../../components/Figures";
import { type Column, Table } from "../../../components/Table";
import { callTone } from "./callTone";

function columns(): Column<CallRow>[] {
  return [
    { key: "at", label: "When", width: "92px", cell: (row) => <Time at={row.at} className="text-ink-2" /> },
    {
      key: "status",
      label: "Status",
      width: "76px",
      cell: (row) => <Badge tone={callTone(row.status)}>{row.status ?? "no answer"}</Badge>,
    },
    {
      key: "endpoint",
      label: "Request",
      width: "minmax(220px,1fr)",
      cell: (row) => (
        <span className="truncate font-mono text-code" title={`${row.method} ${row.endpoint}`}>
          <span className="text-ink-3">{row.method}</span> {pathOf(row.endpoint)}
        </span>
      ),
    },
    {
      key: "records",
      label: "Records",
      width: "76px",
      align: "right",
      cell: (row) => (row.records === null ? <span className="text-ink-3">–</span> : row.records),
    },
    {
      key: "bytes",
      label: "Size",
      width: "76px",
      align: "right",
      cell: (row) => (row.bytes === null ? <span className="text-ink-3">–</span> : <Bytes value={row.bytes} />),
    },
    {
      key: "duration",
      label: "Took",
      width: "76px",
      align: "right",
      cell: (row) => (row.duration_ms === null ? <span className="text-ink-3">–</span> : <Duration ms={row.duration_ms} />),
    },
  ];
}

/** What differs from call to call; the host is the account's, and in the hint. */
function pathOf(endpoint: string): string {
  return endpoint.replace(/^https?:\/\/[^/?#]+(?=.)/, "");
}

/** Audited requests, newest first; 20,000 of them are as light as twenty. */
export function CallTable(props: {
  label: string;
  total: number;
  rowAt: (index: number) => CallRow | undefined;
  onRange: (first: number, last: number) => void;
  selected: number | null;
  onOpen: (seq: number) => void;
  empty: ReactNode;
}) {
  const shown = useMemo(columns, []);
  return (
    <Table
      label={props.label}
      columns={shown}
      rowKey={(row) => String(row.seq)}
      count={props.total}
      rowAt={props.rowAt}
      onRange={props.onRange}
      rowHeight={30}
      selected={props.selected === null ? null : String(props.selected)}
      onOpen={(row) => props.onOpen(row.seq)}
      empty={props.empty}
      className="flex-1"
    />
  );
}
