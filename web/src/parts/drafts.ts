import { useCallback, useSyncExternalStore } from "react";

// What somebody typed and did not save yet. It outlives the component: nothing is lost by another tab, another page, a
// session that ended, or a line that broke. What may be written down is in the tab's own storage too, and outlives a reload.
// The browser asks before what matters is thrown away with the page.

/** What of a draft may be written down: no secrets. */
export interface Kept {
  stored: unknown;
  /** all of it is in there */
  isWhole: boolean;
  /** somebody typed something: the browser asks before it is lost */
  matters: boolean;
}

const STORAGE = "innkeeper.drafts";
const NOWHERE: Kept = { stored: undefined, isWhole: false, matters: true };
const drafts = new Map<string, unknown>();
const kept = new Map<string, Kept>();
const listeners = new Set<() => void>();

for (const [key, stored] of Object.entries(JSON.parse(sessionStorage.getItem(STORAGE) ?? "{}") as Record<string, unknown>)) {
  drafts.set(key, stored);
  kept.set(key, { stored, isWhole: true, matters: true });
}
watch();

function refuseToLeave(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function watch(asks = [...kept.values()].some((one) => one.matters)): void {
  if (asks) addEventListener("beforeunload", refuseToLeave);
  else removeEventListener("beforeunload", refuseToLeave);
}

function set(key: string, next: unknown, keep: Kept): void {
  if (next === undefined) {
    drafts.delete(key);
    kept.delete(key);
  } else {
    drafts.set(key, next);
    kept.set(key, keep);
  }
  const stored = [...kept].filter(([, one]) => one.stored !== undefined).map(([at, one]) => [at, one.stored]);
  sessionStorage.setItem(STORAGE, JSON.stringify(Object.fromEntries(stored)));
  watch();
  for (const tell of listeners) tell();
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** What was typed there and not saved; undefined: nothing. `keep`: what of it may be written down; without: nothing. */
export function useDraft<T>(key: string, keep?: (draft: T) => Kept): [T | undefined, (next: T | undefined) => void, () => T | undefined] {
  const draft = useSyncExternalStore(listen, () => drafts.get(key) as T | undefined);
  const change = useCallback(
    (next: T | undefined) => set(key, next, keep && next !== undefined ? keep(next) : NOWHERE),
    [key, keep],
  );
  const peek = useCallback(() => drafts.get(key) as T | undefined, [key]); // as it is now, not when it was drawn
  return [draft, change, peek];
}

/** Of a draft without secrets. */
export function whole(draft: unknown): Kept {
  return { stored: draft, isWhole: true, matters: true };
}

/** Which parts of that thing have something unsaved. Keys are `THING/PART`. */
export function useHasDraft(thing: string): (part: string) => boolean {
  useSyncExternalStore(listen, () => [...drafts.keys()].join(" "));
  return (part) => drafts.has(`${thing}/${part}`);
}

/** Loads the pages anew; the browser asks where something typed would be lost by that. */
export function reload(): void {
  watch([...kept.values()].some((one) => one.matters && !one.isWhole));
  location.reload();
  watch();
}
