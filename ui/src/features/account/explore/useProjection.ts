import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { type ProjectionPage, type ProjectionRow, backend } from "../../../backend";
import { usePages } from "../usePages";

/** How often "indexed n of m" moves while records are being decrypted. */
const INDEXING_MS = 300;

/** The chosen columns of a resource's records: decrypted once in the background, sorted and filtered there. */
export function useProjection(
  account: string,
  resource: string,
  columns: readonly string[],
  sort: { column: string; descending: boolean } | null,
  filter: string,
) {
  const [projection, setProjection] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const chosen = JSON.stringify(columns);
  useEffect(() => {
    let gone = false;
    let opened: string | null = null;
    const close = (name: string) => void backend.closeProjection(name).catch(() => undefined);
    setError(null);
    const paths = JSON.parse(chosen) as string[];
    if (paths.length > 0) {
      backend.openProjection(account, resource, paths).then(
        (answer) => {
          if (gone) {
            close(answer.projection);
          } else {
            opened = answer.projection;
            setProjection(opened);
          }
          return undefined;
        },
        (failure: Error) => setError(failure),
      );
    }
    return () => {
      gone = true;
      setProjection(null);
      if (opened !== null) {
        close(opened);
      }
    };
  }, [account, resource, chosen]);
  const pages = usePages<ProjectionRow, ProjectionPage>({
    queryKey: ["projectionPage", projection, sort, filter],
    fetch: (offset, limit) => backend.projectionPage(projection ?? "", { offset, limit, sort, filter }),
    enabled: projection !== null,
    refetchMs: (answer) => (answer && !answer.complete ? INDEXING_MS : false),
  });
  return { ...pages, error: error ?? pages.error };
}

/** The columns a resource's records could show. */
export function useColumns(account: string, resource: string, enabled: boolean) {
  return useQuery({
    queryKey: ["columns", account, resource],
    queryFn: () => backend.columns(account, resource),
    enabled,
  });
}
