import { useSyncExternalStore } from "react";

const MARK = "pf-v6-theme-dark";

function watch(tell: () => void): () => void {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}

/** Whether the page is dark now: for what is drawn rather than styled. */
export function useDark(): boolean {
  return useSyncExternalStore(watch, () => document.documentElement.classList.contains(MARK));
}
