import { type Backend, type CallRow, type RunDetail, type RunProgress, type RunView, type ScheduleView } from "../../../backend";
import { isFailing } from "../compare/statuses";
import { filterCommands } from "./filterCommands";
import { type FakeMapping, evaluated, fakeMapping, mappingCommands, readsOf, winning } from "./mappingCommands";
import { lineageOf, linkOf } from "../compare/links";
import { flatten, rawPageOf } from "./rawTree";
import { MASKED, RECORDS, type RawRecord } from "./sampleRecords";
import { tableCommands } from "./tableCommands";

type Listener = (payload: never) => void;

/** A bus for what the shell would push. */
export function eventBus() {
  const listeners = new Map<string, Set<Listener>>();
  return {
    listen: (name: string, handler: Listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(handler));
      return () => {
        set.delete(handler);
      };
    },
    emit: (name: string, payload: unknown) => {
      for (const listener of listeners.get(name) ?? []) {
        listener(payload as never);
      }
    },
  };
}

function at(record: RawRecord, path: string): unknown {
  let value: unknown = record;
  for (const key of path.replaceAll(/\[(\d*)\]/g, ".$1").split(".").filter((each) => each !== "")) {
    value = (value as RawRecord | undefined)?.[key.replaceAll("`", "")];
  }
  return value;
}

export function sampleRun(index: number): RunView {
  const status = ["completed", "failed", "completed", "paused"][index % 4] ?? "completed";
  return {
    run: `run-${index}`, account: "northwind-coupa-test", resource: index % 2 === 0 ? "invoices" : "suppliers",
    mode: index === 0 ? "test" : "full", status, fetched: 12_418, stored: 12_400, duplicates: 12, errors: 6,
    requests: 249, retries: 3, rate_limited: 1, duration_ms: 61_000, requests_per_second: 4.1,
    started_at: "2026-11-21T12:10:00Z", ended_at: "2026-11-21T12:11:01Z", checkpoint: null,
    error: status === "failed" ? { code: "server_error", message: "The provider answered 503 three times.", hint: "Try again in some minutes." } : null,
  };
}

function sampleCall(seq: number): CallRow {
  return {
    seq, at: "2026-11-21T12:10:01Z", method: "GET", endpoint: `/api/invoices?limit=50&offset=${seq * 50}`,
    status: seq % 17 === 0 ? 429 : 200, duration_ms: 180 + (seq % 90), bytes: 21_000 + seq, records: 50, run: "run-0",
    error: seq % 17 === 0 ? "rate limited" : null, account: "northwind-coupa-test", resource: "invoices",
  };
}

const CALLS = 20_000;

function callPage(text: string, offset: number, limit: number) {
  const all = Array.from({ length: CALLS }, (_, index) => CALLS - index);
  const found = text === "" ? all : all.filter((seq) => JSON.stringify(sampleCall(seq)).includes(text));
  return { total: found.length, rows: found.slice(offset, offset + limit).map(sampleCall) };
}

function callDetail(seq: number) {
  const row = sampleCall(seq);
  return {
    row,
    request_headers: { accept: "application/json", authorization: "Bearer ••••" },
    request_body: null,
    response_headers: { "content-type": "application/json", date: "Sat, 21 Nov 2026 12:10:01 GMT" },
    response: JSON.stringify(RECORDS.slice(0, 2), null, 2),
    response_note: null,
    response_bytes: 21_000,
    replayable: true,
    curl: `curl -H 'Authorization: Bearer $TOKEN' 'https://northwind.example${row.endpoint}'`,
  };
}

