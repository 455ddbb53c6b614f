/** The screens besides the overview and the account. */
import { useParams } from "@tanstack/react-router";

import { Tenant } from "../features/tenants/Tenant";

export { Alerts } from "../features/alerts/Alerts";
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
