import { useEffect } from "react";

import { setReachable } from "./reachable";
import { store } from "./query";

// Server-sent events: each says what to look at again. One stream a tab, and none while nobody sees the tab, since a
// browser gives a site six connections in all.

interface Change {
  kind: string;
  id: string;
  what: "changed" | "gone";
}

const AFTER: Record<string, readonly string[]> = {
  // a change of this kind also shows in
  guest: ["guest", "host", "network", "pool"],
  network: ["network", "host"],
  pool: ["pool", "host", "image"],
  image: ["image"],
  host: ["host"],
  operation: ["operation", "schedule"],
  backup: ["backup", "schedule"],
};
/** Least time between two looks at the same thing, so that a busy host does not have us read all the time. */
const PAUSE = 400;
const HIDDEN = 20_000;

const views = new Map<string, number>();
const listeners = new Set<(change: Change) => void>();
let stream: EventSource | undefined;
let reopen: ReturnType<typeof setTimeout> | undefined;
let began = false;

function open(): void {
  const wanted = [...views.keys()].slice(0, 50).join(",");
  const fresh = new EventSource(`/api/v1/events${wanted ? `?view=${encodeURIComponent(wanted)}` : ""}`);
  const before = stream;
  stream = fresh;
  fresh.addEventListener("open", () => {
    before?.close();
    setReachable(true);
    if (began) mark(["guest", "network", "pool", "image", "host", "operation", "backup", "schedule", "guests"]);
    began = true;
  });
  fresh.addEventListener("error", () => {
    before?.close();
    if (fresh !== stream) return;
    setReachable(false);
    if (fresh.readyState === EventSource.CLOSED) schedule(3000); // refused, such as by a session that ended
  });
  fresh.addEventListener("reset", () => void store.invalidateQueries());
  fresh.addEventListener("change", (event) => {
    const change = JSON.parse(event.data as string) as Change;
    for (const tell of listeners) tell(change);
    mark(AFTER[change.kind] ?? []);
  });
}

const waiting = new Set<string>();
let last = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Those nouns are stale: at once, and then at most once in a while. */
export function mark(nouns: readonly string[]): void {
  for (const noun of nouns) waiting.add(noun);
  if (timer !== undefined || waiting.size === 0) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      last = Date.now();
      const now = new Set(waiting);
      waiting.clear();
      void store.invalidateQueries({ predicate: (query) => now.has(String(query.queryKey[0])) });
    },
    Math.max(0, last + PAUSE - Date.now()),
  );
}

function schedule(after: number): void {
  clearTimeout(reopen);
  reopen = setTimeout(open, after);
}

/** Listen from now on, until the answer is called. */
export function listen(): () => void {
  let hidden: ReturnType<typeof setTimeout> | undefined;
  const seen = () => {
    clearTimeout(hidden);
    if (document.hidden) {
      hidden = setTimeout(() => {
        stream?.close();
        stream = undefined;
      }, HIDDEN);
    } else if (!stream) open();
  };
  document.addEventListener("visibilitychange", seen);
  open();
  return () => {
    document.removeEventListener("visibilitychange", seen);
    clearTimeout(reopen);
    clearTimeout(hidden);
    stream?.close();
    stream = undefined;
  };
}

/** While a component shows it, that is looked at every second, also for changes libvirt sends no event for: `guest:web1`,
 * `pool:default`; without an id all pools, networks, images. */
export function useViewed(kind: "guest" | "network" | "pool" | "image" | "host", id = ""): void {
  useEffect(() => {
    const view = `${kind}:${id}`;
    views.set(view, (views.get(view) ?? 0) + 1);
    if (views.get(view) === 1 && stream) schedule(50);
    return () => {
      const left = (views.get(view) ?? 1) - 1;
      if (left) views.set(view, left);
      else {
        views.delete(view);
        if (stream) schedule(1000);
      }
    };
  }, [kind, id]);
}

/** Each change as it is told. */
export function onChange(tell: (change: Change) => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
