import "./settings.css";

import { PageSection, Tab, TabTitleText } from "@patternfly/react-core";
import { useSearchParams } from "react-router";

import { PageHead } from "@/parts/PageHead";
import { Tabs } from "@/patternfly/Tabs";
import { useTexts } from "@/text/texts";

import { Access } from "./Access";
import { General } from "./General";
import { Schedules } from "./Schedules";
import { texts } from "./texts";

const TABS = { general: General, access: Access, schedules: Schedules } as const;
type TabName = keyof typeof TABS;

export function Page() {
  const t = useTexts(texts);
  const [words, setWords] = useSearchParams();
  const said = words.get("tab") ?? "general";
  const here: TabName = said in TABS ? (said as TabName) : "general";
  return (
    <>
      <PageHead title={t("settings")} about={t("about")} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Tabs activeKey={here} onSelect={(_, key) => setWords({ tab: String(key) })} aria-label={t("settings")}>
          {(Object.keys(TABS) as TabName[]).map((key) => {
            const Content = TABS[key];
            return (
              <Tab key={key} eventKey={key} title={<TabTitleText>{t(key)}</TabTitleText>}>
                {key === here && <Content />}
              </Tab>
            );
          })}
        </Tabs>
      </PageSection>
    </>
  );
}
