import {
  Button, Checkbox, Content, Form, FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText, ModalBody,
  ModalFooter, TextArea,
} from "@patternfly/react-core";
import { type ReactNode, useState } from "react";

import { act } from "@/api/act";
import { ActionButton } from "@/parts/ActionButton";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { texts as partsTexts } from "@/parts/texts";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";
import { LAYOUTS, type Layout } from "./typing";

interface Props {
  name: string;
  /** what was copied in the guest */
  copied: string;
  layout: Layout;
  onClipboard: (text: string) => void;
  whyNoClipboard?: string | undefined;
  onClose: () => void;
}

/** Text from here into the guest, typed as keys or by its clipboard; and what was copied there. */
export function TextDialog({ name, copied, layout: first, onClipboard, whyNoClipboard, onClose }: Props) {
  const t = useTexts(texts);
  const [text, setText] = useState("");
  const [layout, setLayout] = useState<Layout>(first);
  const [isSecret, setSecret] = useState(false);
  const [isSent, setSent] = useState(false);

  const { isBusy, problem, submit: type } = useSubmit(undefined, async () => {
    await act("guest.paste", { name, text, layout, secret: isSecret }, name);
    onClose();
  });
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="console-text">
      <ModalHeader title={t("textTitle", { name })} labelId="console-text" description={t("textHow")} />
      <ModalBody>
        <Form onSubmit={(event) => event.preventDefault()}>
          <TextField text={text} onChange={setText} isSecret={isSecret} />
          <FormGroup label={t("guestKeyboard")} fieldId="console-layout">
            <FormSelect id="console-layout" value={layout} onChange={(_, value) => setLayout(value as Layout)}>
              {LAYOUTS.map((one) => <FormSelectOption key={one} value={one} label={t(`layout_${one}`)} />)}
            </FormSelect>
            <Help>{t("guestKeyboardHow")}</Help>
          </FormGroup>
          <Checkbox id="console-secret" label={t("secret")} isChecked={isSecret} onChange={(_, now) => setSecret(now)} />
          {copied && (
            <FormGroup label={t("copiedThere")} fieldId="console-copied">
              <TextArea id="console-copied" value={copied} readOnlyVariant="default" rows={3} />
              <Button variant="link" isInline onClick={() => void navigator.clipboard?.writeText(copied)}>{t("copyHere")}</Button>
            </FormGroup>
          )}
        </Form>
        {isSent && <Content component="p" role="status">{t("clipboardSent")}</Content>}
        <ProblemAlert problem={problem} />
      </ModalBody>
      <ModalFooter>
        <Button onClick={() => void type()} isLoading={isBusy} isDisabled={isBusy || !text}>{t("typeIt")}</Button>
        <ActionButton
          variant="secondary"
          why={whyNoClipboard}
          isDisabled={!text}
          onClick={() => {
            onClipboard(text);
            setSent(true);
          }}
        >
          {t("toClipboard")}
        </ActionButton>
        <Close onClose={onClose} />
      </ModalFooter>
    </Modal>
  );
}

/** For the serial port, which takes characters as they are. */
export function SerialTextDialog({ name, onType, onClose }: { name: string; onType: (text: string) => void; onClose: () => void }) {
  const t = useTexts(texts);
  const [text, setText] = useState("");
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="console-text">
      <ModalHeader title={t("textTitle", { name })} labelId="console-text" description={t("serialTextHow")} />
      <ModalBody>
        <Form onSubmit={(event) => event.preventDefault()}>
          <TextField text={text} onChange={setText} isSecret={false} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          isDisabled={!text}
          onClick={() => {
            onType(text);
            onClose();
          }}
        >
          {t("typeIt")}
        </Button>
        <Close onClose={onClose} />
      </ModalFooter>
    </Modal>
  );
}

function Close({ onClose }: { onClose: () => void }) {
  const t = useTexts(partsTexts);
  return <Button variant="link" onClick={onClose}>{t("close")}</Button>;
}

function TextField({ text, onChange, isSecret }: { text: string; onChange: (text: string) => void; isSecret: boolean }) {
  const t = useTexts(texts);
  const [isDenied, setDenied] = useState(false);
  const fill = async () => {
    try {
      onChange(await navigator.clipboard.readText());
      setDenied(false);
    } catch {
      setDenied(true); // not allowed, or no clipboard: pasting into the field always works
    }
  };
  return (
    <FormGroup label={t("textLabel")} fieldId="console-text-field">
      <TextArea
        id="console-text-field"
        className={isSecret ? "inn-console-secret" : ""}
        value={text}
        onChange={(_, value) => onChange(value)}
        rows={6}
        resizeOrientation="vertical"
        autoFocus
        spellCheck={false}
      />
      <Button variant="link" isInline onClick={() => void fill()}>{t("fromClipboard")}</Button>
      {isDenied && <Help>{t("clipboardDenied")}</Help>}
    </FormGroup>
  );
}

function Help({ children }: { children: ReactNode }) {
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem>{children}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
