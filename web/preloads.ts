import type { Plugin, Rolldown } from "vite";

/** Writes down which files each page is made of (`preloads.json`: folder → files), so that the server can tell a browser
 * with the first answer, instead of one file telling the next. */
export function preloads(): Plugin {
  return {
    name: "preloads",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const page = bundle["index.html"];
        const named = page?.type === "asset" ? [...String(page.source).matchAll(/"\/(assets\/[^"]+)"/g)].map((one) => one[1]!) : [];
        const known = new Set(named.flatMap((name) => [...filesOf(name, bundle)]));
        const found: Record<string, string[]> = {};
        for (const one of Object.values(bundle)) {
          const folder = one.type === "chunk" && one.isDynamicEntry ? /\/src\/(\w+)\/(?:Page|Window)\.tsx$/.exec(one.facadeModuleId ?? "")?.[1] : undefined;
          if (folder) found[folder] = [...filesOf(one.fileName, bundle)].filter((file) => !known.has(file)).sort();
        }
        this.emitFile({ type: "asset", fileName: "preloads.json", source: JSON.stringify(found) });
      },
    },
  };
}

/** That one, and what it cannot begin without. */
function filesOf(name: string, bundle: Rolldown.OutputBundle, found = new Set<string>()): Set<string> {
  const one = bundle[name];
  if (!one || found.has(name)) return found;
  found.add(name);
  if (one.type !== "chunk") return found;
  for (const style of (one as { viteMetadata?: { importedCss: Set<string> } }).viteMetadata?.importedCss ?? []) found.add(style);
  for (const other of one.imports) filesOf(other, bundle, found);
  return found;
}
