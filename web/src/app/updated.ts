import { useSyncExternalStore } from "react";

// Whether the server has other pages by now than those that run here: after an update of Innkeeper what is still to be
// loaded of the old ones is gone.

const ENTRY = /\/assets\/index-[\w-]+\.js/;
let isUpdated = false;
const listeners = new Set<() => void>();

/** Asks for the pages' first file, which names all others by their content. */
export async function lookForUpdate(): Promise<boolean> {
  const mine = document.querySelector('script[type="module"][src]')?.getAttribute("src");
  const first = await fetch("/", { cache: "no-store" }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
  const theirs = ENTRY.exec(first)?.[0];
  if (mine && theirs && !mine.endsWith(theirs) && !isUpdated) {
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
