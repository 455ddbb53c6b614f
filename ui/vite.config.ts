import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  clearScreen: false,
  // WebKitGTK 2.40 (Debian 12) and WKWebView of macOS 13 are the oldest engines that show this.
  build: { target: "safari16", outDir: "dist" },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    // The machine may be busy with other work: a slow test is not a wrong one.
    testTimeout: 60_000,
    setupFiles: ["src/testing/setup.ts"],
  },
});
