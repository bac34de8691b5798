import type { Facts } from "@/text/texts";

import type { texts } from "./texts";

// Where on the pages something is done about an error: a link, beside the words `page.CODE` of the server's catalogue. For
// whoever never saw a terminal, and with the same names as the command line has them.

type Label = keyof (typeof texts)["keys"] & `to${string}`;
type Where = readonly [label: Label, path: string];

const GUEST: Where = ["toGuest", "/guests/{name}"];
const CONSOLE: Where = ["toConsole", "/guests/{name}/console"];
const HARDWARE: Where = ["toHardware", "/guests/{name}/hardware"];
const XML: Where = ["toXml", "/guests/{name}/xml"];
const LOGS: Where = ["toLogs", "/guests/{name}/history"];
const BACKUPS: Where = ["toBackups", "/guests/{name}/backups"];
const GUESTS: Where = ["toGuests", "/guests"];
const BIN: Where = ["toBin", "/bin"];
const IMAGES: Where = ["toImages", "/images"];
const CATALOGUE: Where = ["toCatalogue", "/images?tab=catalogue"];
const STORAGE: Where = ["toStorage", "/storage"];
const OPERATIONS: Where = ["toOperations", "/operations"];
const OPERATION: Where = ["toOperation", "/operations/{id}"];
const FINDINGS: Where = ["toFindings", "/host/doctor"];

const PLACES: Readonly<Record<string, Where>> = {
  "guest.unknown": GUESTS,
  "guest.in_bin": BIN,
  "guest.exists": GUEST,
  "guest.unfinished": OPERATIONS,
  "guest.still_running": CONSOLE,
  "guest.wait_ran_out": CONSOLE,
  "guest.wait_stopped": LOGS,
  "guest.install_ran_out": CONSOLE,
  "guest.install_crashed": LOGS,
  "guest.memory_promised": GUESTS,
  "guest.disk_beyond": STORAGE,
  "guest.disk_used": GUEST,
  "guest.no_tpm": FINDINGS,
  "guest.vcpu_states": XML,
  "guest.numa_memory": XML,
  "guest.topology": XML,
  "guest.only_spice": XML,
  "guest.screen_nowhere": XML,
  "guest.no_keyboard": XML,
  "guest.no_graphics": CONSOLE,
  "guest.no_serial": CONSOLE,
  "guest.no_screen": CONSOLE,
  "guest.no_address": CONSOLE,
  "guest.no_network": CONSOLE,
  "guest.agent_silent": CONSOLE,
  "guest.agent_lost": CONSOLE,
  "guest.no_way": CONSOLE,
  "guest.paste_broken": CONSOLE,
  "image.unknown": CATALOGUE,
  "image.exists": IMAGES,
  "image.volume_exists": STORAGE,
  "image.in_use": GUESTS,
  "image.not_offered": CATALOGUE,
  "image.not_offered_for": CATALOGUE,
  "image.not_pulled": IMAGES,
  "image.no_disk": HARDWARE,
  "image.started": GUEST,
  "backup.busy": BACKUPS,
  "backup.job_failed": LOGS,
  "backup.job_stays": OPERATIONS,
  "backup.guest_exists": GUEST,
  "operation.busy": OPERATIONS,
  "operation.left": OPERATION,
  "operation.left_behind": OPERATION,
  "operation.unknown": OPERATIONS,
  "operation.ended": OPERATION,
  "operation.not_ended": OPERATION,
  "operation.dead": OPERATION,
  "operation.undoing": OPERATION,
  "libvirt.invalid_now": GUEST,
  "libvirt.lost": FINDINGS,
  "libvirt.unreachable": FINDINGS,
  "network.inactive": FINDINGS,
  "pool.none": FINDINGS,
  "pool.inactive": FINDINGS,
  "pool.full": STORAGE,
  "pool.nearly_full": STORAGE,
  "kept.no_uefi": FINDINGS,
  "kept.no_secure_boot": FINDINGS,
  "kept.no_tpm": FINDINGS,
};

/** The page where it is done; undefined where there is none, or the error does not say of what. */
export function placeOf(code: string, facts: Readonly<Record<string, unknown>>): { label: Label; path: string; said: Facts } | undefined {
  const found = PLACES[code];
  if (!found) return undefined;
  let isWhole = true;
  const path = found[1].replace(/\{(\w+)\}/g, (_, fact: string) => {
    const value = facts[fact];
    if (typeof value !== "string" || !value) isWhole = false;
    return encodeURIComponent(String(value));
  });
  return isWhole ? { label: found[0], path, said: { name: String(facts["name"] ?? "") } } : undefined;
}
