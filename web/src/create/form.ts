import type { Fields, Schemas } from "@/api/types";

// What is typed on the page, as it is typed; `request.ts` makes the request of it.

export type Way = "image" | "cd" | "network" | "disk";
export type Size = { value: string; unit: "M" | "G" | "T" };
type Create = Schemas["GuestCreate"];
export type Firmware = NonNullable<Create["firmware"]>;
export type Profile = NonNullable<Create["profile"]>;
export type Bus = NonNullable<Create["bus"]>;
export type Accelerator = NonNullable<Create["accel"]>;
export type Asked = Fields<"guest.create">;

export interface Form {
  way: Way;
  /** as typed; empty: the one that is suggested */
  name: string;
  image: string;
  cdFrom: "upload" | "volume";
  cd: string;
  driversFrom: "none" | "upload" | "volume";
  drivers: string;
  net: "pxe" | "url" | "files";
  url: string;
  kernelArgs: string;
  diskFrom: "upload" | "volume" | "export";
  disk: string;
  diskFormat: string;
  profile: "" | Profile;
  cpus: string;
  memory: Size;
  diskSize: Size;
  diskless: boolean;
  networks: readonly string[];
  /** cloud-init */
  user: string;
  hasPassword: boolean;
  password: string;
  keys: string;
  packages: string;
  commands: string;
  /** user data as edited by hand; null: as the form says */
  userData: string | null;
  /** advanced */
  arch: string;
  machine: string;
  firmware: "" | Firmware;
  accel: Accelerator;
  bus: "" | Bus;
  tpm: "" | "yes" | "no";
  acpi: boolean;
  pool: string;
  ip: string;
  full: boolean;
  count: string;
  overcommit: boolean;
  start: boolean;
  xml: string;
}

export const KEYS = "innkeeper.ssh-keys";
const LETTERS = "bcdefghjknprstuvx"; // alike on every keyboard, and unlike each other

/** Twelve letters, 49 bits: the one who types it may sit before any keyboard. */
export function newPassword(): string {
  const found: string[] = [];
  const most = 256 - (256 % LETTERS.length);
  while (found.length < 12) {
    for (const one of crypto.getRandomValues(new Uint8Array(24))) {
      if (one < most && found.length < 12) found.push(LETTERS[one % LETTERS.length]!);
    }
  }
  return found.join("");
}

export function blank(): Form {
  return {
    way: "image", name: "", image: "",
    cdFrom: "upload", cd: "", driversFrom: "none", drivers: "",
    net: "pxe", url: "", kernelArgs: "",
    diskFrom: "upload", disk: "", diskFormat: "",
    profile: "", cpus: "", memory: { value: "", unit: "G" }, diskSize: { value: "", unit: "G" }, diskless: false, networks: [],
    user: "", hasPassword: true, password: newPassword(), keys: localStorage.getItem(KEYS) ?? "", packages: "", commands: "",
    userData: null,
    arch: "", machine: "", firmware: "", accel: "auto", bus: "", tpm: "", acpi: true, pool: "", ip: "",
    full: false, count: "", overcommit: false, start: true, xml: "",
  };
}

const UNITS = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes; undefined where nothing is typed, null where that is no size. */
export function bytes({ value, unit }: Size): number | undefined | null {
  const text = value.trim().replace(",", ".");
  if (!text) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) return null;
  const found = Math.round(Number(text) * UNITS[unit]);
  return found > 0 ? found : null;
}

/** How it would be typed. */
export function asSize(size: number): Size {
  const unit = size >= UNITS.T ? "T" : size >= UNITS.G ? "G" : "M";
  return { value: String(Math.round((size / UNITS[unit]) * 100) / 100), unit };
}

/** A whole number; undefined where nothing is typed, null where that is none. */
export function whole(text: string): number | undefined | null {
  if (!text.trim()) return undefined;
  const found = Number(text.trim());
  return Number.isInteger(found) && found > 0 ? found : null;
}

export function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
