import { Card, CardBody, CardHeader, CardTitle, Content, Label } from "@patternfly/react-core";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { signOut } from "@/app/session";
import { ActionButton } from "@/parts/ActionButton";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { Table } from "@/parts/Table";
import { ago, dateTime } from "@/text/format";
import { type Say, useTexts } from "@/text/texts";

import { EndSession } from "./EndSession";
import { NewLink } from "./NewLink";
import { texts } from "./texts";

export type Session = Schemas["SessionView"];

export function Sessions() {
  const t = useTexts(texts);
  const may = useMay();
  const why = may("admin");
  const { data, error } = useLook("session", "access.sessions", why ? undefined : {}, { every: 30_000 });
  const end = (one: Session) => ask((close) => <EndSession session={one} onClose={close} />);
  return (
    <Card>
      <CardHeader
        hasWrap
        actions={{
          hasNoOffset: true,
          actions: (
            <ActionButton variant="secondary" why={why} onClick={() => ask((close) => <NewLink onClose={close} />)}>
              {t("link")}
            </ActionButton>
          ),
        }}
      >
        <CardTitle component="h2">{t("sessions")}</CardTitle>
      </CardHeader>
      <CardBody>
        <Content component="p">{why ?? t("sessionsAbout")}</Content>
        <ProblemAlert problem={error} />
        {!why && !(error && !data) && (
          <Table
            label={t("sessions")}
            rows={data}
            id={(one) => one.id}
            sort={{ key: "seen", descending: true }}
            empty={null}
            columns={[
              {
                key: "browser",
                label: t("browser"),
                width: 35,
                by: (one) => browserOf(one.agent, t),
                cell: (one) => (
                  <span title={one.agent} className="inn-name">
                    {browserOf(one.agent, t)} {one.current && <Label isCompact color="blue">{t("current")}</Label>}
                  </span>
                ),
              },
              { key: "address", label: t("address"), by: (one) => one.address, cell: (one) => one.address },
              { key: "created", label: t("since"), by: (one) => one.created, cell: (one) => <span title={dateTime(one.created)}>{ago(one.created)}</span> },
              { key: "seen", label: t("seen"), by: (one) => one.seen, cell: (one) => <span title={dateTime(one.seen)}>{ago(one.seen)}</span> },
              {
                key: "end",
                label: t("actions"),
                cell: (one) => (
                  <ActionButton
                    variant="link"
                    isInline
                    aria-label={`${t("signOut")}: ${browserOf(one.agent, t)}, ${one.address}`}
                    onClick={() => (one.current ? void signOut().then(() => location.assign("/")) : end(one))}
                  >
                    {t("signOut")}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </CardBody>
    </Card>
  );
}

const BROWSERS: readonly [RegExp, string][] = [
  [/Firefox\//, "Firefox"],
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** `Firefox on Linux`; else what it calls itself. */
export function browserOf(agent: string, t: Say<(typeof texts)["keys"]>): string {
  const find = (of: readonly [RegExp, string][]) => of.find(([mark]) => mark.test(agent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser && system) return t("on", { browser, system });
  return browser ?? (agent.slice(0, 60) || t("unknownBrowser"));
}
