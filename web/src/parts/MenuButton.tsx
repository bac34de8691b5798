import "./PlainButton.css";

import { Dropdown, DropdownItem, DropdownList, MenuToggle } from "@patternfly/react-core";
import { EllipsisVIconConfig } from "@patternfly/react-icons";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";

import { useTexts } from "@/text/texts";

import type { MenuAction } from "./ActionMenu";
import { Sign } from "./Sign";
import { texts } from "./texts";

/** A menu that is open: at which button, and how it is closed. */
export interface Opened {
  at: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

interface Props {
  label?: ReactNode;
  /** whose menu it is */
  of?: string | undefined;
  /** its menu, which is made when it is opened: a table has a button in each row */
  children: (menu: Opened) => ReactNode;
}

/** A button with a menu behind it. */
export function MenuButton({ label, of, children }: Props) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const at = useRef<HTMLButtonElement>(null);
  const toggle = () => setOpen(!isOpen);
  return (
    <>
      {label ? (
        <MenuToggle ref={at} isExpanded={isOpen} onClick={toggle}>{label}</MenuToggle>
      ) : (
        <button ref={at} type="button" className="inn-plain" aria-haspopup="menu" aria-expanded={isOpen} aria-label={of ? `${t("more")}: ${of}` : t("more")} onClick={toggle}>
          <Sign of={EllipsisVIconConfig} />
        </button>
      )}
      {isOpen && children({ at, onClose: () => setOpen(false) })}
    </>
  );
}

/** What stands in it. What cannot be done now stays there and says why. */
export function OpenMenu({ at, onClose, actions }: Opened & { actions: readonly MenuAction[] }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(true), []); // Dropdown gives its first item the focus when it becomes open
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={(now) => !now && onClose()}
      onSelect={onClose}
      shouldFocusFirstItemOnOpen
      popperProps={{ position: "right" }}
      isScrollable
      maxMenuHeight="min(70vh, 36rem)"
      toggle={{ toggleNode: null, toggleRef: at }}
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
