import { useSearch } from "@tanstack/react-router";
import { Building2, Plus } from "lucide-react";
import { useMemo, useState } from "react";

import { Screen } from "../../app/Screen";
import { EVERYTHING, isChosen, useEnvironment } from "../../app/environment";
import { tenantHref, useGo } from "../../app/go";
import { matches } from "../../app/match";
import { useOverview, useTenants } from "../../app/queries";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Input } from "../../components/Field";
import { LIST_ROW, ListFrame } from "../../components/ListFrame";
import { EmptyState, ErrorState, Skeleton } from "../../components/States";
import { type Column, Table } from "../../components/Table";
import { useNow } from "../../components/now";
import { AddTenant } from "./AddTenant";
import { type TenantLine, tenantLines } from "./tenantLines";

const COLUMNS: Column<TenantLine>[] = [
  {
    key: "name",
    label: "Tenant",
    width: "minmax(200px,2fr)",
    sort: (line) => line.name,
    cell: (line) => (
      <span className="block leading-[15px]">
        <span className="block truncate font-medium">{line.name}</span>
        <span className="block truncate text-micro/[14px] text-ink-3">{line.id}</span>
      </span>
    ),
  },
  {
    key: "region",
    label: "Region",
    width: "minmax(80px,0.6fr)",
    sort: (line) => line.region,
    cell: (line) => line.region ?? <span className="text-ink-3">not said</span>,
  },
  {
    key: "state",
    label: "State",
    width: "minmax(140px,1fr)",
    sort: (line) => line.urgency,
    cell: (line) => <Badge tone={line.tone}>{line.state}</Badge>,
  },
  {
    key: "production",
    label: "Production",
    width: "96px",
    align: "right",
    descendingFirst: true,
    sort: (line) => line.production,
    cell: (line) => line.production,
  },
  {
    key: "sandbox",
    label: "Sandbox",
    width: "96px",
    align: "right",
    descendingFirst: true,
    sort: (line) => line.sandbox,
    cell: (line) => line.sandbox,
  },
];

/** Every customer and how its accounts do. */
export function Tenants() {
  const go = useGo();
  const now = useNow();
  const tenants = useTenants();
  const overview = useOverview();
  const search: { add?: unknown } = useSearch({ strict: false });
  const adding = search.add !== undefined;
  const [environment, setEnvironment] = useEnvironment();
  const [filter, setFilter] = useState("");
  const minute = Math.floor(now / 60_000) * 60_000;
  const lines = useMemo(
    () =>
      tenantLines(
        tenants.data ?? [],
        (overview.data ?? []).filter((row) => isChosen(environment, row)),
        minute,
      ).filter(
        (line) =>
          (environment === EVERYTHING || line.production + line.sandbox > 0) &&
          matches(filter, `${line.name} ${line.id} ${line.region ?? ""} ${line.state}`),
      ),
    [tenants.data, overview.data, environment, filter, minute],
  );
  const add = () => {
    go("/tenants?add=1", { replace: true });
  };
  const error = tenants.error ?? overview.error;
  const button = (
    <Button tone="primary" command="Add a tenant" icon={<Plus size={14} aria-hidden />} onClick={add}>
      Add tenant
    </Button>
  );
  return (
    <Screen title="Tenants" environments={tenants.data !== undefined && tenants.data.length > 0} fixed actions={tenants.data && tenants.data.length > 0 ? button : null}>
      {adding && (
        <AddTenant
          onClose={() => {
            go("/tenants", { replace: true });
          }}
        />
      )}
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void tenants.refetch();
            void overview.refetch();
          }}
        />
      ) : !tenants.data ? (
        <Skeleton lines={8} className="p-6" />
      ) : tenants.data.length === 0 ? (
        <EmptyState
          icon={<Building2 size={28} strokeWidth={1.6} aria-hidden />}
          title="No tenants yet"
          action={button}
        >
          A tenant is a customer whose systems you connect. Its accounts, contacts and notes are
          kept with it.
        </EmptyState>
      ) : (
        <ListFrame
          rows={lines.length}
          filters={
            <Input
              aria-label="Filter tenants"
              placeholder="Filter"
              value={filter}
              onChange={(event) => {
                setFilter(event.target.value);
              }}
              className="max-w-64"
            />
          }
        >
          <Table
            label="Tenants"
            columns={COLUMNS}
            rows={lines}
            rowKey={(line) => line.id}
            rowHeight={LIST_ROW}
            onOpen={(line) => {
              go(tenantHref(line.id));
            }}
            empty={
              <EmptyState
                title="No tenant matches"
                action={
                  <Button
                    command="Show all tenants"
                    onClick={() => {
                      setFilter("");
                      setEnvironment(EVERYTHING);
                    }}
                  >
                    Show all tenants
                  </Button>
                }
              />
            }
          />
        </ListFrame>
      )}
    </Screen>
  );
}
