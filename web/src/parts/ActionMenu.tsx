import { Dropdown, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import { EllipsisVIcon } from "@patternfly/react-icons";
import { type ReactNode, useState } from "react";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

export interface MenuAction {
  label: string;
  onClick: () => void;
  /** why it cannot be done now */
  why?: string | undefined;
  isDanger?: boolean;
}

/** What else can be done, behind one button. What cannot be done now stays there and says why. */
export function ActionMenu({ actions, label, of }: { actions: readonly MenuAction[]; label?: ReactNode; of?: string }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      shouldFocusFirstItemOnOpen
      popperProps={{ position: "right" }}
      isScrollable
      maxMenuHeight="min(70vh, 36rem)"
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant={label ? "default" : "plain"}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          {...(label ? {} : { "aria-label": of ? `${t("more")}: ${of}` : t("more"), icon: <EllipsisVIcon /> })}
        >
          {label}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {actions.map((one) => (
          <DropdownItem
            key={one.label}
            onClick={one.onClick}
            isAriaDisabled={Boolean(one.why)}
            isDanger={Boolean(one.isDanger && !one.why)}
            {...(one.why ? { description: one.why } : {})}
          >
            {one.label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
