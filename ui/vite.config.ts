import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Tests without a screen that touch the document all the same.
const DRAWING = ["src/components/clipboard.test.ts", "src/keyboard/chords.test.ts"];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  clearScreen: false,
  // WebKitGTK 2.40 (Debian 12) and WKWebView of macOS 13 are the oldest engines that show this.
  build: { target: "safari16", outDir: "dist" },
  test: {
    // The machine may be busy with other work: a slow test is not a wrong one.
    testTimeout: 60_000,
    // What draws needs a document, which takes longer to make than most decisions take to test.
    projects: [
      { extends: true, test: { name: "decisions", environment: "node", include: ["src/**/*.test.ts"], exclude: DRAWING } },
      {
        extends: true,
        test: { name: "screens", environment: "jsdom", include: ["src/**/*.test.tsx", ...DRAWING], setupFiles: ["src/testing/setup.ts"] },
      },
    ],
  },
});
