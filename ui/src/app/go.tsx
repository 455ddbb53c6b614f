import { useRouter } from "@tanstack/react-router";
import { type ComponentProps, useCallback } from "react";

/** The address of an account's screen in the window; without `tab` its first. */
export function accountHref(
  account: string,
  tab?: string,
  search: Record<string, string | null | undefined> = {},
): string {
  const given = Object.entries(search).filter((entry): entry is [string, string] => !!entry[1]);
  const query = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : "";
  const base = `/accounts/${encodeURIComponent(account)}`;
  return tab ? `${base}/${tab}${query}` : base;
}

/** The address of a tenant. */
export function tenantHref(tenant: string): string {
  return `/tenants/${encodeURIComponent(tenant)}`;
}

/** Goes to an address of the window. */
export function useGo(): (href: string, options?: { replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (href, options) => {
      if (options?.replace) {
        router.history.replace(href);
      } else {
        router.history.push(href);
      }
    },
    [router],
  );
}

/** A link to an address of the window. */
export function HrefLink({ href, ...rest }: ComponentProps<"a"> & { href: string }) {
  const go = useGo();
  return (
    // oxlint-disable-next-line jsx-a11y/anchor-has-content -- the content comes with `rest`
    <a
      {...rest}
      href={`#${href}`}
      onClick={(event) => {
        rest.onClick?.(event);
        if (!event.defaultPrevented && !event.metaKey && !event.ctrlKey && event.button === 0) {
          event.preventDefault();
          go(href);
        }
      }}
    />
  );
}