/** The commands of the account screens over made-up records. `emit` is where events go. */
export function fakeAccount(
  emit: (name: string, payload: unknown) => void = () => undefined,
  mapping: FakeMapping = fakeMapping(),
): Partial<Backend> {
  const find = (id: string) => RECORDS.find((record) => String(record["id"]) === id) ?? RECORDS[0] ?? {};
  const allReads = () => mapping.fields.flatMap((field) => readsOf(winning(field).expression ?? ""));
  const compare = async (_account: string, resource: string, id: string, model: string) => {
    const record = find(id);
    const fields = await Promise.all(
      mapping.fields.map(async (field) => {
        const { expression, level } = winning(field);
        const fetched = field.field !== "payment_term";
        const result = await evaluated(expression, record, field);
        return {
          ...result, status: fetched ? result.status : "not_fetched", field: field.field, cut: false, level, expression,
          reads: readsOf(expression ?? ""), masked: false,
        };
      }),
    );
    const every = new Set(flatten(record, new Set(["custom-fields"]), []).map((row) => row.path));
    const read = lineageOf(allReads());
    const unread = flatten(record, every, []).filter((row) => linkOf(read, row.path) === "none");
    return { id, model, resource, fields, unread: unread.length, unread_custom: unread.filter((row) => row.custom).length, version: "7" };
  };
  let syncs = 0;
  const schedules = new Map<string, ScheduleView>();
  const projections = new Map<string, string[]>();
  const progress = (run: string, account: string, resource: string, status: string, stored: number): RunProgress => ({
    run, account, resource, status, fetched: stored, stored, duplicates: 0, errors: 1, pages: stored / 50, requests: stored / 50 + 1,
    retries: 1, rate_limited: 0, requests_per_second: 4.2, budget_per_second: 5, eta_seconds: status === "running" ? 34 : null,
  });
  return {
    ...filterCommands(mappingCommands(mapping)),
    ...tableCommands(),
    resources: async () => [
      {
        key: "invoices", label: "Invoices", models: ["procurement/invoice"], model: "procurement/invoice", stored: RECORDS.length,
        last_run: sampleRun(0), scope: "core.invoice.read", granted: true,
        filters: [
          { field: "status", operators: ["", "not_eq", "in"], kind: "text" },
          { field: "updated-at", operators: ["gt", "lt"], kind: "time" },
        ],
      },
      { key: "suppliers", label: "Suppliers", models: ["procurement/vendor"], model: "procurement/vendor", stored: 0, last_run: null, scope: "core.supplier.read", granted: null, filters: [] },
    ],
    columns: async () =>
      ["invoice-number", "status", "invoice-date", "gross-total", "currency.code", "supplier.display-name", "supplier.tax-id", "custom-fields.cost-center-code", "custom-fields.approval-lane"].map((path, index) => ({
        path, filled: RECORDS.length - index, of: RECORDS.length, suggested: index < 7,
      })),
    openProjection: async (_account, _resource, columns) => {
      const projection = `projection-${projections.size + 1}`;
      projections.set(projection, columns);
      return { projection };
    },
    projectionPage: async (projection, { offset, limit, sort, filter }) => {
      const columns = projections.get(projection) ?? [];
      const rows = RECORDS.map((record) => ({
        id: String(record["id"]),
        cells: columns.map((path) => {
          const value = at(record, path);
          return value === null || value === undefined || MASKED.includes(path) ? null : String(value);
        }),
        masked: columns.map((path) => MASKED.includes(path)),
      })).filter((row) => filter === "" || `${row.id} ${row.cells.join(" ")}`.toLowerCase().includes(filter.toLowerCase()));
      if (sort) {
        const index = columns.indexOf(sort.column);
        rows.sort((a, b) => (sort.descending ? -1 : 1) * (a.cells[index] ?? "").localeCompare(b.cells[index] ?? "", "en", { numeric: true }));
      }
      return { indexed: RECORDS.length, total: RECORDS.length, complete: true, stopped: null, matching: rows.length, rows: rows.slice(offset, offset + limit) };
    },
    closeProjection: async () => null,
    recordIds: async (_account, _resource, { after }) => {
      const ids = RECORDS.map((record) => String(record["id"]));
      const next = after === null ? ids[0] : ids.find((id) => Number(id) > Number(after));
      const previous = after === null ? undefined : ids.findLast((id) => Number(id) < Number(after));
      return { previous: previous ?? null, next: next ?? null, position: after === null ? 0 : ids.indexOf(after) + 1, total: ids.length };
    },
    nextFailing: async ({ field, after }, { hear }) => {
      const mapped = mapping.fields.find((each) => each.field === field);
      const ids = RECORDS.map((record) => String(record["id"]));
      const from = after === null ? 0 : ids.indexOf(after) + 1;
      const order = [...RECORDS.slice(from), ...RECORDS.slice(0, from)];
      for (const [done, record] of order.entries()) {
        hear({ done, total: ids.length });
        const id = String(record["id"]);
        if (mapped && id !== after && isFailing((await evaluated(winning(mapped).expression, record, mapped)).status)) {
          return id;
        }
      }
      return null;
    },
    rawPage: async (_account, _resource, id, query) => rawPageOf(find(id), allReads(), query),
    rawValue: async (_account, _resource, id, path, reveal) => {
      const value = at(find(id), path);
      return MASKED.includes(path) && !reveal ? "••••••••" : typeof value === "string" ? value : JSON.stringify(value);
    },
    rawBody: async (_account, _resource, id) => new TextEncoder().encode(JSON.stringify(find(id))).buffer as ArrayBuffer,
    compareRecord: compare,
    unifiedValue: async (_account, _resource, id, _model, name) => {
      const field = mapping.fields.find((each) => each.field === name);
      const { value } = await evaluated(field ? winning(field).expression : null, find(id), field ?? { field: name, type: "value" });
      const read: unknown = JSON.parse(value ?? "null");
      return typeof read === "string" ? read : JSON.stringify(read);
    },
    fetchMissing: async (account, resource, id) => compare(account, resource, id, "procurement/invoice"),
    modelFilters: async () => [
      { name: "status", field: "status", bound: "is", type: "one of a few texts", enum_values: ["approved", "draft", "paid"], expression: "status", level: "connector", version: "1.0.0" },
      { name: "updated_after", field: "updated_at", bound: "after", type: "instant", enum_values: [], expression: "updated_after", level: "connector", version: "1.0.0" },
    ],
    queryUnified: async (_account, model, resource, filters) => ({
      model,
      resource,
      conditions: [],
      asked: filters.map(({ name, value }) => `${name}=${value}`),
      ids: RECORDS.slice(0, 2).map((record) => String(record["id"])),
      left_out: 0,
      more: false,
    }),
    drift: async () => [
      {
        resource: "invoices",
        label: "Invoices",
        run: "run-2",
        at: "2026-11-21T12:00:00Z",
        records: 200,
        compared_with: "2026-11-20T12:00:00Z",
        changes: [
          { kind: "gone", path: "internal-note", custom: false, read_by: ["memo"], before: [], after: [], present: 0, of: 200 },
          { kind: "new", path: "custom-fields.legal-entity", custom: true, read_by: [], before: [], after: [], present: 180, of: 200 },
        ],
        gone: [{ path: "internal-note", since: "2026-11-21T12:00:00Z", read_by: ["memo"], present: 190, of: 200 }],
        paths: [],
      },
    ],
    queryProvider: async () => ({ records: 3, ids: RECORDS.slice(0, 3).map((record) => String(record["id"])) }),

    quietNow: async () => null,
    startSync: async (account, resource) => {
      syncs += 1;
      const run = `run-live-${syncs}`;
      setTimeout(() => emit("run-progress", progress(run, account, resource, "running", 2_400)), 20);
      return run;
    },
    resumeSync: async (run) => {
      setTimeout(() => emit("run-progress", progress(run, "northwind-coupa-test", "invoices", "running", 3_050)), 20);
      return run;
    },
    schedules: async () => [...schedules.values()],
    setSchedule: async (account, resource, schedule) => {
      schedules.delete(resource);
      if (schedule) {
        schedules.set(resource, { account, resource, ...schedule, next_at: null, waits: null, waits_until: null });
      }
      return [...schedules.values()];
    },
    pauseSync: async (run) => {
      emit("run-progress", progress(run, "northwind-coupa-test", "invoices", "paused", 3_000));
      return null;
    },
    cancelSync: async (run) => {
      emit("run-progress", progress(run, "northwind-coupa-test", "invoices", "cancelled", 3_000));
      return null;
    },
    runs: async ({ limit }) => Array.from({ length: Math.min(limit, 40) }, (_, index) => sampleRun(index)),
    run: async (id): Promise<RunDetail> => ({
      ...sampleRun(Number(id.split("-").at(-1)) || 0),
      resume: ["failed", "paused"].includes(sampleRun(Number(id.split("-").at(-1)) || 0).status)
        ? { fields: "mapped", pages: null, marks: false, budget: null }
        : null,
      error_groups: [
        { cause: "missing", message: "currency is missing", hint: "Map currency for this tenant.", count: 4, records: ["41003", "41007", "41011", "41015"] },
        { cause: "unknown_value", message: 'status "frozen" is not among the model\'s values', hint: null, count: 2, records: ["41004", "41009"] },
      ],
      log: Array.from({ length: 400 }, (_, index) => ({
        at: "2026-11-21T12:10:01Z",
        severity: index % 40 === 0 ? "warning" : "info",
        message: index % 40 === 0 ? `INV-00${4600 + index} skipped: currency is missing` : `Page ${index + 1}: 50 records stored`,
      })),
    }),
    runCalls: async (_run, offset, limit) => callPage("", offset, limit),
    calls: async (_account, { text, offset, limit }) => callPage(text, offset, limit),
    call: async (seq) => callDetail(seq),
    replayCall: async (seq) => callDetail(seq),
  };
}
