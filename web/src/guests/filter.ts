import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import type { GuestRow } from "./rows";

// Which guests are shown. It stands in the address, so that it can be kept, sent to somebody, and gone back to.

export interface Filter {
  text: string;
  states: readonly string[];
  /** `env=prod` */
  labels: readonly string[];
}

export function useFilter(): { filter: Filter; change: (what: Partial<Filter>) => void; isAny: boolean } {
  const [params, setParams] = useSearchParams();
  const filter = useMemo<Filter>(
    () => ({ text: params.get("q") ?? "", states: params.getAll("state"), labels: params.getAll("label") }),
    [params],
  );
  const change = useCallback(
    (what: Partial<Filter>) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (what.text !== undefined) put(next, "q", what.text ? [what.text] : []);
          if (what.states) put(next, "state", what.states);
          if (what.labels) put(next, "label", what.labels);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { filter, change, isAny: Boolean(filter.text || filter.states.length || filter.labels.length) };
}

function put(params: URLSearchParams, name: string, values: readonly string[]): void {
  params.delete(name);
  for (const value of values) params.append(name, value);
}

export const NOTHING: Filter = { text: "", states: [], labels: [] };

export function labelsOf(row: GuestRow): readonly string[] {
  return Object.entries(row.labels ?? {}).map(([key, value]) => (value ? `${key}=${value}` : key)).sort();
}

/** Those that match: every word stands in name, title, UUID or a label; one of the states; all of the labels. */
export function matching(rows: readonly GuestRow[], { text, states, labels }: Filter): readonly GuestRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length + states.length + labels.length === 0) return rows;
  return rows.filter((row) => {
    if (states.length > 0 && !states.includes(row.state)) return false;
    const own = words.length > 0 || labels.length > 0 ? labelsOf(row) : [];
    if (!labels.every((label) => own.includes(label))) return false;
    if (words.length === 0) return true;
    const all = `${row.name} ${row.title ?? ""} ${row.uuid} ${own.join(" ")}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export interface SavedFilter {
  name: string;
  filter: Filter;
}
const KEPT = "innkeeper.guest-filters";

export function savedFilters(): readonly SavedFilter[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]") as SavedFilter[];
  } catch {
    return [];
  }
}

export function keepFilters(filters: readonly SavedFilter[]): void {
  localStorage.setItem(KEPT, JSON.stringify(filters));
}
