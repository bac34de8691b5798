import { Checkbox, Content, List, ListItem, Radio } from "@patternfly/react-core";
import { useState } from "react";

import { useWho } from "@/app/who";
import { isActive, whyNot } from "@/guest/actions/reasons";
import { texts as actionTexts } from "@/guest/actions/texts";
import { Confirm } from "@/parts/Confirm";
import { useTexts } from "@/text/texts";

import { beginJob, type BulkAction, type Choice } from "./bulk";
import type { GuestRow } from "./rows";
import { texts } from "./texts";

type OfHere = Exclude<BulkAction, "purge" | "undelete">;
const LOSES: ReadonlySet<BulkAction> = new Set<BulkAction>(["delete"]);

/** One question for all of them: every one that it touches by name, and every one it leaves out with the reason. */
export function Bulk({ action, guests, onClose }: { action: OfHere; guests: readonly GuestRow[]; onClose: () => void }) {
  const t = useTexts(texts);
  const say = useTexts(actionTexts);
  const { role } = useWho();
  // What was chosen is what was seen: it does not change while the question stands there.
  const [asked] = useState(guests);
  const [choice, setChoice] = useState<Choice>({});
  const able = asked.filter((guest) => !whyNot(action, guest, role));
  const unable = asked.flatMap((guest) => {
    const why = whyNot(action, guest, role);
    return why ? [{ guest, why: say(why) }] : [];
  });
  const running = action === "delete" ? able.filter((guest) => isActive(guest.state)) : [];
  const touched = choice.force ? able : able.filter((guest) => !running.includes(guest));
  const count = touched.length;
  return (
    <Confirm
      title={t(`${action}Many`, { count })}
      confirm={say(action === "delete" ? "deleteConfirm" : choice.force && action === "stop" ? "cutOff" : action)}
      isDanger={LOSES.has(action) || Boolean(choice.force)}
      why={count === 0 ? t("noneOfThem") : undefined}
      {...(action === "delete" ? { wayBack: say("deleteBack") } : {})}
      onConfirm={() => void beginJob(action, touched, choice)}
      onClose={onClose}
    >
      <div className="inn-asked">
      <Names guests={touched} label={t(`${action}Many`, { count })} />
      {(action === "stop" || action === "restart") && <How action={action} choice={choice} onChange={setChoice} />}
      {action === "delete" && <Content component="p">{t("deleteManyWhat")}</Content>}
      {running.length > 0 && (
        <Checkbox
          id="bulk-running"
          label={t("deleteManyRuns", { count: running.length })}
          description={say("cutOffLoses")}
          isChecked={Boolean(choice.force)}
          onChange={(_, force) => setChoice({ force })}
        />
      )}
      {unable.length > 0 && (
        <>
          <Content component="p">{t("leftOut", { count: unable.length })}</Content>
          <List isPlain className="inn-names" tabIndex={0} aria-label={t("leftOut", { count: unable.length })}>
            {unable.map(({ guest, why }) => (
              <ListItem key={guest.uuid}>
                <b>{guest.name}</b> – {why}
              </ListItem>
            ))}
          </List>
        </>
      )}
      </div>
    </Confirm>
  );
}

/** Their names, all of them; many are scrolled. */
export function Names({ guests, label }: { guests: readonly GuestRow[]; label: string }) {
  if (guests.length === 0) return null;
  return (
    <List isPlain className="inn-names" tabIndex={0} aria-label={label}>
      {guests.map((guest) => (
        <ListItem key={guest.uuid}>
          <b>{guest.name}</b> {guest.title}
        </ListItem>
      ))}
    </List>
  );
}

function How({ action, choice, onChange }: { action: "stop" | "restart"; choice: Choice; onChange: (choice: Choice) => void }) {
  const say = useTexts(actionTexts);
  const isStop = action === "stop";
  return (
    <>
      <Radio
        id="bulk-asked"
        name="bulk"
        label={say(isStop ? "stopAsk" : "restartAsk")}
        description={say(isStop ? "stopAskHow" : "restartAskHow")}
        isChecked={!choice.force}
        onChange={() => onChange({ force: false })}
      />
      <Radio
        id="bulk-forced"
        name="bulk"
        label={say(isStop ? "cutOff" : "reset")}
        description={say(isStop ? "cutOffLoses" : "resetLoses")}
        isChecked={Boolean(choice.force)}
        onChange={() => onChange({ force: true })}
      />
    </>
  );
}
