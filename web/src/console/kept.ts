import { useCallback, useState } from "react";

const keyOf = (name: string) => `innkeeper.console.${name}`;

/** What this browser remembers of a choice. */
export function kept<T extends string>(name: string, values: readonly T[], first: T): T {
  const found = localStorage.getItem(keyOf(name)) as T | null;
  return found !== null && values.includes(found) ? found : first;
}

/** A choice that this browser remembers. */
export function useKept<T extends string>(name: string, values: readonly T[], first: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => kept(name, values, first));
  const choose = useCallback(
    (next: T) => {
      localStorage.setItem(keyOf(name), next);
      setValue(next);
    },
    [name],
  );
  return [value, choose];
}
