import { size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";
import "./storage.css";

export interface Sizes {
  capacity: number | null;
  available: number | null;
  /** by its volumes; else all that is not free counts as theirs */
  taken?: number | null;
}

export type Fullness = "enough" | "warning" | "danger";

/** As the doctor judges it: less than a tenth, less than a hundredth. */
export function fullness({ capacity, available }: Sizes): Fullness {
  if (capacity === null || available === null || capacity === 0) return "enough";
  const free = available / capacity;
  return free < 0.01 ? "danger" : free < 0.1 ? "warning" : "enough";
}

/** How much of a pool is taken, by its volumes and by what else is there. */
export function Room(sizes: Sizes) {
  const t = useTexts(texts);
  const { capacity, available } = sizes;
  if (capacity === null || available === null) return null;
  const used = capacity - available;
  const taken = Math.min(sizes.taken ?? used, used);
  const part = (bytes: number) => ({ inlineSize: `${capacity ? (bytes / capacity) * 100 : 0}%` });
  return (
    <div
      className={`inn-room inn-room--${fullness(sizes)}`}
      role="img"
      aria-label={t("used", { used: size(used), whole: size(capacity), free: size(available) })}
    >
      <span className="inn-room__volumes" style={part(taken)} />
      <span className="inn-room__other" style={part(used - taken)} />
    </div>
  );
}
