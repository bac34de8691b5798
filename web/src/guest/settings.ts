import type { Fields } from "@/api/types";
import { size } from "@/text/format";
import type { Say } from "@/text/texts";

import type { Hardware } from "./hardware";
import type { hardwareTexts } from "./hardwareTexts";
import type { Guest } from "./Page";

export interface Settings {
  cpus: number;
  maxCpus: number;
  /** bytes */
  memory: number;
  maxMemory: number;
  autostart: boolean;
  /** empty: none */
  startOrder: string;
  startDelay: string;
}
/** What was changed and not saved; NaN: no number was typed. */
export type Draft = Partial<Settings> & { nextStart?: boolean };
type T = Say<(typeof hardwareTexts)["keys"]>;

/** What is stored of it: what its next start is made of. */
export function stored(guest: Guest, hardware: Hardware): Settings {
  return {
    cpus: hardware.cpus,
    maxCpus: hardware.maxCpus,
    memory: hardware.memory,
    maxMemory: hardware.maxMemory,
    autostart: guest.autostart,
    startOrder: guest.start_order === null ? "" : String(guest.start_order),
    startDelay: guest.start_delay === null ? "" : String(guest.start_delay),
  };
}

/** What the form shows. Who has no room to grow gets none, as long as nobody asks for it. */
export function shown(now: Settings, draft: Draft): Settings {
  const next = { ...now, ...draft };
  if (draft.maxCpus === undefined) next.maxCpus = now.cpus === now.maxCpus ? next.cpus : Math.max(now.maxCpus, next.cpus);
  if (draft.maxMemory === undefined) next.maxMemory = now.memory === now.maxMemory ? next.memory : Math.max(now.maxMemory, next.memory);
  return next;
}

const whole = (text: string, least: number, most: number) => text === "" || (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most);

/** What is wrong, by field. */
export function faults(next: Settings, t: T): Partial<Record<keyof Settings, string>> {
  const found: Partial<Record<keyof Settings, string>> = {};
  for (const name of ["cpus", "maxCpus"] as const) {
    if (name === "maxCpus" && found.cpus) continue; // it follows
    if (!(Number.isInteger(next[name]) && next[name] >= 1 && next[name] <= 4096)) found[name] = t("badNumber", { least: 1, most: 4096 });
  }
  if (!(next.memory >= 1024 ** 2)) found.memory = t("badMemory");
  else if (!(next.maxMemory >= 1024 ** 2)) found.maxMemory = t("badMemory");
  if (!found.cpus && !found.maxCpus && next.maxCpus < next.cpus) found.maxCpus = t("overMost");
  if (!found.memory && !found.maxMemory && next.maxMemory < next.memory) found.maxMemory = t("overMost");
  if (!whole(next.startOrder, 1, 9999)) found.startOrder = t("badNumber", { least: 1, most: 9999 });
  if (!whole(next.startDelay, 0, 3600)) found.startDelay = t("badNumber", { least: 0, most: 3600 });
  return found;
}

/** When it takes effect, as far as that can be foreseen; the answer says it for sure. Undefined: it is off, so always then. */
export function when(name: "cpus" | "memory", next: Settings, draft: Draft, guest: Guest, hardware: Hardware, t: T): string | undefined {
  if (!["running", "suspended"].includes(guest.state)) return undefined;
  if (draft.nextStart) return t("next");
  if (name === "cpus") {
    const most = guest.max_cpus ?? guest.cpus;
    if (next.cpus < guest.cpus) return t("nextCpusFewer");
    if (next.cpus > most) return t("nextCpusMost", { most });
    return guest.firmware !== "bios" && next.cpus !== guest.cpus ? t("nextUefi") : t("now");
  }
  const most = guest.max_memory ?? guest.memory;
  if (next.memory > most) return t("nextMemoryMost", { most: size(most) });
  return hardware.hasBalloon ? t("now") : t("nextBalloon");
}

/** The request that makes it so. */
export function request(name: string, now: Settings, draft: Draft): Fields<"guest.set"> {
  const fields: Record<string, unknown> = { name };
  const clear: string[] = [];
  const changed = <K extends keyof Settings>(key: K) => draft[key] !== undefined && draft[key] !== now[key];
  if (changed("cpus")) fields.cpus = draft.cpus;
  if (changed("maxCpus")) fields.max_cpus = draft.maxCpus;
  if (changed("memory")) fields.memory = draft.memory;
  if (changed("maxMemory")) fields.max_memory = draft.maxMemory;
  if (changed("autostart")) fields.autostart = draft.autostart;
  for (const [key, field] of [["startOrder", "start_order"], ["startDelay", "start_delay"]] as const) {
    if (!changed(key)) continue;
    if (draft[key] === "") clear.push(field);
    else fields[field] = Number(draft[key]);
  }
  if (clear.length) fields.clear = clear;
  if (draft.nextStart) fields.next_start = true;
  return fields as Fields<"guest.set">;
}

export function isChanged(now: Settings, draft: Draft): boolean {
  return (Object.keys(now) as (keyof Settings)[]).some((key) => draft[key] !== undefined && !Object.is(draft[key], now[key]));
}
