import "./PlainButton.css";

import { Tooltip } from "@patternfly/react-core";
import { type ReactNode, useRef, useState } from "react";

interface Props {
  /** what it does, to whom */
  label: string;
  icon: ReactNode;
  onClick: () => void;
  /** why it cannot be done now: that is said when it is pointed at, or has the focus */
  why?: string | undefined;
}

/** A sign to press, in a row: a table has thousands, so nothing is made for it before it is looked at. */
export function PlainButton({ label, icon, onClick, why }: Props) {
  const [isAsked, setAsked] = useState(false);
  const at = useRef<HTMLButtonElement>(null);
  const ask = () => setAsked(true);
  return (
    <>
      <button ref={at} type="button" className="inn-plain" aria-label={label} {...(why ? { "aria-disabled": true, onPointerEnter: ask, onFocus: ask } : { onClick })}>
        {icon}
      </button>
      {why && isAsked && <Tooltip content={why} triggerRef={at} isVisible />}
    </>
  );
}
