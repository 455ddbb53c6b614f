import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Overview } from "./features/overview/Overview";
import "./index.css";

// The workspace is on this machine: there is no network to retry over and nothing to refetch on focus.
const client = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Overview />
      </QueryClientProvider>
    </StrictMode>,
  );
}
