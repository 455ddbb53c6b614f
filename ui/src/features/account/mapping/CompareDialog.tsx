import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { useAccounts } from "../../../app/queries";
import { type AccountComparison, type AccountView, backend } from "../../../backend";
import { Button } from "../../../components/Button";
import { Dialog } from "../../../components/Dialog";
import { Field } from "../../../components/Field";
import { Select } from "../../../components/Select";
import { ErrorState, Skeleton } from "../../../components/States";
import { count, counted } from "../../../components/formats";

interface Filled {
  filled: number;
  of: number;
}

/** One line of a comparison: what it is of, and what either account has. */
interface Line {
  key: string;
  name: string;
  a: string;
  b: string;
  /** Whether it tells more of a line before it. */
  under?: boolean;
}

/** Rows of a part that are drawn; a mapping of hundreds of fields would fill the window with elements. */
const MOST = 60;

function filledText(filled: Filled | null): string {
  return filled && filled.of > 0 ? `${count(filled.filled)} of ${count(filled.of)}` : "no record";
}

/** What differs between two accounts, by part; parts in which they are the same are empty. */
function differences(found: AccountComparison): { title: string; lines: Line[] }[] {
  const has = (yes: boolean) => (yes ? "asked for" : "not asked for");
  const said = (expression: string | null, level: string | null) =>
    expression === null ? "not mapped" : level === null || level === "connector" ? expression : `${expression}  (${level})`;
  return [
    {
      title: "Scopes",
      lines: found.scopes
        .filter((row) => row.a !== row.b)
        .map((row) => ({ key: row.scope, name: row.scope, a: has(row.a), b: has(row.b) })),
    },
    {
      title: "Mapping",
      lines: found.mapping
        .filter((row) => !row.same)
        .map((row) => ({
          key: `${row.model} ${row.resource} ${row.field}`,
          name: `${row.field} of ${row.resource}`,
          a: said(row.a, row.a_level),
          b: said(row.b, row.b_level),
        })),
    },
    {
      title: "Tables",
      lines: found.tables
        .filter((row) => row.different > 0)
        .flatMap((row) => [
          {
            key: row.table,
            name: `${row.table}, ${counted(row.different, "key differs", "keys differ")}`,
            a: counted(row.a_entries, "entry", "entries"),
            b: counted(row.b_entries, "entry", "entries"),
          },
          ...row.examples.map((entry) => ({
            key: `${row.table} ${entry.key}`,
            name: entry.key,
            under: true,
            a: entry.a ?? "no entry",
            b: entry.b ?? "no entry",
          })),
          ...(row.different > row.examples.length
            ? [{ key: `${row.table} …`, name: `and ${count(row.different - row.examples.length)} more`, under: true, a: "", b: "" }]
            : []),
        ]),
    },
    {
      title: "Custom fields",
      lines: found.custom_fields
        .filter((row) => row.a === null || row.b === null)
        .map((row) => ({ key: `${row.resource} ${row.path}`, name: `${row.path} of ${row.resource}`, a: filledText(row.a), b: filledText(row.b) })),
    },
    {
      title: "Coverage",
      lines: found.coverage
        .filter((row) => row.a.filled * row.b.of !== row.b.filled * row.a.of)
        .map((row) => ({
          key: `${row.model} ${row.resource} ${row.field}`,
          name: `${row.field} of ${row.resource}`,
          a: filledText(row.a),
          b: filledText(row.b),
        })),
    },
  ];
}

function Part({ title, a, b, lines }: { title: string; a: string; b: string; lines: readonly Line[] }): ReactNode {
  return (
    <section aria-label={title}>
      <h3 className="font-medium">
        {title}{" "}
        <span className="font-normal text-ink-3">
          {lines.length === 0 ? "the same" : counted(lines.filter((line) => !line.under).length, "differs", "differ")}
        </span>
      </h3>
      {lines.length > 0 && (
        <table className="mt-1 w-full table-fixed border-collapse text-left">
          <thead className="text-micro text-ink-3">
            <tr>
              <th className="py-1 font-normal">Differs</th>
              <th className="py-1 font-normal">{a}</th>
              <th className="py-1 font-normal">{b}</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, MOST).map((line) => (
              <tr key={line.key} className="border-t border-line-2 align-top">
                <td className={`py-1 pr-2 break-words ${line.under ? "pl-4 font-mono text-code text-ink-2" : ""}`}>{line.name}</td>
                <td className="py-1 pr-2 font-mono text-code break-words">{line.a}</td>
                <td className="py-1 font-mono text-code break-words">{line.b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {lines.length > MOST && (
        <p className="mt-1 text-ink-3">
          and {count(lines.length - MOST)} more; <code className="font-mono text-code">xwalk compare</code> lists them all
        </p>
      )}
    </section>
  );
}

/** Two accounts of a connector side by side: scopes, mapping, tables, custom fields and coverage, where they differ. */
export function CompareDialog({ account, twin, onClose }: { account: AccountView; twin: string | null; onClose: () => void }) {
  const accounts = useAccounts();
  const others = (accounts.data ?? []).filter((each) => each.connector === account.connector && each.id !== account.id);
  const [chosen, setChosen] = useState(twin);
  const other = chosen ?? others[0]?.id ?? null;
  const found = useQuery({
    queryKey: ["compareAccounts", account.id, other],
    queryFn: () => backend.compareAccounts(account.id, other ?? ""),
    enabled: other !== null,
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Compare ${account.id}`}
      description="Only what differs is listed. Nothing is changed."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <div className="mt-3 flex flex-col gap-4">
        {accounts.data && other === null && <p className="text-ink-2">There is no other account of this connector to compare with.</p>}
        {other !== null && (
          <Field label="With">
            {(control) => (
              <Select
                {...control}
                value={other}
                options={others.map((each) => ({ value: each.id, label: each.id, detail: each.kind }))}
                onChange={setChosen}
              />
            )}
          </Field>
        )}
        {found.error && <ErrorState compact error={found.error} onRetry={() => void found.refetch()} />}
        {other !== null && !found.data && !found.error && <Skeleton lines={5} />}
        {found.data &&
          differences(found.data).map((part) => (
            <Part
              key={part.title}
              {...part}
              a={`${found.data.a}, ${found.data.a_kind}`}
              b={`${found.data.b}, ${found.data.b_kind}`}
            />
          ))}
      </div>
    </Dialog>
  );
}
