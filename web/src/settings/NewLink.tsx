import { Button, Content, ModalBody, ModalFooter } from "@patternfly/react-core";
import { useState } from "react";

import { act } from "@/api/act";
import type { Schemas } from "@/api/types";
import { useWho } from "@/app/who";
import { Copy } from "@/parts/Copy";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { clock } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** A link that lets another browser in. It is made when it is asked for, not when the dialog opens. */
export function NewLink({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const { name } = useWho();
  const [made, setMade] = useState<Schemas["LinkView"] | null>(null);
  const { isBusy, problem, submit: make } = useSubmit(undefined, async () => setMade(await act("token.link", {}, "")));
  const isLocal = made !== null && /\/\/(127\.|\[?::1|localhost)/.test(made.url);
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="link-title" aria-describedby="link-body">
      <ModalHeader title={t("linkTitle")} labelId="link-title" />
      <ModalBody id="link-body" className="inn-fields">
        {made ? (
          <>
            <Content component="p">{t("linkBody", { name, until: clock(made.expires) })}</Content>
            <Copy label={t("linkTitle")}>
              {made.url}
            </Copy>
            {isLocal && <Content component="small">{t("linkLocal")}</Content>}
          </>
        ) : (
          <Content component="p">{t("linkAbout")}</Content>
        )}
        <ProblemAlert problem={problem} />
      </ModalBody>
      <ModalFooter>
        {!made && <Button onClick={() => void make()} isLoading={isBusy} isDisabled={isBusy}>{t("linkMake")}</Button>}
        <Button variant={made ? "primary" : "link"} onClick={onClose}>
          {t("close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
