import { useCallback, useSyncExternalStore } from "react";

// What somebody typed and did not save yet. It outlives the component: nothing is lost by another tab, another page, a
// session that ended, or a line that broke. The browser asks before it throws it away with the page.

const drafts = new Map<string, unknown>();
const listeners = new Set<() => void>();

function refuseToLeave(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function set(key: string, next: unknown): void {
  const before = drafts.size;
  if (next === undefined) drafts.delete(key);
  else drafts.set(key, next);
  if (!before && drafts.size) addEventListener("beforeunload", refuseToLeave);
  if (before && !drafts.size) removeEventListener("beforeunload", refuseToLeave);
  for (const tell of listeners) tell();
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** What was typed there and not saved; undefined: nothing. */
export function useDraft<T>(key: string): [T | undefined, (next: T | undefined) => void] {
  const draft = useSyncExternalStore(listen, () => drafts.get(key) as T | undefined);
  const change = useCallback((next: T | undefined) => set(key, next), [key]);
  return [draft, change];
}

/** Which parts of that thing have something unsaved. Keys are `THING/PART`. */
export function useHasDraft(thing: string): (part: string) => boolean {
  useSyncExternalStore(listen, () => [...drafts.keys()].join(" "));
  return (part) => drafts.has(`${thing}/${part}`);
}
