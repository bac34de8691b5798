import { useSyncExternalStore } from "react";

// Whether the server has other pages by now than those that run here: after an update of Innkeeper what is still to be
// loaded of the old ones is gone.

const SCRIPT = /<script [^>]*src="([^"]+)"/g;
let isUpdated = false;
const listeners = new Set<() => void>();

/** Asks for the page's document, whose scripts are named by their content. */
export async function lookForUpdate(): Promise<boolean> {
  const first = await fetch("/", { cache: "no-store" }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  const mine = new Set([...document.querySelectorAll("script[src]")].map((script) => script.getAttribute("src")));
  const others = [...first.matchAll(SCRIPT)].some((script) => !mine.has(script[1] ?? ""));
  if (others && !isUpdated) {
    isUpdated = true;
    for (const tell of listeners) tell();
  }
  return isUpdated;
}

export function useUpdated(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => isUpdated,
  );
}
