import { Navigate, useParams } from "@tanstack/react-router";

import { Account } from "../features/account/Account";
import { ACCOUNT_TABS } from "../features/account/tabs";
import { Button } from "../components/Button";
import { EmptyState } from "../components/States";
import { accountHref, useGo } from "./go";

/** One account; apart from the rest of the window, for its editors are most of the program's size. */
export function AccountRoute() {
  const { account } = useParams({ from: "/accounts/$account" });
  return <Account key={account} id={account} />;
}

/** An account without a tab opens at its first. */
export function AccountIndex() {
  const { account } = useParams({ from: "/accounts/$account" });
  const first = ACCOUNT_TABS[0];
  return first ? (
    <Navigate to="/accounts/$account/$tab" params={{ account, tab: first.path }} replace />
  ) : null;
}

/** The tab its address names. */
export function AccountTabRoute() {
  const { account, tab } = useParams({ from: "/accounts/$account/$tab" });
  const go = useGo();
  const found = ACCOUNT_TABS.find((each) => each.path === tab);
  if (!found) {
    return (
      <EmptyState
        title="An account has no such tab"
        action={
          <Button
            command={`Open ${account}`}
            onClick={() => {
              go(accountHref(account), { replace: true });
            }}
          >
            Open {account}
          </Button>
        }
      />
    );
  }
  const Tab = found.screen;
  return <Tab key={account} account={account} />;
}
