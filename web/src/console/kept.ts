import { useCallback, useState } from "react";

/** A choice that this browser remembers. */
export function useKept<T extends string>(name: string, values: readonly T[], first: T): [T, (value: T) => void] {
  const key = `innkeeper.console.${name}`;
  const [value, setValue] = useState<T>(() => {
    const kept = localStorage.getItem(key) as T | null;
    return kept !== null && values.includes(kept) ? kept : first;
  });
  const choose = useCallback(
    (next: T) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
    [key],
  );
  return [value, choose];
}
