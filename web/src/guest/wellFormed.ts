import type { CodeProblem } from "@/parts/Code";

/** What keeps a text from being XML at all, as the browser says it; undefined: nothing. */
export function malformed(text: string): CodeProblem | undefined {
  const found = new DOMParser().parseFromString(text, "text/xml").querySelector("parsererror");
  if (!found) return undefined;
  const said = found.querySelector("div")?.textContent ?? found.textContent ?? "";
  const line = Number(/line (?:number )?(\d+)/i.exec(said)?.[1] ?? 1);
  return { line, message: said.replace(/^.*?error on line \d+ at column \d+: /s, "").trim() };
}
