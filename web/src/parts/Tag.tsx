import "./Tag.css";

import type { ReactNode } from "react";

export type Colour = "blue" | "green" | "grey" | "orange" | "purple" | "red" | "teal" | "yellow";

/** A word with a colour and a sign, as PatternFly's compact Label looks; which is too heavy for thousands of rows. */
export function Tag({ colour, icon, children }: { colour: Colour; icon?: ReactNode; children: ReactNode }) {
  return <span className={`inn-tag inn-tag--${colour}`}>{icon}{children}</span>;
}

/** One that does something. */
export function TagButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return <button type="button" className="inn-tag inn-tag--outline" onClick={onClick}>{children}</button>;
}
