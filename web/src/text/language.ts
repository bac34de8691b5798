export const LANGUAGES = { en: "English", zh: "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = "innkeeper.language";
let now: Language = chosen();

function chosen(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.languages.find((one) => /^(en|zh)/i.test(one))?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The language of the page. */
export function language(): Language {
  return now;
}

/** As `Intl` wants it. */
export function locale(): string {
  if (now === "zh") return "zh-CN";
  return navigator.languages.find((one) => one.toLowerCase().startsWith("en")) ?? "en";
}

export function keepLanguage(next: Language): void {
  now = next;
  localStorage.setItem(KEPT, next);
}
