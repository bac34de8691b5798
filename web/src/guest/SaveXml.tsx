import { Button, Content, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useState } from "react";

import { act } from "@/api/act";
import { ApiProblem } from "@/api/problem";
import type { Plan, Schemas } from "@/api/types";
import { Difference } from "@/parts/Difference";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { texts as parts } from "@/parts/texts";
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
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const difference = Object.values(planned.differences ?? {}).join("\n").trim();
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      onSaved(await act("guest.edit", fields, guest.name, { planned, isQuiet: true }));
      onClose();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
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
