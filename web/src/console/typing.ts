import layouts from "@/generated/layouts.json";

// Which keys type a text on a keyboard of a layout, by the tables that `guest.paste` goes by (innkeeper.guest.screen.layouts).

export type Layout = "us" | "gb" | "de" | "de-nodeadkeys" | "fr";
export const LAYOUTS: readonly Layout[] = ["us", "gb", "de", "de-nodeadkeys", "fr"];

/** Linux' number of a key → what a browser calls it. */
const CODES: Record<number, string> = {
  42: "ShiftLeft", 100: "AltRight", 57: "Space", 28: "Enter", 15: "Tab", 41: "Backquote", 43: "Backslash", 86: "IntlBackslash",
  ...row(2, ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0", "Minus", "Equal"]),
  ...row(16, [...letters("QWERTYUIOP"), "BracketLeft", "BracketRight"]),
  ...row(30, [...letters("ASDFGHJKL"), "Semicolon", "Quote"]),
  ...row(44, [...letters("ZXCVBNM"), "Comma", "Period", "Slash"]),
};

function row(first: number, codes: readonly string[]): Record<number, string> {
  return Object.fromEntries(codes.map((code, index) => [first + index, code]));
}

function letters(text: string): string[] {
  return [...text].map((letter) => `Key${letter}`);
}

/** What is pressed for it, one after the other; null: this keyboard cannot type it. */
export function strokes(character: string, layout: Layout): readonly (readonly string[])[] | null {
  const found = (layouts as unknown as Record<string, Record<string, number[][]>>)[layout]?.[character];
  return found?.map((keys) => keys.map((key) => CODES[key] ?? "")) ?? null;
}
