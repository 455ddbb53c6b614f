import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { type UnreadRow, backend } from "../../../backend";
import { Badge } from "../../../components/Badge";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Input } from "../../../components/Field";
import { CoverageBar } from "../../../components/Figures";
import { Kbd } from "../../../components/Kbd";
import { ErrorState, Skeleton } from "../../../components/States";
import { type Column, Table } from "../../../components/Table";
import { Checkbox } from "../../../components/Toggles";
import { count, counted } from "../../../components/formats";

interface Props {
  account: string;
  model: string;
  resource: string;
  onMap: (row: UnreadRow) => void;
  onClose: () => void;
}

function columnsOf(records: number): Column<UnreadRow>[] {
  return [
    {
      key: "path",
      label: "Raw field",
      width: "minmax(180px,3fr)",
      sort: (row) => row.path,
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <code className="truncate font-mono text-code" title={row.path}>
            {row.path}
          </code>
          {row.custom && <Badge tone="read">custom</Badge>}
        </span>
      ),
    },
    {
      key: "example",
      label: "Example",
      width: "minmax(100px,2fr)",
      cell: (row) =>
        row.masked ? <Badge>masked</Badge> : <code className="truncate font-mono text-code text-ink-2">{row.example}</code>,
    },
    {
      key: "filled",
      label: "Filled",
      width: "150px",
      descendingFirst: true,
      sort: (row) => row.filled,
      cell: (row) => <CoverageBar plain filled={row.filled} of={records} />,
    },
  ];
}

/** What this tenant's records hold and no expression takes: the customer's own first, then by how often it is filled. */
export function UnreadDialog({ account, model, resource, onMap, onClose }: Props) {
  const [filter, setFilter] = useState("");
  const [customOnly, setCustomOnly] = useState(false);
  const unread = useQuery({
    queryKey: ["unreadFields", account, model, resource],
    queryFn: () => backend.unreadFields(account, model, resource),
  });
  const found = unread.data;
  const columns = useMemo(() => columnsOf(found?.records ?? 0), [found?.records]);
  const rows = useMemo(() => {
    const text = filter.trim().toLowerCase();
    return (found?.fields ?? []).filter((row) => row.path.toLowerCase().includes(text) && (!customOnly || row.custom));
  }, [found, filter, customOnly]);
  const first = rows[0];
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Raw fields nothing reads"
      description={
        found
          ? `Over ${counted(found.records, "whole record")}${found.partial > 0 ? `; ${counted(found.partial, "record fetched in part is left out", "records fetched in part are left out")}` : ""}. The customer's own fields come first.`
          : "What the records have and the mapping does not take."
      }
      footer={
        <>
          <span className="mr-auto flex items-center gap-1.5 text-ink-3">
            <Kbd keys="Enter" /> maps the first one, or the one chosen in the list
          </span>
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      {unread.error && <ErrorState compact error={unread.error} onRetry={() => void unread.refetch()} />}
      <div className="mt-2 flex items-center gap-3">
        <Input
          aria-label="Filter raw fields"
          placeholder="Filter"
          autoFocus
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && first) {
              event.preventDefault();
              onMap(first);
            }
          }}
        />
        <Checkbox label="Custom only" className="shrink-0" checked={customOnly} onChange={setCustomOnly} />
      </div>
      <div className="mt-2 flex h-[42vh] rounded-md border border-line">
        {!found && !unread.error && <Skeleton className="flex-1 p-3" lines={6} />}
        {found && (
          <Table
            label="Raw fields nothing reads"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.path}
            onOpen={onMap}
            empty={
              <p className="p-2 text-ink-2">
                {found.records === 0
                  ? "No record was fetched whole yet: a test sync fetches whole objects."
                  : found.fields.length === 0
                    ? "Everything these records hold is read."
                    : "Nothing unread is called so."}
              </p>
            }
          />
        )}
      </div>
      {found && found.more > 0 && <p className="mt-1 text-ink-3">and {count(found.more)} more that are filled less often</p>}
    </Dialog>
  );
}
