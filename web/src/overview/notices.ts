import type { Operation, Schemas } from "@/api/types";
import type { Finding } from "@/host/findings";
import { isOfJournal } from "@/operations/state";

// What needs somebody's attention: found here, in order; said and given its button in Attention.tsx.

type Row = Schemas["GuestRow"];
type Pool = Schemas["HostPool"];

export type Notice =
  | { what: "link"; link: Schemas["Link"] }
  | { what: "guest"; guest: Row; why: "crashed" | "hung" | "ioError" | "watchdog" | "failed" }
  | { what: "finding"; finding: Finding }
  | { what: "operation"; operation: Operation; why: "operationLeft" | "operationServer" | "operationResidue" }
  | { what: "pool"; pool: Pool }
  | { what: "schedule"; schedule: Schemas["ScheduleView"] };

export interface Seen {
  link?: Schemas["Link"] | undefined;
  guests?: readonly Row[] | undefined;
  findings?: readonly Finding[] | undefined;
  operations?: readonly Operation[] | undefined;
  pools?: readonly Pool[] | undefined;
  schedules?: readonly Schemas["ScheduleView"][] | undefined;
}

/** Reasons for which a guest is looked for: what they mean depends on its state too. */
export const ILL = ["crashed", "failed", "io_error", "watchdog"] as const;
const NEARLY_FULL = 0.1; // of a pool that is left
const FRESH = 7 * 86_400; // seconds for which an interrupted operation of the server is told
const LEAST = 1024 ** 3 * 20; // bytes: more than that are no little, however large the pool

export function notices(seen: Seen, now = Date.now() / 1000): readonly Notice[] {
  const { link, findings = [], pools = [], schedules = [], guests = [], operations = [] } = seen;
  const found: Notice[] = [];
  if (link && link.state !== "connected") found.push({ what: "link", link });
  for (const guest of guests) {
    const why = illness(guest);
    if (why) found.push({ what: "guest", guest, why });
  }
  for (const pool of pools) if (isNearlyFull(pool)) found.push({ what: "pool", pool });
  for (const finding of findings) if (finding.status === "problem") found.push({ what: "finding", finding });
  const again = new Set(operations.map((one) => one.retry_of));
  for (const operation of operations) {
    const why = again.has(operation.id) ? null : leftover(operation, now);
    if (why) found.push({ what: "operation", operation, why });
  }
  for (const schedule of schedules) if (schedule.missed > 0) found.push({ what: "schedule", schedule });
  return found;
}

function illness(guest: Row) {
  const { state, state_reason: reason } = guest;
  if (state === "suspended" && reason === "io_error") return "ioError";
  if (state === "suspended" && reason === "watchdog") return "watchdog";
  if (state === "suspended" && reason === "crashed") return "hung";
  if (state === "crashed" || (state === "stopped" && reason === "crashed")) return "crashed";
  return state === "stopped" && reason === "failed" ? "failed" : null;
}

function isNearlyFull(pool: Pool): boolean {
  const { active, capacity, available } = pool;
  if (!active || !capacity || available === null || available === undefined) return false;
  return available < capacity * NEARLY_FULL && available < LEAST;
}

function leftover(operation: Operation, now: number) {
  if (isOfJournal(operation)) return operation.state === "interrupted" ? "operationLeft" : null;
  if ((operation.ended ?? operation.requested ?? 0) < now - FRESH) return null;
  if (operation.left?.length) return "operationResidue";
  return operation.state === "interrupted" ? "operationServer" : null;
}

/** How grave it is: what keeps guests from running, or what could become that. */
export function gravity(notice: Notice): "danger" | "warning" {
  if (notice.what === "pool") return (notice.pool.available ?? 0) < (notice.pool.capacity ?? 0) * 0.03 ? "danger" : "warning";
  if (notice.what === "finding") return notice.finding.repairable ? "danger" : "warning";
  return notice.what === "link" || notice.what === "guest" ? "danger" : "warning";
}

export function keyOf(notice: Notice): string {
  switch (notice.what) {
    case "link":
      return "link";
    case "guest":
      return `guest ${notice.guest.uuid}`;
    case "finding":
      return `finding ${notice.finding.id} ${JSON.stringify(notice.finding.facts)}`;
    case "operation":
      return `operation ${notice.operation.id}`;
    case "pool":
      return `pool ${notice.pool.name}`;
    case "schedule":
      return `schedule ${notice.schedule.name}`;
  }
}
