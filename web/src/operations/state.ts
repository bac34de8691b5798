import type { Operation } from "@/api/types";

export const UNDER_WAY = ["queued", "running"] as const;
export const NOT_WELL = ["failed", "refused", "cancelled", "timeout", "interrupted", "unknown"] as const;

export function isUnderWay(operation: Operation): boolean {
  return operation.state === "queued" || operation.state === "running";
}

/** Of the command line's journal; those of the server say who asked. */
export function isOfJournal(operation: Operation): boolean {
  return operation.requested === null || operation.requested === undefined;
}

/** When it was asked for, or began. */
export function since(operation: Operation): number | null {
  return operation.requested ?? operation.began ?? null;
}

/** Seconds that it took, or takes by now. */
export function taken(operation: Operation, now = Date.now() / 1000): number | null {
  const began = operation.began ?? operation.requested;
  if (began === null || began === undefined) return null;
  if (operation.ended) return Math.max(0, operation.ended - began);
  return isUnderWay(operation) ? Math.max(0, now - began) : null;
}

/** Where what it is about can be seen. */
export function placeOf(operation: Operation): string | null {
  const noun = operation.verb.split(".")[0];
  if (operation.verb === "guest.create" && operation.state !== "done") return null; // it may never have come to be
  if (noun === "guest" && !["guest.purge", "guest.delete"].includes(operation.verb) && operation.target) {
    return `/guests/${encodeURIComponent(operation.target)}`;
  }
  if (operation.verb === "backup.restore") { // it is about the backup, and answers with the guest
    const made = (operation.result as { name?: unknown } | null | undefined)?.name;
    return typeof made === "string" ? `/guests/${encodeURIComponent(made)}` : null;
  }
  if (operation.verb === "backup.create") return `/guests/${encodeURIComponent(operation.target)}/backups`;
  if (noun === "image") return "/images";
  if (noun === "host") return "/host";
  if (noun === "volume") return "/storage";
  if (operation.verb === "guest.delete") return "/bin";
  return null;
}
