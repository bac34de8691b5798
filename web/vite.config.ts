import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

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
  plugins: [react(), packed()],
  resolve: { alias: { "@": new URL("src", import.meta.url).pathname } },
  build: {
    outDir: "../src/innkeeper/server/web_files",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or scripts
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
    // What (nearly) every page needs comes at once: small parts of their own pack badly.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "common", minShareCount: 12 }] } } },
  },
  // For work on the pages: `npx vite` beside an `inn serve`.
  server: { proxy: { "/api": { target: "http://127.0.0.1:8006", ws: true } } },
});
