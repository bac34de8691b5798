import { useSyncExternalStore } from "react";

import { store } from "@/api/query";

import { number } from "./format";
import { keepLanguage, language, type Language, locale } from "./language";

// Each folder has its texts beside its components, in both languages; they are loaded with it.

type Both<T> = { en: T; zh: { [K in keyof T]: string } };
export interface Texts<T> {
  name: string;
  keys: T;
}
export type Facts = Record<string, string | number>;
/** `count` chooses between `key_one` and `key_other`. */
type Key<T> = keyof T extends infer K ? (K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem | K : K) : never;
export type Say<T> = (key: Key<T> & string, facts?: Facts) => string;

const HOLE = /\{(\w+)\}/g;
type Bundle = Record<string, string>;
const bundles: Record<Language, Record<string, Bundle>> = { en: {}, zh: {} };
const listeners = new Set<() => void>();
document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";

/** The texts of a folder. A test of the types keeps both languages in step. */
export function defineTexts<T extends Record<string, string>>(name: string, both: Both<T>): Texts<T> {
  bundles.en[name] = both.en;
  bundles.zh[name] = both.zh;
  return { name, keys: both.en };
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

/** The language of the page; whoever asks is drawn anew when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

const sayers = new Map<string, Say<Bundle>>();

/** Says a text of that folder, and says it anew when the language changes. The same function for all, until then. */
export function useTexts<T>(texts: Texts<T>): Say<T> {
  const now = useLanguage();
  const key = `${now} ${texts.name}`;
  let say = sayers.get(key);
  if (!say) sayers.set(key, (say = sayer(bundles[now][texts.name]!)));
  return say as Say<T>;
}

function sayer(bundle: Bundle): Say<Bundle> {
  const plurals = new Intl.PluralRules(locale());
  return (key, facts = {}) => {
    const count = facts["count"];
    const form = typeof count === "number" ? bundle[`${key}_${plurals.select(count)}`] ?? bundle[`${key}_other`] : undefined;
    return (form ?? bundle[key] ?? key).replace(HOLE, (hole, name: string) => (name === "count" && typeof count === "number" ? number(count) : String(facts[name] ?? hole)));
  };
}

export async function setLanguage(next: Language): Promise<void> {
  keepLanguage(next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  for (const tell of listeners) tell();
  await store.invalidateQueries(); // what the server says is in the page's language too
}
