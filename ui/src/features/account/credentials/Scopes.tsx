import { useMemo } from "react";

import { type CredentialView, type ResourceRow, backend } from "../../../backend";
import { Badge, type Tone } from "../../../components/Badge";
import { CopyButton } from "../../../components/CopyButton";
import { Time } from "../../../components/Figures";
import { counted, day } from "../../../components/formats";
import { type ScopeVerdict, scopeRows } from "./scopeRows";

const TONES: Record<ScopeVerdict, Tone> = {
  "not granted": "bad",
  "more than needed": "warn",
  "in use": "ok",
  needed: "ok",
  "not used yet": "quiet",
};

/** Scopes asked for, granted, needed by what is synced, and used as far as that is known; the excess with what to tell the administrator. */
export function Scopes({ credential, resources }: { credential: CredentialView; resources: readonly ResourceRow[] }) {
  const rows = useMemo(() => scopeRows(credential.scopes, credential.excess, resources), [credential, resources]);
  if (rows.length === 0) {
    return null;
  }
  const missing = rows.filter((row) => row.verdict === "not granted");
  const { admin_message: message } = credential;
  return (
    <section aria-labelledby="scopes-heading" className="max-w-4xl">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 id="scopes-heading" className="text-[15px] font-semibold">
          Scopes
        </h2>
        {missing.length > 0 && <Badge tone="bad">{counted(missing.length, "scope")} not granted</Badge>}
        {credential.excess.length > 0 && <Badge tone="warn">{counted(credential.excess.length, "scope")} more than needed</Badge>}
        {rows.every((row) => row.granted === null) && <span className="text-ink-3">The provider does not say what it granted.</span>}
        <span className="ml-auto flex gap-2">
          {message !== null && <CopyButton text label="Copy the message about the excess" command={`Copy the message about the excess scopes of ${credential.account}`} value={message} />}
          <CopyButton
            text
            label="Copy the request for the administrator"
            command={`Copy the request for the administrator of ${credential.account}`}
            value={() => backend.adminMessage(credential.account)}
          />
        </span>
      </div>
      <table className="w-full border-collapse rounded-lg border border-line bg-panel text-left">
        <thead>
          <tr className="border-b border-line text-micro text-ink-3">
            {["Scope", "State", "Asked", "Granted", "Opens", "Last used"].map((heading) => (
              <th key={heading} scope="col" className="px-3 py-1.5 font-medium">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.scope} className="border-b border-line-2">
              <td className="px-3 py-1 font-mono text-code" title={row.opens}>
                {row.scope}
              </td>
              <td className="px-3 py-1">
                <Badge tone={TONES[row.verdict]}>{row.verdict}</Badge>
              </td>
              <td className="px-3 py-1">{row.asked ? "yes" : "no"}</td>
              <td className="px-3 py-1">{row.granted === null ? "not told" : row.granted ? "yes" : "no"}</td>
              <td className="max-w-64 truncate px-3 py-1 text-ink-2" title={row.reads.join(", ")}>
                {row.reads.join(", ") || row.opens || "–"}
              </td>
              <td className="px-3 py-1 text-ink-2">{row.used_at === null ? `not since ${day(credential.scopes_observed_since)}` : <Time at={row.used_at} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
