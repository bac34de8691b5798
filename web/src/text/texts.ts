import i18next from "i18next";
import { useCallback } from "react";
import { initReactI18next, useTranslation } from "react-i18next";

import { store } from "@/api/query";

import { keepLanguage, language, type Language } from "./language";

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

void i18next.use(initReactI18next).init({
  lng: language(),
  fallbackLng: "en",
  resources: {},
  keySeparator: false,
  nsSeparator: ":",
  interpolation: { escapeValue: false, prefix: "{", suffix: "}" },
});
document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";

/** The texts of a folder. A test of the types keeps both languages in step. */
export function defineTexts<T extends Record<string, string>>(name: string, both: Both<T>): Texts<T> {
  i18next.addResourceBundle("en", name, both.en);
  i18next.addResourceBundle("zh", name, both.zh);
  return { name, keys: both.en };
}

/** Says a text of that folder, and says it anew when the language changes. */
export function useTexts<T>(texts: Texts<T>): Say<T> {
  const { t } = useTranslation(texts.name);
  return useCallback((key, facts) => t(key, facts ?? {}), [t]);
}

export async function setLanguage(next: Language): Promise<void> {
  keepLanguage(next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(next);
  await store.invalidateQueries(); // what the server says is in the page's language too
}
