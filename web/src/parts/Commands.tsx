import {
  Button, CodeBlock, CodeBlockCode, Content, Modal, ModalBody, ModalHeader, Tooltip,
} from "@patternfly/react-core";
import { TerminalIcon } from "@patternfly/react-icons";
import { useState } from "react";

import { useDeeds } from "@/api/act";
import type { Plan } from "@/api/types";
import { clock } from "@/text/format";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";
import { useVerbName } from "./verbs";

/** "Show commands", on every page: the lines that amount to what was done here. */
export function CommandsButton() {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip content={t("commands")}>
        <Button variant="plain" icon={<TerminalIcon />} aria-label={t("commands")} onClick={() => setOpen(true)} />
      </Tooltip>
      {isOpen && <Commands onClose={() => setOpen(false)} />}
    </>
  );
}

function Commands({ onClose }: { onClose: () => void }) {
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

/** The lines of a plan. */
export function PlanCommands({ plan }: { plan: Plan | undefined }) {
  const t = useTexts(texts);
  const lines = [...(plan?.inn ? [plan.inn] : []), ...(plan?.commands ?? [])];
  if (lines.length === 0) return <Content component="small">{t("commandsUntold")}</Content>;
  return (
    <CodeBlock>
      <CodeBlockCode>{lines.join("\n")}</CodeBlockCode>
    </CodeBlock>
  );
}
