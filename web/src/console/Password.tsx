import { Button, EmptyState, EmptyStateBody, Form, FormGroup, FormHelperText, HelperText, TextInput } from "@patternfly/react-core";
import { LockIcon } from "@patternfly/react-icons";
import { type FormEvent, useState } from "react";

import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

interface Props {
  name: string;
  /** the last one was refused */
  isWrong: boolean;
  onSay: (password: string) => void;
}

/** Asks for the password that a guest's screen has of its own. */
export function Password({ name, isWrong, onSay }: Props) {
  const t = useTexts(texts);
  const [password, setPassword] = useState("");
  const say = (event: FormEvent) => {
    event.preventDefault();
    if (password) onSay(password);
  };
  return (
    <div className="inn-console-over">
      <EmptyState titleText={t("password", { name })} headingLevel="h2" icon={LockIcon} variant="sm">
        <EmptyStateBody>
          <Form onSubmit={say}>
            <FormGroup label={t("passwordField")} fieldId="console-password">
              <TextInput id="console-password" type="password" value={password} onChange={(_, value) => setPassword(value)}
                autoComplete="off" autoFocus validated={isWrong ? "error" : "default"} />
              <FormHelperText>
                <HelperText>
                  <HelperTextItem variant={isWrong ? "error" : "default"}>{t(isWrong ? "passwordWrong" : "passwordHow")}</HelperTextItem>
                </HelperText>
              </FormHelperText>
            </FormGroup>
            <Button type="submit" isAriaDisabled={!password}>{t("passwordSay")}</Button>
          </Form>
        </EmptyStateBody>
      </EmptyState>
    </div>
  );
}
