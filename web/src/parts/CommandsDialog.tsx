import { Content, ModalBody } from "@patternfly/react-core";

import { useDeeds } from "@/api/act";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { clock } from "@/text/format";
import { useTexts } from "@/text/texts";

import { PlanCommands } from "./PlanCommands";
import { texts } from "./texts";
import { useVerbName } from "./verbs";

export function CommandsDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const name = useVerbName();
  const deeds = useDeeds();
  return (
    <Modal isOpen variant="large" onClose={onClose} aria-labelledby="commands-title">
      <ModalHeader title={t("commands")} labelId="commands-title" description={t(deeds.length ? "commandsHow" : "commandsNone")} />
      <ModalBody tabIndex={0}>
        {deeds.map((deed) => (
          <section key={deed.id}>
            <Content component="h3">
              {clock(deed.at, true)} {name(deed.verb)} {deed.target}
            </Content>
            <PlanCommands plan={deed.plan} />
          </section>
        ))}
      </ModalBody>
    </Modal>
  );
}
