import type { Schemas } from "@/api/types";

import type { texts } from "./texts";

// Which action a guest in that state can take, and why not: what the server would refuse is told before it is asked.

export type ActionId =
  | "start" | "stop" | "restart" | "suspend" | "resume" | "save" | "discard" | "export" | "rename" | "protect" | "unprotect" | "delete";

export interface About {
  name: string;
  state: string;
  /** unknown where nobody asked for it */
  protected?: boolean | null | undefined;
}

type Why = keyof (typeof texts)["keys"];
type Table = Readonly<Record<string, Why>>;

const UNUSABLE: Table = { creating: "isMade", deleted: "isInBin" };
const OFF: Table = { stopped: "isOff", crashed: "isOff", saved: "isSaved" };
const ACTIVE = ["running", "suspended", "stopping", "sleeping"];
const each = (states: readonly string[], why: Why): Table => Object.fromEntries(states.map((state) => [state, why]));

/** action → state → why not; a state that is not there: it can be done */
const REFUSED: Readonly<Record<ActionId, Table>> = {
  start: { ...UNUSABLE, running: "runsAlready", stopping: "isStopping", suspended: "resumeFirst", sleeping: "resumeFirst" },
  stop: { ...UNUSABLE, stopped: "isOff", saved: "isSaved" },
  restart: { ...UNUSABLE, ...OFF, suspended: "resumeFirst", sleeping: "resumeFirst" },
  suspend: { ...UNUSABLE, ...OFF, suspended: "suspendedAlready", sleeping: "resumeFirst" },
  resume: { ...UNUSABLE, ...OFF, running: "notSuspended", stopping: "notSuspended" },
  save: { ...UNUSABLE, ...OFF, saved: "savedAlready", sleeping: "resumeFirst" },
  discard: { ...UNUSABLE, ...each([...ACTIVE, "stopped", "crashed"], "nothingSaved") },
  export: { ...UNUSABLE, stopping: "isStopping" },
  rename: { ...UNUSABLE, ...each(ACTIVE, "stopFirst"), saved: "savedWouldBeLost" },
  protect: { creating: "isMade" },
  unprotect: { creating: "isMade" },
  delete: { ...UNUSABLE, saved: "savedWouldBeLost" },
};

const FOR_ADMINS: ReadonlySet<ActionId> = new Set<ActionId>(["export", "rename", "protect", "unprotect", "delete"]);

/** The id of the text that says why this cannot be done to that guest now; undefined: it can. */
export function whyNot(action: ActionId, guest: About, role: Schemas["Who"]["role"]): Why | undefined {
  if (role === "viewer") return "onlyLooks";
  if (role === "operator" && FOR_ADMINS.has(action)) return "onlyUses";
  const why = REFUSED[action][guest.state];
  if (why) return why;
  if (action === "delete" && guest.protected) return "isProtected";
  if (action === "protect" && guest.protected) return "protectedAlready";
  if (action === "unprotect" && guest.protected === false) return "notProtected";
  return undefined;
}

/** Whether it holds a place in the host's memory, so that it can be cut off. */
export function isActive(state: string): boolean {
  return ACTIVE.includes(state);
}
