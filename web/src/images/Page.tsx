import "./images.css";

import { PageSection, Tab, TabTitleText } from "@patternfly/react-core";
import { useSearchParams } from "react-router";

import { useViewed } from "@/api/events";
import { useImages } from "@/create/host";
import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Tabs } from "@/patternfly/Tabs";
import { useTexts } from "@/text/texts";

import { Build } from "./Build";
import { Catalogue } from "./Catalogue";
import { Import } from "./Import";
import { Make } from "./Make";
import { Running } from "./Running";
import { texts } from "./texts";
import { There } from "./There";

export function Page() {
  const t = useTexts(texts);
  const may = useMay()("admin");
  const [address, setAddress] = useSearchParams();
  useViewed("image");
  const { there, offers, problem, noOffers } = useImages();
  const isCatalogue = address.get("tab") === "catalogue";
  const show = (tab: string) => setAddress(tab === "catalogue" ? { tab } : {}, { replace: true });
  return (
    <>
      <PageHead
        title={t("images")}
        about={t("about")}
        actions={
          <>
            <ActionButton variant="secondary" why={may} onClick={() => ask((close) => <Import onClose={close} />)}>{t("upload")}</ActionButton>
            <ActionMenu
              label={t("make")}
              actions={[
                { label: t("build"), why: may, onClick: () => ask((close) => <Build onClose={close} />) },
                { label: t("makeOfGuest"), why: may, onClick: () => ask((close) => <Make onClose={close} />) },
              ]}
            />
          </>
        }
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <Running />
        <Tabs activeKey={isCatalogue ? "catalogue" : "there"} aria-label={t("images")} onSelect={(_, key) => show(String(key))}>
          <Tab eventKey="there" title={<TabTitleText>{t("there")}</TabTitleText>}>
            {!isCatalogue && <ProblemAlert problem={problem} />}
            {!isCatalogue && !problem && <There images={there} offers={offers} onCatalogue={() => show("catalogue")} />}
          </Tab>
          <Tab eventKey="catalogue" title={<TabTitleText>{t("catalogue")}</TabTitleText>}>
            {isCatalogue && <ProblemAlert problem={noOffers} />}
            {isCatalogue && !noOffers && <Catalogue offers={offers} />}
          </Tab>
        </Tabs>
      </PageSection>
    </>
  );
}
