import {
  Button, Card, CardBody, CardTitle, Content, DescriptionList, DescriptionListDescription, DescriptionListGroup,
  DescriptionListTerm, Form, FormGroup, HelperText, Radio,
} from "@patternfly/react-core";
import { useState } from "react";

import { signOut } from "@/app/session";
import { setTheme, type Theme, theme } from "@/app/theme";
import { useWho } from "@/app/who";
import { HelperTextItem } from "@/patternfly/HelperTextItem";
import { type Language, LANGUAGES } from "@/text/language";
import { setLanguage, useLanguage, useTexts } from "@/text/texts";

import { texts } from "./texts";

const THEMES = ["system", "light", "dark"] as const;

export function General() {
  const t = useTexts(texts);
  return (
    <div className="inn-settings inn-settings__narrow">
      <Card>
        <CardTitle component="h2">{t("general")}</CardTitle>
        <CardBody>
          <Form>
            <Languages />
            <Themes />
            <HelperText>
              <HelperTextItem>{t("kept")}</HelperTextItem>
            </HelperText>
          </Form>
        </CardBody>
      </Card>
      <You />
    </div>
  );
}

function Languages() {
  const t = useTexts(texts);
  const now = useLanguage();
  return (
    <FormGroup role="radiogroup" isInline label={t("language")} fieldId="language">
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <Radio
          key={one}
          id={`language-${one}`}
          name="language"
          label={<span lang={one === "zh" ? "zh-CN" : "en"}>{LANGUAGES[one]}</span>}
          isChecked={now === one}
          onChange={() => void setLanguage(one)}
        />
      ))}
    </FormGroup>
  );
}

function Themes() {
  const t = useTexts(texts);
  const [now, setNow] = useState<Theme>(theme);
  const choose = (next: Theme) => {
    setTheme(next);
    setNow(next);
  };
  return (
    <FormGroup role="radiogroup" isInline label={t("theme")} fieldId="theme">
      {THEMES.map((one) => (
        <Radio
          key={one}
          id={`theme-${one}`}
          name="theme"
          label={t(`theme_${one}`)}
          isChecked={now === one}
          onChange={() => choose(one)}
        />
      ))}
    </FormGroup>
  );
}

function You() {
  const t = useTexts(texts);
  const who = useWho();
  return (
    <Card>
      <CardTitle component="h2">{t("you")}</CardTitle>
      <CardBody className="inn-fields">
        <DescriptionList isCompact isHorizontal aria-label={t("you")}>
          <DescriptionListGroup>
            <DescriptionListTerm>{t("name")}</DescriptionListTerm>
            <DescriptionListDescription className="inn-name">{who.name}</DescriptionListDescription>
          </DescriptionListGroup>
          <DescriptionListGroup>
            <DescriptionListTerm>{t("role")}</DescriptionListTerm>
            <DescriptionListDescription>
              {t(`role_${who.role}`)}
              <Content component="small">{t(`means_${who.role}`)}</Content>
            </DescriptionListDescription>
          </DescriptionListGroup>
        </DescriptionList>
        <div>
          <Button variant="secondary" onClick={() => void signOut().then(() => location.assign("/"))}>
            {t("signOut")}
          </Button>
        </div>
      </CardBody>
    </Card>
  );
}
