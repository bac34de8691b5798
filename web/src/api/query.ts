import { QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";

import { look } from "./client";
import { ApiProblem } from "./problem";
import type { Answer, Fields, Verb } from "./types";

// The one store. A key is [noun, verb, fields]: an event about a noun marks all that was read of it as stale.

export const store = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always", // the server may be on this very computer: what the browser takes for offline says nothing
      staleTime: 60_000, // events say earlier when to look again
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false, // the stream of events catches up (events.ts)
      retry: (count, error) => error instanceof ApiProblem && error.unreachable && count < 2,
    },
  },
});

export type Noun =
  | "guest" | "network" | "pool" | "image" | "host" | "operation" | "backup" | "schedule" | "token" | "session" | "samples" | "doctor";

/** Asks now for what a page will look at that is still being drawn. */
export function lookAhead<V extends Verb>(noun: Noun, verb: V, fields: Fields<V>): void {
  void store.prefetchQuery({ queryKey: [noun, verb, fields], queryFn: ({ signal }) => look(verb, fields, signal) });
}

/** What a verb answers, kept fresh by events about the noun. `undefined` fields: not yet. */
export function useLook<V extends Verb>(
  noun: Noun,
  verb: V,
  fields: Fields<V> | undefined,
  options: { every?: number | undefined; keep?: boolean | undefined } = {},
): UseQueryResult<Answer<V>, ApiProblem> {
  return useQuery<Answer<V>, ApiProblem>({
    queryKey: [noun, verb, fields],
    queryFn: ({ signal }) => look(verb, fields as Fields<V>, signal),
    enabled: fields !== undefined,
    ...(options.every ? { refetchInterval: options.every } : {}),
    ...(options.keep ? { placeholderData: (before: Answer<V> | undefined) => before } : {}),
  } as Parameters<typeof useQuery<Answer<V>, ApiProblem>>[0]);
}
