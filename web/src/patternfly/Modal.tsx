import { Button, Modal as PfModal, ModalHeader as PfModalHeader, type ModalHeaderProps, type ModalProps } from "@patternfly/react-core";
import { TimesIcon } from "@patternfly/react-icons";

import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** A dialog that Escape and its cross close. PatternFly's own cross is called "Close" in every language, so it is ours. */
export function Modal({ onClose, children, ...props }: Omit<ModalProps, "ref"> & { onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <PfModal {...props} onEscapePress={onClose}>
      <div className="pf-v6-c-modal-box__close">
        <Button variant="plain" aria-label={t("close")} icon={<TimesIcon />} onClick={onClose} />
      </div>
      {children}
    </PfModal>
  );
}

export function ModalHeader(props: ModalHeaderProps) {
  const t = useTexts(texts);
  const kind = props.titleIconVariant;
  return <PfModalHeader {...props} {...(typeof kind === "string" ? { titleScreenReaderText: t(kind as "warning") } : {})} />;
}
