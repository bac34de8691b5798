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

function useLogins(): ReadonlyMap<string, Login> {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => logins,
  );
}

export function useWelcome(name: string | undefined): Login | undefined {
  const found = useLogins();
  return name === undefined ? undefined : found.get(name);
}

/** Whether there is anything to tell anywhere. */
export function useHasWelcomes(): boolean {
  return useLogins().size > 0;
}
