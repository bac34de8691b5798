import type { Plan } from "@/api/types";

// What a guest will be, out of the documents of a dry run: the host's own answer, and no guess of the page's.

export interface Made {
  name: string;
  cpus: number | null;
  memory: number | null;
  arch: string;
  machine: string;
  firmware: "bios" | "uefi" | "uefi-secure";
  isKvm: boolean;
  accelReason: string;
  accelFacts: Record<string, string>;
  networks: readonly string[];
  /** of the disk that is made; null where none is */
  disk: { capacity: number; isNew: boolean } | null;
  bus: string | null;
  hasTpm: boolean;
  cds: number;
}

const UNITS: Record<string, number> = {
  b: 1, bytes: 1, KB: 1e3, k: 1024, KiB: 1024, MB: 1e6, M: 2 ** 20, MiB: 2 ** 20, GB: 1e9, G: 2 ** 30, GiB: 2 ** 30, T: 2 ** 40, TiB: 2 ** 40,
};

/** The first guest of the plan; null where it has no guest's document, such as while its image is not there. */
export function madeOf(plan: Plan): Made | null {
  for (const [file, text] of Object.entries(plan.documents)) {
    const xml = new DOMParser().parseFromString(text, "application/xml");
    if (xml.documentElement.localName === "domain") return described(xml.documentElement, file.replace(/\.xml$/, ""), plan);
  }
  return null;
}

function described(domain: Element, file: string, plan: Plan): Made {
  const one = (path: string) => domain.querySelector(path);
  const all = (path: string) => [...domain.querySelectorAll(path)];
  const type = one("os > type");
  const isUefi = one("os")?.getAttribute("firmware") === "efi" || one("os > loader") !== null;
  const isSecure = one('os > firmware > feature[name="secure-boot"][enabled="yes"]') !== null || one('os > loader[secure="yes"]') !== null;
  const disks = all("devices > disk").filter((disk) => (disk.getAttribute("device") ?? "disk") === "disk");
  const system = disks[0];
  return {
    name: one("name")?.textContent ?? file,
    cpus: Number(one("vcpu")?.textContent) || null,
    memory: amount(one("memory")),
    arch: type?.getAttribute("arch") ?? "",
    machine: type?.getAttribute("machine") ?? "",
    firmware: isUefi ? (isSecure ? "uefi-secure" : "uefi") : "bios",
    isKvm: domain.getAttribute("type") === "kvm",
    ...reason(domain),
    networks: all("devices > interface").map((card) => {
      const source = card.querySelector("source");
      return source?.getAttribute("network") ?? source?.getAttribute("bridge") ?? card.getAttribute("type") ?? "";
    }),
    disk: system ? { ...capacity(plan), isNew: capacity(plan).capacity > 0 } : null,
    bus: system?.querySelector("target")?.getAttribute("bus") ?? null,
    hasTpm: one("devices > tpm") !== null,
    cds: all('devices > disk[device="cdrom"]').length,
  };
}

function amount(element: Element | null): number | null {
  const value = Number(element?.textContent);
  return element && value ? value * (UNITS[element.getAttribute("unit") ?? "KiB"] ?? 1024) : null;
}

function capacity(plan: Plan): { capacity: number } {
  for (const text of Object.values(plan.documents)) {
    const volume = new DOMParser().parseFromString(text, "application/xml").documentElement;
    if (volume.localName === "volume") return { capacity: amountOf(volume) };
  }
  return { capacity: 0 };
}

function amountOf(volume: Element): number {
  const found = volume.querySelector("capacity");
  return Number(found?.textContent) * (UNITS[found?.getAttribute("unit") ?? "bytes"] ?? 1) || 0;
}

/** Why it is emulated, which stands in our part of its metadata. */
function reason(domain: Element): { accelReason: string; accelFacts: Record<string, string> } {
  const kept = [...domain.querySelectorAll("metadata *")];
  const facts = kept.filter((one) => one.localName === "accel-fact");
  return {
    accelReason: kept.find((one) => one.localName === "accel-reason")?.textContent ?? "",
    accelFacts: Object.fromEntries(facts.map((one) => [one.getAttribute("name") ?? "", one.getAttribute("value") ?? ""])),
  };
}
