import {
  type RouterHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";

import { Account } from "../features/account/Account";
import { accountTabs } from "../features/account/tabs";
import { Alerts } from "../features/alerts/Alerts";
import { Connect } from "../features/connect/Connect";
import { Connectors } from "../features/connectors/Connectors";
import { Overview } from "../features/overview/Overview";
import { Runs } from "../features/runs/Runs";
import { Settings } from "../features/settings/Settings";
import { Tenant } from "../features/tenants/Tenant";
import { Tenants } from "../features/tenants/Tenants";
import { Root } from "./Root";
import { NotFound, ScreenFailed } from "./Fallbacks";
import { remember } from "./place";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const account = createRoute({
  getParentRoute: () => root,
  path: "accounts/$account",
  component: function AccountRoute() {
    return <Account id={account.useParams().account} />;
  },
});

const accountIndex = createRoute({
  getParentRoute: () => account,
  path: "/",
  beforeLoad: ({ params }) => {
    const first = accountTabs[0];
    if (first) {
      // oxlint-disable-next-line typescript/only-throw-error -- how this router redirects
      throw redirect({ href: `/accounts/${encodeURIComponent(params.account)}/${first.path}`, replace: true });
    }
  },
});

const tabs = accountTabs.map((tab) =>
  createRoute({
    getParentRoute: () => account,
    path: tab.path,
    component: function TabRoute() {
      const Tab = tab.screen;
      return <Tab account={account.useParams().account} />;
    },
  }),
);

const tenant = createRoute({
  getParentRoute: () => root,
  path: "tenants/$tenant",
  component: function TenantRoute() {
    return <Tenant id={tenant.useParams().tenant} />;
  },
});

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: Overview }),
  createRoute({ getParentRoute: () => root, path: "tenants", component: Tenants }),
  tenant,
  createRoute({ getParentRoute: () => root, path: "connectors", component: Connectors }),
  createRoute({ getParentRoute: () => root, path: "connect", component: Connect }),
  createRoute({ getParentRoute: () => root, path: "runs", component: Runs }),
  createRoute({ getParentRoute: () => root, path: "alerts", component: Alerts }),
  createRoute({ getParentRoute: () => root, path: "settings", component: Settings }),
  account.addChildren([accountIndex, ...tabs]),
]);

/** The window's places. Where it goes is remembered, so that it reopens there. */
export function makeRouter(history: RouterHistory) {
  const router = createRouter({
    routeTree: tree,
    history,
    defaultErrorComponent: ScreenFailed,
    defaultPendingMs: 200,
  });
  router.subscribe("onResolved", ({ toLocation }) => {
    remember("place", toLocation.href);
  });
  return router;
}
