import {
  type RouterHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";

import { Overview } from "../features/overview/Overview";
import { NotFound, ScreenFailed } from "./Fallbacks";
import { Root } from "./Root";
import { remember } from "./place";

// The overview is what the window opens with; the rest comes when it is first gone to.
const accountParts = () => import("./AccountRoute");
const screens = () => import("./screens");

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const account = createRoute({
  getParentRoute: () => root,
  path: "accounts/$account",
  component: lazyRouteComponent(accountParts, "AccountRoute"),
});

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: Overview }),
  account.addChildren([
    createRoute({
      getParentRoute: () => account,
      path: "/",
      component: lazyRouteComponent(accountParts, "AccountIndex"),
    }),
    createRoute({
      getParentRoute: () => account,
      path: "$tab",
      component: lazyRouteComponent(accountParts, "AccountTabRoute"),
    }),
  ]),
  createRoute({
    getParentRoute: () => root,
    path: "tenants",
    component: lazyRouteComponent(screens, "Tenants"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "tenants/$tenant",
    component: lazyRouteComponent(screens, "TenantRoute"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "connectors",
    component: lazyRouteComponent(screens, "Connectors"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "connect",
    component: lazyRouteComponent(screens, "Connect"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "runs",
    component: lazyRouteComponent(screens, "Runs"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "alerts",
    component: lazyRouteComponent(screens, "Alerts"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "settings",
    component: lazyRouteComponent(screens, "Settings"),
  }),
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

/** Reads what was left for later, once the window stands. */
export async function warmUp() {
  await screens();
  await accountParts();
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
