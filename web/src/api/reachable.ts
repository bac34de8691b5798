import { useSyncExternalStore } from "react";

// Whether the server answers. Set by each request and by the stream of events; shown by the shell, honest for every page.

let reachable = true;
const listeners = new Set<() => void>();

export function setReachable(now: boolean): void {
  if (now === reachable) return;
  reachable = now;
  for (const tell of listeners) tell();
}

export function useReachable(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => reachable,
  );
}
