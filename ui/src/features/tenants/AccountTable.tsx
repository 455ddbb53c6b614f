import { useMemo, useState } from "react";

import { accountHref, useGo } from "../../app/go";
import type { OverviewRow } from "../../backend";
import { KindBadge } from "../../components/Badge";
import { LIST_ROW, TableFrame } from "../../components/ListFrame";
import { type Column, Table } from "../../components/Table";
import type { Sorting } from "../../components/sorting";
import { useNow } from "../../components/now";
import { overviewColumns } from "../overview/columns";
import type { Twins } from "./twins";

/** What of the overview is shown of each account beside its name. */
const SHOWN = new Set(["status", "token", "run", "records"]);

const NAME: Column<OverviewRow> = {
  key: "account",
  label: "Account",
  width: "minmax(150px,1.4fr)",
  sort: (row) => row.id,
  cell: (row) => (
    <span className="block leading-[15px]">
      <span className="block truncate font-medium">{row.id}</span>
      <span className="flex gap-1.5 text-micro/[14px] text-ink-3">
        <KindBadge kind={row.kind} />
        <span className="truncate">{row.environment}</span>
      </span>
    </span>
  ),
};

const byConnector = (row: OverviewRow) => ({
  key: row.connector,
  heading: <span className="font-medium">{row.connector_label}</span>,
});

/** The accounts of a tenant with many: by connector, twins one below the other. */
export function AccountTable({ twins }: { twins: readonly Twins[] }) {
  const go = useGo();
  // A sorting across connectors and their headings exclude each other.
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const minute = Math.floor(useNow() / 60_000) * 60_000;
  const columns = useMemo(() => [NAME, ...overviewColumns(minute).filter(({ key }) => SHOWN.has(key))], [minute]);
  const rows = useMemo(
    () => twins.flatMap(({ pairs }) => pairs.flatMap((pair) => [pair.sandbox, pair.production].filter((row) => row !== null))),
    [twins],
  );
  return (
    <div className="flex max-h-[60vh] flex-col">
      <TableFrame height={rows.length * LIST_ROW}>
        <Table
          label="Accounts"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowHeight={LIST_ROW}
          sorting={sorting}
          onSort={setSorting}
          {...(sorting === null ? { group: byConnector } : {})}
          onOpen={(row) => {
            go(accountHref(row.id));
          }}
        />
      </TableFrame>
    </div>
  );
}
