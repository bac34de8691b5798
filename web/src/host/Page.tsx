import "./host.css";

import { PageSection, Tab, TabTitleText } from "@patternfly/react-core";
import { useNavigate, useParams } from "react-router";

import { useViewed } from "@/api/events";
import { useLook } from "@/api/query";
import { NotFound } from "@/app/errors";
import { PageHead } from "@/parts/PageHead";
import { Tabs } from "@/patternfly/Tabs";
import { useTexts } from "@/text/texts";

import { Devices } from "./Devices";
import { Doctor } from "./Doctor";
import { Facts } from "./Facts";
import { HostMenu } from "./HostMenu";
import { texts } from "./texts";

const TABS = { facts: Facts, doctor: Doctor, devices: Devices } as const;

export function Page() {
  const t = useTexts(texts);
  const { tab = "facts" } = useParams();
  const navigate = useNavigate();
  useViewed("host");
  const host = useLook("host", "host.show", {}).data;
  if (!(tab in TABS)) return <NotFound />;
  const here = tab as keyof typeof TABS;
  return (
    <>
      <PageHead
        title={t("host")}
        about={host ? t("about", { name: host.name }) : t("aboutUnknown")}
        actions={<HostMenu running={host?.running} />}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <Tabs
          activeKey={here}
          onSelect={(_, key) => void navigate(key === "facts" ? "/host" : `/host/${key}`)}
          aria-label={t("host")}
        >
          {(Object.keys(TABS) as (keyof typeof TABS)[]).map((key) => {
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
