import type { Plugin } from "vite";

/** Themes of PatternFly's that no page of ours ever has, and parts that its page could have and ours has not. A rule that asks
 * whether there is a wizard anywhere in the page has all of it looked at again with each row that comes into view. */
const NEVER = /\.pf-v6-(?:theme-(?:felt|glass|high-contrast|redhat)|c-drawer|c-page__main-wizard)/;
/** Of any element: while there is such a rule, whatever comes or goes has all beside it looked at again. */
const AFTER = />\s*\*\s*\+\s*\*/g;
const NOT = /:not\((?:[^()]|\([^()]*\))*\)/g;
const EITHER = /\((?:[^()]|\([^()]*\))*,(?:[^()]|\([^()]*\))*\)/;

/** Leaves out of PatternFly's styles what nothing can show: rules for NEVER, and properties that nobody reads. */
export function lean(): Plugin {
  return {
    name: "lean",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const styles = Object.values(bundle).filter((one) => one.type === "asset" && one.fileName.endsWith(".css"));
        const scripts = Object.values(bundle).flatMap((one) => (one.type === "chunk" ? [one.code] : []));
        let texts = styles.map((one) => ruled(String("source" in one ? one.source : "")));
        const said = new Set(scripts.flatMap((code) => code.match(/--pf-[\w-]+/g) ?? []));
        for (let before = 0; before !== size(texts); ) {
          before = size(texts);
          const read = new Set([...said, ...texts.flatMap((text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((found) => found[1]!))]);
          texts = texts.map((text) => text.replace(/(--pf-[\w-]+)\s*:[^;{}]*(;|(?=\}))/g, (whole, name: string) => (read.has(name) ? whole : "")));
        }
        styles.forEach((one, index) => {
          if ("source" in one) one.source = texts[index]!;
        });
      },
    },
  };
}

const size = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0);

/** The rules that something can meet; those within `@media` and the like too. */
function ruled(css: string): string {
  let kept = "";
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf("{", at);
    const line = css.indexOf(";", at);
    if (open === -1) return kept + css.slice(at);
    if (css[at] === "@" && line !== -1 && line < open) {
      kept += css.slice(at, line + 1); // @charset, @import
      at = line + 1;
      continue;
    }
    const end = closing(css, open);
    const head = css.slice(at, open);
    const body = css.slice(open + 1, end);
    if (/^@(media|supports|container|layer)/.test(head)) {
      const inner = ruled(body);
      if (inner) kept += `${head}{${inner}}`;
    } else if (head.startsWith("@")) kept += css.slice(at, end + 1);
    else {
      const met = selectors(head).filter((one) => !isNever(one)).map((one) => one.replace(AFTER, ">:where(:not(:first-child))"));
      if (met.length > 0) kept += `${met.join(",")}{${body}}`;
    }
    at = end + 1;
  }
  return kept;
}

/** Where the brace closes that opens there. */
function closing(css: string, open: number): number {
  let depth = 0;
  let quote = "";
  for (let at = open; at < css.length; at += 1) {
    const sign = css[at]!;
    if (quote) {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "{") depth += 1;
    else if (sign === "}" && (depth -= 1) === 0) return at;
  }
  return css.length;
}

/** One that needs what never is: not as one of several that would do. */
function isNever(selector: string): boolean {
  const needed = selector.replace(NOT, "");
  return NEVER.test(needed) && !EITHER.test(needed);
}

function selectors(head: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] === "(") depth += 1;
    else if (head[at] === ")") depth -= 1;
    else if (head[at] === "," && depth === 0) {
      found.push(head.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, head.slice(from)];
}
