import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { look } from "@/api/client";
import { onChange } from "@/api/events";
import type { ApiProblem } from "@/api/problem";
import { store } from "@/api/query";
import type { Schemas } from "@/api/types";

// All guests of the host, those in the bin too. Read once; then an event about a guest has that one read again and
// nothing else, so that ten thousand of them cost no more than ten.

export type GuestRow = Schemas["GuestRow"];

const KEY = ["guests"] as const;
/** Milliseconds between two looks at what changed. */
const PAUSE = 250;
/** Guests that are asked for by name; of more, all are read. */
const MANY = 100;

const changed = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let last = 0;

onChange((event) => {
  const isKnown = store.getQueryData(KEY) !== undefined;
  // Where they could not be read, such as while libvirt was away, all are, as soon as anything of the host is other.
  if (!(event.kind === "guest" || (event.kind === "host" && !isKnown))) return;
  if (event.kind === "guest") changed.add(event.id);
  later();
});

function later(): void {
  timer ??= setTimeout(() => void patch(), Math.max(0, last + PAUSE - Date.now()));
}

async function patch(): Promise<void> {
  timer = undefined;
  last = Date.now();
  const query = store.getQueryCache().find({ queryKey: KEY });
  if (query?.state.fetchStatus === "fetching") return later(); // its answer may be older than what changed
  const wanted = [...changed];
  changed.clear();
  if (!query) return;
  if (!query.state.data || query.getObserversCount() === 0 || wanted.length > MANY) return void store.invalidateQueries({ queryKey: KEY });
  try {
    const found = await look("guest.list", { all: true, long: true, uuid: wanted });
    store.setQueryData<readonly GuestRow[]>(KEY, (rows) => rows && merged(rows, wanted, found));
  } catch {
    void store.invalidateQueries({ queryKey: KEY });
  }
}

/** The rows, of which those were looked at again. */
function merged(rows: readonly GuestRow[], wanted: readonly string[], found: readonly GuestRow[]): readonly GuestRow[] {
  const fresh = new Map(found.map((row) => [row.uuid, row]));
  const gone = new Set(wanted.filter((uuid) => !fresh.has(uuid)));
  const kept = rows.filter((row) => !gone.has(row.uuid)).map((row) => {
    const now = fresh.get(row.uuid);
    fresh.delete(row.uuid);
    return now ?? row;
  });
  return [...kept, ...fresh.values()];
}

const reading = { queryKey: KEY, queryFn: ({ signal }: { signal: AbortSignal }) => look("guest.list", { all: true, long: true }, signal) };

/** Asks for them while the page is still being drawn. */
export function guestsAhead(): void {
  void store.prefetchQuery<readonly GuestRow[]>(reading);
}

/** Those in the bin, or all others. */
export function useGuestRows(which: "bin" | "here"): UseQueryResult<readonly GuestRow[], ApiProblem> {
  return useQuery<readonly GuestRow[], ApiProblem>({
    ...reading,
    select: which === "bin" ? inBin : here,
  });
}

const inBin = (rows: readonly GuestRow[]) => rows.filter((row) => row.state === "deleted");
const here = (rows: readonly GuestRow[]) => rows.filter((row) => row.state !== "deleted");
