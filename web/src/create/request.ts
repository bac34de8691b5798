import { type Asked, bytes, type Form, lines, type Size, whole } from "./form";
import { hasMore, userData } from "./userData";

/** What the form asks for, or why it does not ask for anything yet: the id of a text, and the field that it is about. */
export type Request = { fields: Asked & { name: string } } | { missing: Missing };
export type Missing =
  | "noImage" | "noCd" | "noCdVolume" | "noDrivers" | "noUrl" | "urlWrong" | "noKernel" | "noDisk" | "noDiskVolume" | "noExport"
  | "cpusWrong" | "memoryWrong" | "diskSizeWrong" | "countWrong" | "noPassword" | "uploading";

/** What is uploaded for it, by what it is for. */
export interface Sent {
  cd?: string | undefined;
  drivers?: string | undefined;
  kernel?: string | undefined;
  initrd?: string | undefined;
  disk?: string | undefined;
  bundle?: string | undefined;
  /** one of them is on its way */
  isBusy: boolean;
}

export interface Known {
  /** the name that is suggested */
  name: string;
  /** whether the chosen image runs cloud-init, and whom it lets in */
  cloudInit: boolean;
  user: string | null;
}

class Lacks extends Error {
  constructor(readonly what: Missing) {
    super(what);
  }
}

export function requestOf(form: Form, sent: Sent, known: Known): Request {
  try {
    return { fields: { name: form.name.trim() || known.name, ...source(form, sent), ...machine(form), ...login(form, known) } };
  } catch (error) {
    if (error instanceof Lacks) return { missing: error.what };
    throw error;
  }
}

function need<T>(value: T | undefined | null | "", sent: Sent | null, what: Missing): T {
  if (value === undefined || value === null || value === "") throw new Lacks(sent?.isBusy ? "uploading" : what);
  return value as T;
}

function source(form: Form, sent: Sent): Partial<Asked> {
  switch (form.way) {
    case "image":
      return { image: need(form.image, null, "noImage"), ...(form.full ? { full: true } : {}) };
    case "cd":
      return {
        iso: form.cdFrom === "upload" ? need(sent.cd, sent, "noCd") : need(form.cd, null, "noCdVolume"),
        ...(form.driversFrom === "upload" ? { drivers: need(sent.drivers, sent, "noDrivers") } : {}),
        ...(form.driversFrom === "volume" ? { drivers: need(form.drivers, null, "noDrivers") } : {}),
      };
    case "network":
      return netboot(form, sent);
    case "disk":
      if (form.diskFrom === "export") return { bundle: need(sent.bundle, sent, "noExport") };
      return {
        disk: form.diskFrom === "upload" ? need(sent.disk, sent, "noDisk") : need(form.disk, null, "noDiskVolume"),
        ...(form.diskFormat ? { disk_format: form.diskFormat } : {}),
      };
  }
}

function netboot(form: Form, sent: Sent): Partial<Asked> {
  if (form.net === "pxe") return { pxe: true };
  const kernel_args = form.kernelArgs.trim() || null;
  if (form.net === "files") {
    const kernel = need(sent.kernel, sent, "noKernel");
    if (sent.isBusy) throw new Lacks("uploading");
    return { location: sent.initrd ? `${kernel},${sent.initrd}` : kernel, kernel_args };
  }
  const url = need(form.url.trim(), null, "noUrl");
  if (!/^https?:\/\/\S+$/.test(url)) throw new Lacks("urlWrong");
  return { location: url, kernel_args };
}

function machine(form: Form): Partial<Asked> {
  const isExport = form.way === "disk" && form.diskFrom === "export";
  const hasNewDisk = form.way !== "disk";
  const found: Partial<Asked> = {
    cpus: number(form.cpus, "cpusWrong"),
    memory: size(form.memory, "memoryWrong"),
    pool: form.pool || null,
    networks: [...form.networks],
    overcommit: form.overcommit,
    start: form.start,
    accel: form.accel,
    ip: form.ip.trim() || null,
  };
  if (isExport) return present(found);
  return present({
    ...found,
    ...(hasNewDisk && !form.diskless ? { disk_size: size(form.diskSize, "diskSizeWrong") } : {}),
    ...(hasNewDisk && form.way !== "image" && form.diskless ? { diskless: true } : {}),
    profile: form.profile || null,
    arch: form.arch || null,
    machine: form.machine.trim() || null,
    firmware: form.firmware || null,
    bus: form.bus || null,
    tpm: form.tpm ? form.tpm === "yes" : null,
    acpi: form.acpi,
    count: number(form.count, "countWrong") ?? 1,
    xml: lines(form.xml),
  });
}

/** Without what nobody said, so that the commands that amount to it stay short. */
function present(fields: Partial<Asked>): Partial<Asked> {
  const usual: Record<string, unknown> = { overcommit: false, start: true, accel: "auto", acpi: true, count: 1 };
  const said = Object.entries(fields).filter(
    ([name, value]) => value !== null && value !== undefined && value !== usual[name] && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(said) as Partial<Asked>;
}

function number(text: string, what: Missing): number | null {
  const found = whole(text);
  if (found === null) throw new Lacks(what);
  return found ?? null;
}

function size(typed: Size, what: Missing): number | null {
  const found = bytes(typed);
  if (found === null) throw new Lacks(what);
  return found ?? null;
}

function login(form: Form, known: Known): Partial<Asked> {
  if (form.way !== "image" || !known.cloudInit) return {};
  if (form.userData !== null) return { cloud_init: form.userData };
  if (hasMore(form)) return { cloud_init: userData(form, known.user) };
  if (form.hasPassword && !form.password) throw new Lacks("noPassword");
  return present({
    user: form.user.trim() || null,
    password: form.hasPassword ? form.password : null,
    ssh_keys: lines(form.keys),
  });
}
