import { LockIcon, SyncAltIcon } from "@patternfly/react-icons";

import { TagButton } from "@/parts/Tag";
import { useTexts } from "@/text/texts";

import { labelsOf } from "./filter";
import type { GuestRow } from "./rows";
import { texts } from "./texts";

const LABELS = 3;

export function Name({ row }: { row: GuestRow }) {
  const t = useTexts(texts);
  return (
    <>
      <a className="inn-guest-name" href={`/guests/${encodeURIComponent(row.name)}`}>{row.name}</a>
      {(row.protected || row.autostart) && (
        <span className="inn-guest-marks">
          {row.protected && <LockIcon role="img" aria-label={t("protected")}><title>{t("protected")}</title></LockIcon>}
          {row.autostart && <SyncAltIcon role="img" aria-label={t("autostart")}><title>{t("autostart")}</title></SyncAltIcon>}
        </span>
      )}
      {row.title && <span className="inn-guest-title" title={row.title}>{row.title}</span>}
    </>
  );
}

/** A click on a label shows those that have it. */
export function Labels({ row, onChoose }: { row: GuestRow; onChoose: (label: string) => void }) {
  const labels = labelsOf(row);
  if (labels.length === 0) return null;
  return (
    <>
      {labels.slice(0, LABELS).map((label) => (
        <TagButton key={label} onClick={() => onChoose(label)}>{label}</TagButton>
      ))}
      {labels.length > LABELS && <span className="inn-more" title={labels.slice(LABELS).join(", ")}>+{labels.length - LABELS}</span>}
    </>
  );
}
