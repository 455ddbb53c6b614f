import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { useAct } from "../../app/act";
import { useTenants } from "../../app/queries";
import { type AuditFormat, type AuditVerdict, type ExportedFile, backend } from "../../backend";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Field, Input } from "../../components/Field";
import { Select } from "../../components/Select";
import { ErrorState } from "../../components/States";
import { WrittenFile } from "../../components/WrittenFile";
import { counted } from "../../components/formats";
import { Offer } from "../../keyboard/Offer";
import { Section } from "./Section";

/** The start or the end of a day here as an instant; null for none, undefined for no day. */
export function dayEdge(day: string, end: boolean): string | null | undefined {
  if (day.trim() === "") {
    return null;
  }
  const at = new Date(`${day.trim()}T${end ? "23:59:59.999" : "00:00:00"}`);
  return /^\d{4}-\d{2}-\d{2}$/.test(day.trim()) && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  return (
    <div role="status" className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={verdict.ok ? "ok" : "bad"}>{verdict.ok ? "unbroken" : "broken"}</Badge>
        {verdict.ok ? (
          <span>
            {counted(verdict.rows, "row")},{" "}
            {verdict.anchored_seq === null ? "anchored nowhere" : `anchored outside the database up to row ${String(verdict.anchored_seq)}`}
            {verdict.compared !== null && `, ${counted(verdict.compared, "row of the file is still there", "rows of the file are still there")}`}
          </span>
        ) : (
          <span>
            Row {verdict.broken_at} is not as it was written ({verdict.fault?.replaceAll("_", " ")}). The runbook under Incidents says what to
            do.
          </span>
        )}
      </p>
      {verdict.head && (
        <p className="flex items-center gap-1 text-[12px] text-ink-3">
          Head: row {verdict.head.seq} <code className="truncate font-mono">{verdict.head.hash}</code>
          <CopyButton label="Copy the head" value={`${String(verdict.head.seq)} ${verdict.head.hash}`} />
        </p>
      )}
      {verdict.notes.map((note) => (
        <p key={note} className="text-[12px] text-ink-3">
          {note}
        </p>
      ))}
    </div>
  );
}

function Verify() {
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const verify = useAct(backend.verifyAudit, { done: setVerdict });
  const against = useRef<HTMLInputElement>(null);
  return (
    <>
      <div className="flex items-start justify-between gap-6">
        <p className="text-ink-2">Every call and every change of configuration is a row of a hash chain.</p>
        <span className="flex shrink-0 gap-2">
          <label className="inline-flex h-7 cursor-pointer items-center rounded-[7px] border border-line bg-panel px-2.5 font-medium focus-within:outline-2 hover:bg-line-2">
            Against a file…
            <Offer label="Verify the audit against a file" run={() => against.current?.click()} />
            <input
              ref={against}
              type="file"
              className="sr-only"
              onChange={(event) => {
                const file = event.target.files?.[0];
                event.target.value = "";
                if (file) {
                  void file.text().then((text) => {
                    verify.run(text);
                  });
                }
              }}
            />
          </label>
          <Button
            command="Verify the audit"
            busy={verify.busy}
            onClick={() => {
              verify.run(null);
            }}
          >
            Verify
          </Button>
        </span>
      </div>
      {verify.error && <ErrorState compact error={verify.error} />}
      {verdict && <Verdict verdict={verdict} />}
    </>
  );
}

function Export() {
  const tenants = useTenants();
  const accounts = useQuery({ queryKey: ["listAccounts"], queryFn: () => backend.listAccounts() });
  const [format, setFormat] = useState<AuditFormat>("jsonl");
  const [tenant, setTenant] = useState("");
  const [account, setAccount] = useState("");
  const [kind, setKind] = useState("");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [file, setFile] = useState<ExportedFile | null>(null);
  const out = useAct(backend.exportAudit, { done: setFile });
  const from = dayEdge(since, false);
  const to = dayEdge(until, true);
  const wrong = "A day, such as 2026-11-21.";
  const own = (accounts.data ?? []).filter((each) => tenant === "" || each.tenant === tenant);
  return (
    <form
      aria-label="Export the audit"
      className="flex flex-col gap-3 border-t border-line-2 pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (from !== undefined && to !== undefined && !out.busy) {
          out.run(
            {
              tenant: tenant || null,
              account: account || null,
              kind: kind.trim() || null,
              since: from,
              until: to,
            },
            format,
          );
        }
      }}
    >
      <div className="grid grid-cols-3 gap-3">
        <Field label="Tenant">
          {(control) => (
            <Select
              {...control}
              value={tenant}
              options={[{ value: "", label: "All" }, ...(tenants.data ?? []).map((each) => ({ value: each.id, label: each.name }))]}
              onChange={(value) => {
                setTenant(value);
                setAccount("");
              }}
            />
          )}
        </Field>
        <Field label="Account">
          {(control) => (
            <Select
              {...control}
              value={account}
              options={[{ value: "", label: "All" }, ...own.map((each) => ({ value: each.id, label: each.id }))]}
              onChange={setAccount}
            />
          )}
        </Field>
        <Field label="Kind" optional>
          {(control) => <Input {...control} value={kind} placeholder="call" onChange={(event) => setKind(event.target.value)} />}
        </Field>
        <Field label="Since" optional error={from === undefined ? wrong : undefined}>
          {(control) => <Input {...control} value={since} placeholder="2026-11-01" onChange={(event) => setSince(event.target.value)} />}
        </Field>
        <Field label="Until" optional error={to === undefined ? wrong : undefined}>
          {(control) => <Input {...control} value={until} placeholder="2026-11-30" onChange={(event) => setUntil(event.target.value)} />}
        </Field>
        <Field label="As">
          {(control) => (
            <Select
              {...control}
              value={format}
              options={[
                { value: "jsonl", label: "JSON Lines" },
                { value: "csv", label: "CSV" },
              ]}
              onChange={(value) => {
                setFormat(value as AuditFormat);
              }}
            />
          )}
        </Field>
      </div>
      <div className="flex justify-end">
        <Button type="submit" command="Export the audit" busy={out.busy} disabled={from === undefined || to === undefined}>
          Export
        </Button>
      </div>
      {out.error && <ErrorState compact error={out.error} />}
      {file && <WrittenFile file={file} />}
    </form>
  );
}

/** The audit: whether it is whole, and handing it out. */
export function Audit() {
  return (
    <Section title="Audit">
      <Verify />
      <Export />
    </Section>
  );
}
