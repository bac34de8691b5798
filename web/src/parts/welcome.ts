import { useSyncExternalStore } from "react";

// How one logs in to guests that were made on this page: told beside them until it is closed, and kept nowhere.

export interface Login {
  user: string;
  password: string | null;
}

let logins: ReadonlyMap<string, Login> = new Map();
const listeners = new Set<() => void>();

function change(next: Map<string, Login>): void {
  logins = next;
  for (const tell of listeners) tell();
}

export function welcome(name: string, login: Login | null): void {
  const next = new Map(logins);
  if (login) next.set(name, login);
  else next.delete(name);
  change(next);
}

export function useWelcome(name: string | undefined): Login | undefined {
  const found = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => logins,
  );
  return name === undefined ? undefined : found.get(name);
}
