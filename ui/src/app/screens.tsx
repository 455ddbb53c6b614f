/** The screens besides the overview and the account. */
import { useParams } from "@tanstack/react-router";

import { offers } from "../backend";
import { Alerts } from "../features/alerts/Alerts";
import { Tenant } from "../features/tenants/Tenant";
import { NotFound } from "./Fallbacks";

export { Connect } from "../features/connect/Connect";
export { Connectors } from "../features/connectors/Connectors";
export { Runs } from "../features/runs/Runs";
export { Settings } from "../features/settings/Settings";
export { Tenants } from "../features/tenants/Tenants";

/** One tenant. */
export function TenantRoute() {
  const { tenant } = useParams({ from: "/tenants/$tenant" });
  return <Tenant key={tenant} id={tenant} />;
}

/** What is due, where the workspace watches for it. */
export function AlertsRoute() {
  return offers("alerts") ? <Alerts /> : <NotFound />;
}
