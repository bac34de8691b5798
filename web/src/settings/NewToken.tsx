import {
  Button, CodeBlock, CodeBlockCode, Content, Form, FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText,
  ModalBody, ModalFooter, Radio, TextInput,
} from "@patternfly/react-core";
import { useState } from "react";

import { act } from "@/api/act";
import type { Schemas } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { Copy } from "@/parts/Copy";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { useSubmit } from "@/parts/submit";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { Modal, ModalHeader } from "@/patternfly/Modal";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

type Made = Schemas["TokenMade"];
const ROLES = ["viewer", "operator", "admin"] as const;
const DAYS = [7, 30, 90, 365] as const;

/** Makes a token, and shows it this one time. */
export function NewToken({ onClose }: { onClose: () => void }) {
  const t = useTexts(texts);
  const [made, setMade] = useState<Made | null>(null);
  const [name, setName] = useState("");
  const [role, setRole] = useState<(typeof ROLES)[number]>("viewer");
  const [days, setDays] = useState("90");
  const isForever = days === "forever";
  const why = name.trim() ? undefined : t("whyName");

  const { isBusy, problem, submit } = useSubmit(why, async () => {
    const good = isForever ? { forever: true } : { days: Number(days) };
    setMade(await act("token.create", { name: name.trim(), role, ...good }, name.trim()));
  });
  if (made) return <Shown made={made} onClose={onClose} />;
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="token-title" aria-describedby="token-body">
      <ModalHeader title={t("tokenMake")} labelId="token-title" />
      <ModalBody id="token-body">
        <Form id="token-form" onSubmit={(event) => void submit(event)}>
          <FormGroup label={t("tokenName")} fieldId="token-name" isRequired>
            <TextInput id="token-name" value={name} onChange={(_, value) => setName(value)} isRequired autoFocus autoComplete="off" />
            <Hint>{t("tokenNameHow")}</Hint>
          </FormGroup>
          <FormGroup role="radiogroup" label={t("tokenRole")} fieldId="token-role">
            {ROLES.map((one) => (
              <Radio
                key={one}
                id={`role-${one}`}
                name="token-role"
                label={t(`role_${one}`)}
                description={t(`means_${one}`)}
                isChecked={role === one}
                onChange={() => setRole(one)}
              />
            ))}
          </FormGroup>
          <FormGroup label={t("tokenDays")} fieldId="token-days">
            <FormSelect id="token-days" value={days} onChange={(_, value) => setDays(value)}>
              {DAYS.map((one) => (
                <FormSelectOption key={one} value={String(one)} label={t("days", { count: one })} />
              ))}
              <FormSelectOption value="forever" label={t("forever")} />
            </FormSelect>
            {isForever && <Hint>{t("foreverHow")}</Hint>}
          </FormGroup>
        </Form>
        <ProblemAlert problem={problem} />
      </ModalBody>
      <ModalFooter>
        <ActionButton type="submit" form="token-form" why={why} isLoading={isBusy}>
          {t("make")}
        </ActionButton>
        <Button variant="link" onClick={onClose}>
          {t("close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

export function Hint({ children }: { children: string }) {
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem>{children}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

function Shown({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useTexts(texts);
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="token-title" aria-describedby="token-body">
      <ModalHeader title={t("tokenTitle", { name: made.name })} labelId="token-title" />
      <ModalBody id="token-body" className="inn-fields">
        <Content component="p">{t("tokenBody")}</Content>
        <Copy label={t("tokenTitle", { name: made.name })}>
          {made.token}
        </Copy>
        <Content component="p">{t("tokenHow")}</Content>
        <CodeBlock>
          <CodeBlockCode>{`curl -H 'Authorization: Bearer …' ${location.origin}/api/v1/guests`}</CodeBlockCode>
        </CodeBlock>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t("close")}</Button>
      </ModalFooter>
    </Modal>
  );
}
