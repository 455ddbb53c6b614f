import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RouterHistory, RouterProvider } from "@tanstack/react-router";
import { useState } from "react";

import { makeRouter } from "./router";

/** A client for a workspace on this machine: no network to retry over, nothing to refetch on focus. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } },
  });
}

/** The whole window over a history of places. `asked` holds what was asked for before. */
export function App({ history, asked }: { history: RouterHistory; asked?: QueryClient }) {
  const [client] = useState(() => asked ?? makeQueryClient());
  const [router] = useState(() => makeRouter(history));
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
