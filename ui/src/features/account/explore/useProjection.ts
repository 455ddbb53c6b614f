import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { type ProjectionPage, type ProjectionRow, type ResourceRow, backend } from "../../../backend";
import { usePages } from "../usePages";

/** How often "indexed n of m" moves while records are being decrypted. */
const INDEXING_MS = 300;

/** What changes when a resource's records were stored anew: by a run, whoever began it, or by a question to the provider. */
export function stampOf({ stored, last_run: run }: Pick<ResourceRow, "stored" | "last_run">): string {
  return `${stored} ${run?.run ?? ""} ${run?.ended_at ?? ""}`;
}

function close(projection: string) {
  void backend.closeProjection(projection).catch(() => undefined);
}

/** Resolves once a projection holds all it will, or its asker has gone. */
async function untilWhole(projection: string, isGone: () => boolean) {
  while (!isGone()) {
    const page = await backend.projectionPage(projection, { offset: 0, limit: 1, sort: null, filter: "" });
    if (page.complete || page.stopped !== null) {
      return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, INDEXING_MS);
    });
  }
}

/**
 * The chosen columns of a resource's records: decrypted once in the background, sorted and filtered there. With another
 * `stamp` they are decrypted again, and what is shown stays until that is done, so that one keeps one's place in it.
 */
export function useProjection(
  account: string,
  resource: string,
  columns: readonly string[],
  sort: { column: string; descending: boolean } | null,
  filter: string,
  stamp: string,
) {
  const [projection, setProjection] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [renewing, setRenewing] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const held = useRef<{ name: string; of: string } | null>(null);
  const chosen = JSON.stringify(columns);
  useEffect(() => {
    let gone = false;
    const of = JSON.stringify([account, resource, chosen]);
    const paths = JSON.parse(chosen) as string[];
    const renews = held.current?.of === of;
    if (!renews) {
      if (held.current) {
        close(held.current.name);
      }
      held.current = null;
      setProjection(null);
    }
    setRenewing(renews);
    setError(null);
    const open = async () => {
      const fresh = (await backend.openProjection(account, resource, paths)).projection;
      try {
        if (renews) {
          await untilWhole(fresh, () => gone);
        }
      } catch (failure) {
        close(fresh);
        throw failure;
      }
      if (gone) {
        close(fresh);
        return;
      }
      const old = held.current;
      held.current = { name: fresh, of };
      setProjection(fresh);
      setRenewing(false);
      if (old) {
        close(old.name);
      }
    };
    if (paths.length > 0) {
      open().catch((failure: Error) => {
        if (!gone) {
          setError(failure);
        }
      });
    }
    return () => {
      gone = true;
    };
  }, [account, resource, chosen, stamp, attempt]);
  useEffect(
    () => () => {
      if (held.current) {
        close(held.current.name);
        held.current = null;
      }
    },
    [],
  );
  const pages = usePages<ProjectionRow, ProjectionPage>({
    queryKey: ["projectionPage", projection, sort, filter],
    fetch: (offset, limit) => backend.projectionPage(projection ?? "", { offset, limit, sort, filter }),
    enabled: projection !== null,
    refetchMs: (answer) => (answer && !answer.complete ? INDEXING_MS : false),
  });
  // Both may need more memory than there is; then the one that is shown gives way, and its rows stay where they are read.
  return {
    ...pages,
    error: error ?? (renewing ? null : pages.error),
    refetch: () => {
      if (error) {
        setAttempt((before) => before + 1);
      } else {
        pages.refetch();
      }
    },
  };
}

/** The columns a resource's records could show. */
export function useColumns(account: string, resource: string, enabled: boolean) {
  return useQuery({
    queryKey: ["columns", account, resource],
    queryFn: () => backend.columns(account, resource),
    enabled,
  });
}
