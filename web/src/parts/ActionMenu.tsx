import type { ReactNode } from "react";

import { MenuButton, OpenMenu } from "./MenuButton";

export interface MenuAction {
  label: string;
  onClick: () => void;
  /** why it cannot be done now */
  why?: string | undefined;
  isDanger?: boolean;
}

/** What else can be done, behind one button. */
export function ActionMenu({ actions, label, of }: { actions: readonly MenuAction[]; label?: ReactNode; of?: string }) {
  return <MenuButton label={label} of={of}>{(menu) => <OpenMenu {...menu} actions={actions} />}</MenuButton>;
}
