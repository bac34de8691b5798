import { useQuery } from "@tanstack/react-query";

import { again } from "@/app/loading";

import { language, type Language } from "./language";
import { useLanguage } from "./texts";

// Texts that the server tells by id with facts (what an operation says, what the doctor found): Python's own, built in.

type Catalogue = Record<string, string>;
const FILES: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: again(() => import("@/generated/en.json")),
  zh: again(() => import("@/generated/zh.json")),
};
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

/** All texts in the language of the page. */
export async function catalogue(): Promise<Catalogue> {
  return (await FILES[language()]()).default;
}

/** Says what the server told by id. Until the texts are there: nothing. */
export function useCatalogue(): (id: string | null | undefined, facts?: Record<string, unknown>) => string {
  const now = useLanguage();
  const { data } = useQuery({
    queryKey: ["catalogue", now],
    queryFn: async () => (await FILES[now]()).default,
    staleTime: Infinity,
  });
  return (id, facts = {}) => {
    if (!id || !data) return "";
    const template = data[id];
    return template === undefined ? id : fill(template, facts);
  };
}
