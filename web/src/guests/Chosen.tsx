import { Button } from "@patternfly/react-core";

import { useWho } from "@/app/who";
import { type ActionId, whyNot } from "@/guest/actions/reasons";
import { texts as actionTexts } from "@/guest/actions/texts";
import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { useTexts } from "@/text/texts";

import { Bulk } from "./Bulk";
import type { GuestRow } from "./rows";
import { texts } from "./texts";

type OfMany = Exclude<ActionId, "rename" | "discard" | "export">;
const BUTTONS: readonly OfMany[] = ["start", "stop", "delete"];
const MORE: readonly OfMany[] = ["restart", "suspend", "resume", "save", "protect", "unprotect"];

/** What can be done with all that were chosen at once. What none of them can says why. */
export function Chosen({ guests, onNone }: { guests: readonly GuestRow[]; onNone: () => void }) {
  const t = useTexts(texts);
  const say = useTexts(actionTexts);
  const { role } = useWho();
  const make = (action: OfMany) => {
    const reasons = guests.map((guest) => whyNot(action, guest, role));
    const same = new Set(reasons).size === 1 ? reasons[0] : undefined;
    const why = reasons.every(Boolean) ? (same ? say(same) : t("noneOfThem")) : undefined;
    return { label: say(action), why, onClick: () => ask((close) => <Bulk action={action} guests={guests} onClose={close} />) };
  };
  return (
    <div className="inn-chosen" role="group" aria-label={t("chosen", { count: guests.length })}>
      <b>{t("chosen", { count: guests.length })}</b>
      {BUTTONS.map((action) => {
        const { label, why, onClick } = make(action);
        return (
          <ActionButton key={action} variant={action === "delete" ? "danger" : "secondary"} size="sm" why={why} onClick={onClick}>
            {label}
          </ActionButton>
        );
      })}
      <ActionMenu actions={MORE.map(make)} />
      <Button variant="link" isInline onClick={onNone}>{t("chooseNone")}</Button>
    </div>
  );
}
