/** A made-up catalogue for tests and the design server. */
import type { ConnectorCard, ConnectorForm, GrantView } from "../backend";

const CLIENT: GrantView["credential"] = [
  { key: "client_id", label: "Client ID", secret: false, required: true, help: "Called Identifier by Coupa." },
  { key: "secret", label: "Client secret", secret: true, required: true, help: "Shown once to the administrator." },
];

/** The catalogue. */
export const CARDS: ConnectorCard[] = [
  {
    name: "coupa",
    label: "Coupa",
    version: "1.0.0",
    category: "procurement",
    origin: "built-in",
    resources: 12,
    models: ["invoice", "purchase_order", "supplier"],
    approved: true,
    auth_kinds: ["client_credentials", "authorization_code"],
    syncs: ["Invoices", "Purchase orders", "Suppliers", "Requisitions", "Receipts", "Approvals", "Users", "Contracts"],
    paging: "50 a page, by offset",
    limit: "25 requests a second, bursts of 20",
    accounts: 6,
    docs: "https://compass.coupa.com/",
  },
  {
    name: "greenhouse",
    label: "Greenhouse",
    version: "0.3.0",
    category: "recruiting",
    origin: "workspace",
    resources: 3,
    models: ["candidate"],
    approved: false,
    auth_kinds: ["api_key"],
    syncs: ["Candidates", "Jobs", "Offers"],
    paging: "500 a page, by link",
    limit: "50 requests in 10 s",
    accounts: 1,
    docs: null,
  },
];

/** What connecting each of them asks for. */
export const FORMS: ConnectorForm[] = [
  {
    name: "coupa",
    label: "Coupa",
    version: "1.0.0",
    category: "procurement",
    docs: [{ label: "OAuth 2.0", url: "https://compass.coupa.com/oauth" }],
    approved: true,
    credential: CLIENT,
    config: [
      {
        key: "instance_url",
        label: "Instance URL",
        help: "The address at which the customer opens Coupa, without a path.",
        placeholder: "https://acme.coupahost.com",
        required: true,
        pattern: null,
        default: null,
        options: [],
        kind: "url",
      },
      {
        key: "custom_object_id",
        label: "Custom object id",
        help: "Only to read a custom object.",
        placeholder: "12",
        required: false,
        pattern: null,
        default: null,
        options: [],
        kind: "integer",
      },
    ],
    grants: [
      { grant: "client_credentials", label: "Client credentials (no user)", refresh_scope: null, credential: CLIENT },
      { grant: "authorization_code", label: "Sign in as a user", refresh_scope: "offline_access", credential: CLIENT },
      { grant: "device_code", label: "Sign in with a code on another device", refresh_scope: "offline_access", credential: CLIENT },
    ],
    resources: [
      { key: "invoices", label: "Invoices", scope: "core.invoice.read", scopes: ["core.invoice.read"], models: ["invoice"], modes: ["full", "incremental"] },
      { key: "purchase_orders", label: "Purchase orders", scope: "core.purchase_order.read", scopes: ["core.purchase_order.read"], models: ["purchase_order"], modes: ["full", "incremental"] },
      { key: "suppliers", label: "Suppliers", scope: "core.supplier.read", scopes: ["core.supplier.read"], models: ["supplier"], modes: ["full", "incremental"] },
      { key: "lookup_values", label: "Lookup values", scope: "core.common.read", scopes: ["core.common.read"], models: [], modes: ["full"] },
    ],
    default_scopes: ["core.common.read"],
    scope_help: [
      { scope: "core.invoice.read", opens: "Reads invoices and their lines", writes: false },
      { scope: "core.common.read", opens: "Reads lookup values, currencies, terms", writes: false },
    ],
  },
  {
    name: "greenhouse",
    label: "Greenhouse",
    version: "0.3.0",
    category: "recruiting",
    docs: [],
    approved: false,
    credential: [],
    config: [],
    grants: [
      {
        grant: "api_key",
        label: "API key",
        refresh_scope: null,
        credential: [{ key: "secret", label: "API key", secret: true, required: true, help: null }],
      },
    ],
    resources: [{ key: "candidates", label: "Candidates", scope: null, scopes: [], models: ["candidate"], modes: ["full"] }],
    default_scopes: [],
    scope_help: [],
  },
];
