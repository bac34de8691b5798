import { Button, Content, ModalBody, ModalFooter } from "@patternfly/react-core";
import { type ReactNode, useId } from "react";

import { Modal, ModalHeader } from "@/patternfly/Modal";
import { useTexts } from "@/text/texts";

import { ActionButton } from "./ActionButton";
import { ProblemAlert } from "./ProblemAlert";
import { useSubmit } from "./submit";
import { texts } from "./texts";

interface Props {
  title: string;
  /** what will be lost, or what it touches, by name */
  children: ReactNode;
  /** how to get it back; null: not at all */
  wayBack?: string | null;
  confirm: string;
  isDanger?: boolean;
  /** while it is not chosen well */
  why?: string | undefined;
  onConfirm: () => Promise<unknown> | void;
  onClose: () => void;
}

/** A dialog that asks before something is done: it closes when that was taken on, and stays with the reason when not. */
export function Confirm({ title, children, wayBack, confirm, isDanger = false, why, onConfirm, onClose }: Props) {
  const t = useTexts(texts);
  const form = useId();
  const { isBusy, problem, submit } = useSubmit(why, async () => {
    await onConfirm();
    onClose();
  });
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="confirm-title" aria-describedby="confirm-body">
      <ModalHeader title={title} labelId="confirm-title" {...(isDanger ? { titleIconVariant: "warning" as const } : {})} />
      <ModalBody id="confirm-body">
        <form id={form} onSubmit={(event) => void submit(event)}>
          {children}
        </form>
        {wayBack !== undefined && (
          <Content component="p" className="inn-way-back">
            {wayBack === null ? t("noWayBack") : <><b>{t("wayBack")}</b> {wayBack}</>}
          </Content>
        )}
        <ProblemAlert problem={problem} onLeave={onClose} />
      </ModalBody>
      <ModalFooter>
        <ActionButton type="submit" form={form} variant={isDanger ? "danger" : "primary"} isLoading={isBusy} isDisabled={isBusy} why={why}>
          {confirm}
        </ActionButton>
        <Button variant="link" onClick={onClose}>
          {t("cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
