// Combinations that a browser or a desktop keeps for itself, so that they have to be sent.

/** Code of a key → keysym of X11, which a screen without QEMU's extension wants. */
const KEYSYMS: Record<string, number> = {
  ControlLeft: 0xffe3, AltLeft: 0xffe9, AltRight: 0xfe03, ShiftLeft: 0xffe1, MetaLeft: 0xffeb,
  Delete: 0xffff, Backspace: 0xff08, Tab: 0xff09, Escape: 0xff1b, PrintScreen: 0xff61, Insert: 0xff63, Enter: 0xff0d, Space: 0x20,
  ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, 0xffbe + index])),
  ...Object.fromEntries([..."CLNTW"].map((letter) => [`Key${letter}`, letter.toLowerCase().charCodeAt(0)])),
};

export interface Combination {
  label: string;
  codes: readonly string[];
}

const consoles = [1, 2, 3, 4, 5, 6, 7].map((number) => ({
  label: `Ctrl+Alt+F${number}`,
  codes: ["ControlLeft", "AltLeft", `F${number}`],
}));

export const COMBINATIONS: readonly Combination[] = [
  { label: "Ctrl+Alt+Delete", codes: ["ControlLeft", "AltLeft", "Delete"] },
  { label: "Ctrl+Alt+Backspace", codes: ["ControlLeft", "AltLeft", "Backspace"] },
  ...consoles,
  { label: "Ctrl+Alt+T", codes: ["ControlLeft", "AltLeft", "KeyT"] },
  { label: "Ctrl+W", codes: ["ControlLeft", "KeyW"] },
  { label: "Alt+Tab", codes: ["AltLeft", "Tab"] },
  { label: "Alt+F4", codes: ["AltLeft", "F4"] },
  { label: "Super", codes: ["MetaLeft"] },
  { label: "Super+L", codes: ["MetaLeft", "KeyL"] },
  { label: "Esc", codes: ["Escape"] },
  { label: "Tab", codes: ["Tab"] },
  { label: "Print Screen", codes: ["PrintScreen"] },
  { label: "F11", codes: ["F11"] },
  { label: "F12", codes: ["F12"] },
];

interface Keyboard {
  sendKey(keysym: number, code: string, down?: boolean): void;
}

/** All pressed in order, then let go in the other. */
export function press(keyboard: Keyboard, codes: readonly string[]): void {
  for (const code of codes) keyboard.sendKey(KEYSYMS[code] ?? 0, code, true);
  for (const code of codes.toReversed()) keyboard.sendKey(KEYSYMS[code] ?? 0, code, false);
}

/** What leaves a console by the keyboard alone, since Tab belongs to the guest. */
export function isLeaving(event: KeyboardEvent): boolean {
  return event.ctrlKey && event.altKey && event.code === "KeyG";
}
