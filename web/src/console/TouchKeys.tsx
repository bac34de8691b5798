import { type ReactNode, useRef } from "react";

import { ActionButton } from "@/parts/ActionButton";

interface Props {
  label: string;
  icon: ReactNode;
  why?: string | undefined;
  onKey: (code: string) => void;
  onText: (character: string) => void;
}

const HERE = matchMedia("(pointer: coarse)");

/** Brings up the keyboard of a phone or tablet, which says characters and no keys. */
export function TouchKeys({ label, icon, why, onKey, onText }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  if (!HERE.matches) return null;
  return (
    <>
      <ActionButton variant="secondary" icon={icon} why={why} onClick={() => field.current?.focus()}>{label}</ActionButton>
      <textarea
        ref={field}
        className="inn-console-touch"
        aria-label={label}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key !== "Backspace" && event.key !== "Enter" && event.key !== "Tab") return;
          event.preventDefault();
          onKey(event.key);
          field.current?.focus();
        }}
        onInput={(event) => {
          for (const character of event.currentTarget.value) onText(character);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
