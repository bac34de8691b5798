import { useSyncExternalStore } from "react";

import { act } from "@/api/act";
import { ApiProblem } from "@/api/problem";
import type { ActionId } from "@/guest/actions/reasons";

import type { GuestRow } from "./rows";

// One thing done to many guests: a few at a time, each an operation of its own. It goes on when its dialog is closed.

export type BulkAction = Exclude<ActionId, "rename" | "discard" | "export"> | "purge" | "undelete";

export interface Choice {
  /** at once: cut off, reset; of a delete: those that run are cut off */
  force?: boolean;
  keepDisks?: boolean;
}

export interface Job {
  id: number;
  action: BulkAction;
  total: number;
  done: number;
  failed: readonly { name: string; problem: ApiProblem }[];
  /** nothing more is begun */
  isStopped: boolean;
  isOver: boolean;
}

const AT_ONCE = 6;

const PERFORM: Record<BulkAction, (guest: GuestRow, choice: Choice) => Promise<unknown>> = {
  start: ({ name, state }) =>
    state === "saved" ? act("guest.restore", { name }, name, QUIET) : act("guest.start", { name }, name, QUIET),
  stop: ({ name, state }, { force }) =>
    act("guest.stop", force || state === "suspended" ? { name, force: true } : { name }, name, QUIET),
  restart: ({ name }, { force }) =>
    force ? act("guest.reset", { name }, name, QUIET) : act("guest.reboot", { name }, name, QUIET),
  suspend: ({ name }) => act("guest.suspend", { name }, name, QUIET),
  resume: ({ name }) => act("guest.resume", { name }, name, QUIET),
  save: ({ name }) => act("guest.save", { name }, name, QUIET),
  protect: ({ name }) => act("guest.protect", { name, protected: true }, name, QUIET),
  unprotect: ({ name }) => act("guest.protect", { name, protected: false }, name, QUIET),
  delete: ({ name }, { force }) => act("guest.delete", force ? { name, force } : { name }, name, QUIET),
  // A name may be in the bin more than once.
  purge: ({ name, uuid }, { keepDisks }) =>
    act("guest.purge", { name: uuid, keep_disks: keepDisks ?? false }, name, QUIET),
  undelete: ({ name, uuid }) => act("guest.undelete", { name: uuid }, name, QUIET),
};
const QUIET = { isQuiet: true };

let jobs: readonly Job[] = [];
let number = 0;
const listeners = new Set<() => void>();

function change(id: number, what: (job: Job) => Partial<Job>): void {
  jobs = jobs.map((job) => (job.id === id ? { ...job, ...what(job) } : job));
  for (const tell of listeners) tell();
}

/** What was begun on this page and not put away, the newest first. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => jobs,
  );
}

export function putAway(id: number): void {
  jobs = jobs.filter((job) => job.id !== id);
  for (const tell of listeners) tell();
}

/** Those that were begun go on. */
export function beginNoMore(id: number): void {
  change(id, () => ({ isStopped: true }));
}

export async function beginJob(action: BulkAction, guests: readonly GuestRow[], choice: Choice): Promise<void> {
  const id = (number += 1);
  jobs = [{ id, action, total: guests.length, done: 0, failed: [], isStopped: false, isOver: false }, ...jobs];
  for (const tell of listeners) tell();
  const waiting = [...guests];
  const work = async () => {
    while (!jobs.find((job) => job.id === id)?.isStopped) {
      const guest = waiting.shift();
      if (!guest) return;
      try {
        await PERFORM[action](guest, choice);
        change(id, (job) => ({ done: job.done + 1 }));
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        change(id, (job) => ({ failed: [...job.failed, { name: guest.name, problem: error }] }));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  change(id, () => ({ isOver: true }));
}
