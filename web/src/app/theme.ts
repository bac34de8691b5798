// Dark or light: as the system says, or as somebody chose in the settings.

export type Theme = "system" | "light" | "dark";
const KEPT = "innkeeper.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEPT, next);
  apply();
}

export function isDark(): boolean {
  return theme() === "dark" || (theme() === "system" && dark.matches);
}

function apply(): void {
  document.documentElement.classList.toggle("pf-v6-theme-dark", isDark());
}

dark.addEventListener("change", apply);
apply();
