import { Button, Content, ModalBody, ModalFooter } from "@patternfly/react-core";

import { act } from "@/api/act";
import type { Plan, Schemas } from "@/api/types";
import { Difference } from "@/parts/Difference";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { texts as parts } from "@/parts/texts";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { useTexts } from "@/text/texts";

import type { Guest } from "./Page";
import { xmlTexts } from "./xmlTexts";

interface Props {
  guest: Guest;
  fields: { name: string; document: string; base: string };
  planned: Plan;
  onSaved: (changes: Schemas["GuestChanges"]) => void;
  onClose: () => void;
}

/** Shows what an edited document changes, before it is saved. */
export function SaveXml({ guest, fields, planned, onSaved, onClose }: Props) {
  const t = useTexts(xmlTexts);
  const say = useTexts(parts);
  const difference = Object.values(planned.differences ?? {}).join("\n").trim();
  const { isBusy, problem, submit: save } = useSubmit(undefined, async () => {
    onSaved(await act("guest.edit", fields, guest.name, { planned, isQuiet: true }));
    onClose();
  });
  return (
    <Modal isOpen variant="large" onClose={onClose} aria-labelledby="save-xml">
      <ModalHeader title={t("title", { name: guest.name })} labelId="save-xml" />
      <ModalBody>
        <div className="inn-guest__stack">
          {difference ? <Difference text={difference} label={t("difference")} /> : <Content component="p">{t("nothing")}</Content>}
          {guest.state !== "stopped" && <Content component="p">{t("takesNext")}</Content>}
          {difference && <Content component="p"><b>{say("wayBack")}</b>: {t("wayBack")}</Content>}
          <ProblemAlert problem={problem} />
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={() => void save()} isLoading={isBusy} isDisabled={isBusy || !difference}>{t("confirm")}</Button>
        <Button variant="link" onClick={onClose}>{say("cancel")}</Button>
      </ModalFooter>
    </Modal>
  );
}
