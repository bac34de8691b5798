import { Button, Content, Form, FormGroup, LoginPage, TextInput } from "@patternfly/react-core";
import { type FormEvent, useState } from "react";

import { ApiProblem } from "@/api/problem";
import { Copy } from "@/parts/Copy";
import { Alert } from "@/patternfly/Alert";
import { useTexts } from "@/text/texts";

import { signIn, type Who, wordOf } from "./session";
import { texts } from "./texts";

/** For a browser that nobody let in yet: how to get a link, and a place to paste it. */
export function SignIn({ onIn, whenEnded }: { onIn: (who: Who) => void; whenEnded: () => void }) {
  const t = useTexts(texts);
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const word = wordOf(link);
    if (!word) {
      setProblem(t("signInNoLink"));
      return;
    }
    try {
      onIn(await signIn(word, whenEnded));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error.status === 401 ? t("signInWrong") : error.title || t("away"));
    }
  };

  return (
    <LoginPage loginTitle="Innkeeper" brandImgSrc="/icon.svg" brandImgAlt="Innkeeper">
      <Form onSubmit={(event) => void submit(event)}>
        <Content component="p">{t("signInHow")}</Content>
        <Copy label={t("signInCommand")}>
          inn token link
        </Copy>
        {problem && <Alert isInline variant="danger" title={problem} />}
        <FormGroup label={t("signInPaste")} fieldId="link">
          <TextInput id="link" value={link} onChange={(_, value) => setLink(value)} autoComplete="off" autoFocus />
        </FormGroup>
        <Button type="submit" isBlock>
          {t("signIn")}
        </Button>
      </Form>
    </LoginPage>
  );
}
