import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { lean } from "./lean";
import { preloads } from "./preloads";

/** Each text file once more as .gz, so that the server packs nothing. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle({ dir }) {
      for (const file of readdirSync(dir!, { recursive: true, withFileTypes: true })) {
        const path = join(file.parentPath, file.name);
        if (file.isFile() && /\.(js|css|html|svg|json)$/.test(path)) writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

// script/web runs this; the files become part of the Python package and are served by innkeeper.server.web_pages.
export default defineConfig({
  plugins: [react(), lean(), preloads(), packed()],
  resolve: { alias: { "@": new URL("src", import.meta.url).pathname } },
  build: {
    outDir: "../src/innkeeper/server/web_files",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
    // A few files at once: many small ones pack badly, and each is asked for by itself. What is around every page is one,
    // the overview, which is seen first, another, and what many others share a third.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "shell", test: /\/web\/src\/(main|app\/)/, priority: 3 },
            { name: "overview", test: /\/web\/src\/overview\//, priority: 2 },
            { name: "common", minShareCount: 12, priority: 1 },
          ],
        },
      },
    },
  },
  // For work on the pages: `npx vite` beside an `inn serve`.
  server: { proxy: { "/api": { target: "http://127.0.0.1:8006", ws: true } } },
});
