import { Button, Checkbox, Form, FormGroup, FormSelect, FormSelectOption, ModalBody, ModalFooter, TextInput } from "@patternfly/react-core";
import { useState } from "react";

import { act } from "@/api/act";
import { useLook } from "@/api/query";
import { ActionButton } from "@/parts/ActionButton";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { useTexts } from "@/text/texts";

import { cronOf, type When } from "./cron";
import { Hint } from "./NewToken";
import { texts } from "./texts";
import { WhenFields } from "./WhenFields";

const ACTIONS = ["backup", "start", "stop"] as const;
type Action = (typeof ACTIONS)[number];
const FIRST: When = { every: "day", time: "02:30", minute: 0, weekday: 1, monthday: 1, own: "" };

export function NewSchedule({ onClose, guest: given = "" }: { onClose: () => void; guest?: string }) {
  const t = useTexts(texts);
  const [action, setAction] = useState<Action>("backup");
  const [guest, setGuest] = useState(given);
  const [named, setName] = useState<string | null>(null);
  const [when, setWhen] = useState<When>(FIRST);
  const [zone, setZone] = useState("");
  const [keep, setKeep] = useState("7");
  const [force, setForce] = useState(false);
  const [catchUp, setCatchUp] = useState(true);
  const name = named ?? (guest ? `${guest}-${action}` : ""); // its own as long as nobody names it
  const cron = cronOf(when);
  const why = !guest.trim() ? t("whyGuest") : !cron ? t("whyCron") : !name.trim() ? t("whyName") : undefined;

  const { isBusy, problem, submit } = useSubmit(why, async () => {
    const more = action === "backup" && keep.trim() ? { keep: Number(keep) } : action === "stop" ? { force } : {};
    const where = zone.trim() ? { zone: zone.trim() } : {};
    await act("schedule.create", { name: name.trim(), action, guest: guest.trim(), cron, catch_up: catchUp, ...where, ...more }, name.trim());
    onClose();
  });
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="schedule-title" aria-describedby="schedule-body">
      <ModalHeader title={t("scheduleMake")} labelId="schedule-title" />
      <ModalBody id="schedule-body">
        <Form id="schedule-form" onSubmit={(event) => void submit(event)}>
          <div className="inn-fields__row">
            <FormGroup label={t("action")} fieldId="schedule-action">
              <FormSelect id="schedule-action" value={action} onChange={(_, value) => setAction(value as Action)}>
                {ACTIONS.map((one) => (
                  <FormSelectOption key={one} value={one} label={t(`action_${one}`)} />
                ))}
              </FormSelect>
            </FormGroup>
            <GuestField guest={guest} onChange={setGuest} />
          </div>
          <WhenFields when={when} onChange={setWhen} />
          <FormGroup label={t("zone")} fieldId="schedule-zone">
            <TextInput id="schedule-zone" value={zone} onChange={(_, value) => setZone(value)} placeholder={t("zoneHost")} list="zones" autoComplete="off" />
            <datalist id="zones">{Intl.supportedValuesOf("timeZone").map((one) => <option key={one} value={one} />)}</datalist>
          </FormGroup>
          {action === "backup" && (
            <FormGroup label={t("keep")} fieldId="schedule-keep">
              <TextInput id="schedule-keep" type="number" min={1} max={10000} value={keep} onChange={(_, value) => setKeep(value)} />
              <Hint>{t("keepHow")}</Hint>
            </FormGroup>
          )}
          {action === "stop" && (
            <Checkbox id="schedule-force" label={t("force")} description={t("forceHow")} isChecked={force} onChange={(_, now) => setForce(now)} />
          )}
          <Checkbox id="schedule-catch" label={t("catchUp")} description={t("catchUpHow")} isChecked={catchUp} onChange={(_, now) => setCatchUp(now)} />
          <FormGroup label={t("name")} fieldId="schedule-name">
            <TextInput id="schedule-name" value={name} onChange={(_, value) => setName(value)} autoComplete="off" />
          </FormGroup>
        </Form>
        <ProblemAlert problem={problem} />
      </ModalBody>
      <ModalFooter>
        <ActionButton type="submit" form="schedule-form" why={why} isLoading={isBusy}>
          {t("make")}
        </ActionButton>
        <Button variant="link" onClick={onClose}>
          {t("close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** A guest by its name; the first of many are offered. */
function GuestField({ guest, onChange }: { guest: string; onChange: (guest: string) => void }) {
  const t = useTexts(texts);
  const wanted = guest.trim();
  const { data } = useLook("guest", "guest.list", { "name~": wanted ? [wanted] : [], limit: 50, fields: ["name"] } as never, { keep: true });
  return (
    <FormGroup label={t("guest")} fieldId="schedule-guest" isRequired>
      <TextInput id="schedule-guest" value={guest} onChange={(_, value) => onChange(value)} list="guests" autoComplete="off" isRequired />
      <datalist id="guests">{data?.map((one) => <option key={one.name} value={one.name} />)}</datalist>
      <Hint>{t(data?.length === 0 && !wanted ? "noGuests" : "guestHow")}</Hint>
    </FormGroup>
  );
}
