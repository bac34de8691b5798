import "./guest.css";

import {
  Breadcrumb, BreadcrumbItem, Bullseye, Button, Content, EmptyState, EmptyStateActions, EmptyStateBody,
  EmptyStateFooter, PageSection, Tab, TabTitleText, Truncate,
} from "@patternfly/react-core";
import { lazy, Suspense } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { useViewed } from "@/api/events";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { again } from "@/app/loading";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { GuestState } from "@/parts/GuestState";
import { useHasDraft } from "@/parts/drafts";
import { texts as parts } from "@/parts/texts";
import { Spinner } from "@/patternfly/Spinner";
import { Tabs } from "@/patternfly/Tabs";
import { useTexts } from "@/text/texts";

import { Actions } from "./Actions";
import { texts } from "./texts";

export type Guest = Schemas["GuestView"];

const TABS = {
  overview: lazy(again(() => import("./Overview"))),
  console: lazy(again(() => import("./ConsoleTab"))),
  metrics: lazy(again(() => import("./Metrics"))),
  hardware: lazy(again(() => import("./Hardware"))),
  xml: lazy(again(() => import("./Xml"))),
  history: lazy(again(() => import("./History"))),
  backups: lazy(again(() => import("./Backups"))),
  notes: lazy(again(() => import("./Notes"))),
};
type TabName = keyof typeof TABS;
const NAMES = Object.keys(TABS) as TabName[];

/** Loads what is dear, as soon as somebody points at it. */
function ahead(tab: TabName): void {
  if (tab === "console") void import("./ConsoleTab").then((found) => found.ahead(), () => undefined);
}

/** One guest: what it is, and all that can be done with it. */
export function Page() {
  const { name = "", tab = "overview" } = useParams();
  const { data: guest, error } = useLook("guest", "guest.show", { name });
  useViewed("guest", name);
  if (error?.status === 404) return <Gone name={name} />;
  if (error && !guest) return <PageSection><ProblemAlert problem={error} /></PageSection>;
  if (!guest) return <Waiting />;
  return <Shown guest={guest} tab={NAMES.find((one) => one === tab) ?? "overview"} />;
}

function Waiting() {
  const t = useTexts(parts);
  return <Bullseye className="inn-loading"><Spinner aria-label={t("loading")} /></Bullseye>;
}

function Shown({ guest, tab }: { guest: Guest; tab: TabName }) {
  const t = useTexts(texts);
  const go = useNavigate();
  const hasDraft = useHasDraft(guest.uuid);
  const Part = TABS[tab];
  const path = (one: TabName) => `/guests/${encodeURIComponent(guest.name)}${one === "overview" ? "" : `/${one}`}`;
  return (
    <>
      <PageSection hasBodyWrapper={false} className="inn-guest__way">
        <Breadcrumb aria-label={t("guests")}>
          <BreadcrumbItem render={({ className }) => <Link className={className} to="/guests">{t("guests")}</Link>} />
          <BreadcrumbItem isActive><Truncate content={guest.name} /></BreadcrumbItem>
        </Breadcrumb>
      </PageSection>
      <PageHead title={<Name guest={guest} />} about={guest.title && <span className="inn-name">{guest.title}</span>} actions={<Actions guest={guest} />} />
      <PageSection hasBodyWrapper={false} type="tabs" className="inn-guest__tabs">
        <Tabs activeKey={tab} onSelect={(_, key) => void go(path(key as TabName))} tabListAriaLabel={t("tabs", { name: guest.name })} usePageInsets>
          {NAMES.map((one) => (
            <Tab
              key={one}
              eventKey={one}
              tabContentId={`guest-${one}`}
              onPointerEnter={() => ahead(one)}
              onFocus={() => ahead(one)}
              title={
                <TabTitleText>
                  {t(one)}
                  {hasDraft(one) && <span className="inn-guest__unsaved" title={t("unsaved")}><span className="pf-v6-screen-reader">{t("unsaved")}</span></span>}
                </TabTitleText>
              }
            />
          ))}
        </Tabs>
      </PageSection>
      <PageSection hasBodyWrapper={false} id={`guest-${tab}`} role="tabpanel" aria-label={t(tab)} isFilled className={`inn-guest__tab inn-guest__tab--${tab}`}>
        <Suspense fallback={<Waiting />}>
          <Part key={guest.uuid} guest={guest} />
        </Suspense>
      </PageSection>
    </>
  );
}

function Name({ guest }: { guest: Guest }) {
  return (
    <span className="inn-guest__name">
      <span className="inn-name">{guest.name}</span> <GuestState state={guest.state} />
    </span>
  );
}

function Gone({ name }: { name: string }) {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("gone", { name })} headingLevel="h1">
      <EmptyStateBody><Content component="p">{t("goneBody")}</Content></EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={(props) => <Link {...props} to="/guests" />}>{t("toGuests")}</Button>
          <Button variant="link" component={(props) => <Link {...props} to="/bin" />}>{t("toBin")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
