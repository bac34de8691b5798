// What a guest's stored document says of its hardware: read here, since no view has all of it.

export interface Device {
  /** libvirt's name of the element */
  kind: string;
  what: string;
}

export interface Hardware {
  cpus: number;
  maxCpus: number;
  memory: number;
  maxMemory: number;
  cpu: string;
  hasBalloon: boolean;
  /** all but disks and network cards */
  devices: readonly Device[];
}

const UNITS: Record<string, number> = { b: 1, bytes: 1, kb: 1000, k: 1024, kib: 1024, m: 1024 ** 2, mib: 1024 ** 2, mb: 1e6, g: 1024 ** 3, gib: 1024 ** 3, gb: 1e9, t: 1024 ** 4, tib: 1024 ** 4 };
const TOLD_ELSEWHERE = new Set(["disk", "interface", "emulator"]);

function amount(element: Element | null): number | undefined {
  if (!element) return undefined;
  return Number(element.textContent) * (UNITS[(element.getAttribute("unit") ?? "KiB").toLowerCase()] ?? 1024);
}

/** Undefined: it cannot be read. */
export function hardwareOf(document: string): Hardware | undefined {
  const root = new DOMParser().parseFromString(document, "text/xml").documentElement;
  if (root.tagName !== "domain") return undefined;
  const vcpu = root.querySelector(":scope > vcpu");
  const maxCpus = Number(vcpu?.textContent ?? 1);
  const maxMemory = amount(root.querySelector(":scope > memory")) ?? 0;
  const cpu = root.querySelector(":scope > cpu");
  const devices = [...(root.querySelector(":scope > devices")?.children ?? [])].filter((one) => !TOLD_ELSEWHERE.has(one.tagName));
  const balloon = root.querySelector(":scope > devices > memballoon");
  return {
    cpus: Number(vcpu?.getAttribute("current") ?? maxCpus),
    maxCpus,
    memory: amount(root.querySelector(":scope > currentMemory")) ?? maxMemory,
    maxMemory,
    cpu: cpu?.querySelector("model")?.textContent ?? cpu?.getAttribute("mode") ?? "",
    hasBalloon: balloon !== null && balloon.getAttribute("model") !== "none",
    devices: devices.map((one) => ({ kind: one.tagName, what: described(one) })),
  };
}

const get = (element: Element, path: string, name: string) => (path ? element.querySelector(path) : element)?.getAttribute(name) ?? "";

/** Path and attribute, in the order in which they tell most. */
const TOLD: Record<string, readonly (readonly [string, string])[]> = {
  channel: [["target", "name"], ["", "type"]],
  controller: [["", "type"], ["", "model"], ["", "index"]],
  filesystem: [["source", "dir"], ["target", "dir"]],
  graphics: [["", "type"], ["", "listen"]],
  hostdev: [["", "type"], ["source > address", "domain"], ["source > address", "bus"], ["source > address", "slot"], ["source > vendor", "id"], ["source > product", "id"]],
  input: [["", "type"], ["", "bus"]],
  panic: [["", "model"]],
  rng: [["", "model"]],
  tpm: [["", "model"], ["backend", "version"]],
  video: [["model", "type"]],
  watchdog: [["", "model"], ["", "action"]],
};

function described(one: Element): string {
  const told = TOLD[one.tagName] ?? [["", "type"], ["", "model"]];
  return told.map(([path, name]) => get(one, path, name)).filter(Boolean).join(" · ");
}
