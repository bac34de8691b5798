import { Fragment, type ReactNode, useSyncExternalStore } from "react";

// The dialog that an action opens: whoever asks needs no place of their own to draw it in. Drawn by the shell.

type Dialog = (close: () => void) => ReactNode;

let shown: { key: number; dialog: Dialog } | null = null;
let number = 0;
const listeners = new Set<() => void>();

function show(next: typeof shown): void {
  shown = next;
  for (const tell of listeners) tell();
}

/** Shows that dialog, in place of any other: `ask((close) => <Rename guest={guest} onClose={close} />)`. */
export function ask(dialog: Dialog): void {
  show({ key: (number += 1), dialog });
}

export function Dialogs() {
  const now = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => shown,
  );
  if (!now) return null;
  const close = () => {
    if (shown === now) show(null);
  };
  return <Fragment key={now.key}>{now.dialog(close)}</Fragment>;
}
