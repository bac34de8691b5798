import { FormGroup, FormHelperText, HelperText, TextInput } from "@patternfly/react-core";
import { useEffect, useRef } from "react";

import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { useTexts } from "@/text/texts";

import { texts } from "./texts";

/** As `check_name` of innkeeper/schema/names.py has it. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

export function isName(value: string): boolean {
  return NAME.test(value);
}

/** The name that a guest is to get, with what may stand in it. */
export function NameInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTexts(texts);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const isBad = value !== "" && !isName(value);
  return (
    <FormGroup label={t("newName")} fieldId="new-name">
      <TextInput
        id="new-name"
        ref={input}
        value={value}
        onChange={(_, now) => onChange(now)}
        validated={isBad ? "error" : "default"}
        aria-describedby="new-name-how"
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
      <FormHelperText>
        <HelperText>
          <HelperTextItem id="new-name-how" variant={isBad ? "error" : "default"}>
            {t("nameHow")}
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
