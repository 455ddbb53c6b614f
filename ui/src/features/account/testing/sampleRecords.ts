/** Invoices as a tenant's records look, for tests and the design server; wholly made up. */
export type RawRecord = Record<string, unknown>;

function invoice(index: number): RawRecord {
  const id = 41_000 + index;
  return {
    id,
    "invoice-number": `INV-${String(4_600 + index).padStart(6, "0")}`,
    status: ["approved", "pending_approval", "draft", "ap_hold", "frozen"][index % 5],
    "invoice-date": `2026-10-${String((index % 28) + 1).padStart(2, "0")}T00:00:00+01:00`,
    "net-due-date": index % 3 === 0 ? null : "2026-12-01T00:00:00+01:00",
    "gross-total": `${(index * 37) % 9_000}.40`,
    currency: { code: ["EUR", "USD", "GBP"][index % 3], decimals: 2 },
    supplier: {
      id: 5_100 + (index % 9),
      number: `S-0${5_100 + (index % 9)}`,
      "display-name": "Hafen Logistik GmbH",
      "tax-id": "DE811907980",
      address: { street: "Am Sandtorkai 3", city: "Hamburg", "postal-code": "20457" },
    },
    "custom-fields": {
      "cost-center-code": `CC-44${index % 30}`,
      "approval-lane": "Lane B",
      project: { code: `P-${index % 7}`, name: "Depot North" },
      "legacy-po-ref": `45001188${String(index % 100).padStart(2, "0")}`,
    },
    "invoice-lines": Array.from({ length: (index % 4) + 1 }, (_, line) => ({
      id: id * 10 + line,
      description: line === 0 ? "<b>Forklift</b> service & parts" : "Transport",
      price: `${912 + line}.520000`,
      quantity: line + 1,
      account: { code: `6010-${40 + line}-DE`, "segment-2": String(40 + line) },
    })),
    "created-by": { id: 12, login: "m.kraus", fullname: "Mara Kraus" },
  };
}

export const RECORDS: readonly RawRecord[] = Array.from({ length: 200 }, (_, index) => invoice(index));

export const MASKED = ["supplier.tax-id"];

/** The mapping of the made-up model: field, type and expression by level. */
export interface SampleField {
  field: string;
  type: string;
  required?: boolean;
  enumValues?: string[];
  connector?: string;
  environment?: string;
  account?: string;
}

export const FIELDS: readonly SampleField[] = [
  { field: "id", type: "id", required: true, connector: "id" },
  { field: "number", type: "string", required: true, connector: "`invoice-number`" },
  {
    field: "status",
    type: "enum",
    required: true,
    enumValues: ["draft", "pending_approval", "approved", "on_hold", "paid"],
    connector: 'status = "ap_hold" ? "on_hold" : status',
  },
  { field: "invoice_date", type: "date", connector: "`invoice-date`" },
  { field: "due_date", type: "date", connector: "`net-due-date`" },
  { field: "currency", type: "currency", required: true, connector: "currency.code" },
  { field: "total", type: "decimal", connector: "`gross-total`" },
  {
    field: "vendor",
    type: "Ref",
    required: true,
    connector: 'supplier.{ "id": $string(id), "number": number, "name": `display-name` }',
  },
  {
    field: "department",
    type: "string",
    connector: "department.name",
    account: "`custom-fields`.`cost-center-code`\n  ?? `invoice-lines`[0].account.`segment-2`",
  },
  {
    field: "payment_term",
    type: "Ref",
    connector: "`payment-term`.code",
    environment: "`payment-term`.description",
  },
  { field: "sub_total", type: "decimal", connector: "$string($sum(`invoice-lines`.$number(price)))" },
  { field: "line_items", type: "list of InvoiceLine", connector: '[`invoice-lines`.{ "id": $string(id), "price": price }]' },
  { field: "approver", type: "string", connector: "$uppercase(`current-approvers`[0].login & 1 - 'x')" },
  { field: "memo", type: "string" },
];
