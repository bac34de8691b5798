import { useSyncExternalStore } from "react";

import { again } from "@/app/loading";

import { language, type Language } from "./language";
import { useLanguage } from "./texts";

// Texts that the server tells by id with facts (what an operation says, what the doctor found): Python's own, built in. A
// file an area, which is the first part of an id; it is loaded when the first of its texts is said.

type Catalogue = Record<string, string>;
const FILES = import.meta.glob<{ default: Catalogue }>("../generated/texts/*/*.json");
const there = new Map<string, Catalogue>();
const coming = new Map<string, Promise<Catalogue>>();
const listeners = new Set<() => void>();

function key(id: string, now: Language): string {
  return `../generated/texts/${now}/${id.split(".")[0]}.json`;
}

function load(file: string): Promise<Catalogue> {
  const begun = coming.get(file);
  if (begun) return begun;
  const found = (FILES[file] ? again(FILES[file])().then((one) => one.default) : Promise.resolve({})).then((texts) => {
    there.set(file, texts);
    for (const tell of listeners) tell();
    return texts;
  });
  coming.set(file, found);
  found.catch(() => coming.delete(file)); // asked for again when it is said again
  return found;
}

const HOLE = /\{(\w+)(?:![rs])?(?::([^}]*))?\}/g;

/** As Python's `str.format` does it, as far as our texts use that. */
export function fill(template: string, facts: Record<string, unknown>): string {
  return template
    .replace(HOLE, (hole, name: string, form: string | undefined) => {
      const value = facts[name];
      if (value === undefined || value === null) return name in facts ? "" : hole;
      const digits = form?.match(/^,?\.(\d+)f$/)?.[1];
      return digits !== undefined ? Number(value).toFixed(Number(digits)) : String(value);
    })
    .replaceAll("{{", "{")
    .replaceAll("}}", "}");
}

/** The texts beside that one, in the language of the page. */
export function textsOf(id: string): Promise<Catalogue> {
  return load(key(id, language()));
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Says what the server told by id. Until its texts are there: nothing. */
export function useCatalogue(): (id: string | null | undefined, facts?: Record<string, unknown>) => string {
  const now = useLanguage();
  useSyncExternalStore(subscribe, () => there.size);
  return (id, facts = {}) => {
    if (!id) return "";
    const file = key(id, now);
    const texts = there.get(file);
    if (texts) return texts[id] === undefined ? id : fill(texts[id], facts);
    load(file).catch(() => undefined);
    return "";
  };
}

const PROGRAMS = /^(libvirt|virt\w+|qemu|dnsmasq|nft|iptables|ufw)\b|^\S*[./_=\d]/;

/** With a capital, unless it begins with a name. */
export function sentence(said: string, names: readonly unknown[] = []): string {
  if (!said || PROGRAMS.test(said) || names.some((name) => typeof name === "string" && name && said.startsWith(name))) return said;
  return said[0]!.toLocaleUpperCase() + said.slice(1);
}
