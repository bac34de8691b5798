import {
  Card, CardBody, CardHeader, CardTitle, Content, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Label,
} from "@patternfly/react-core";
import { CalendarAltIcon } from "@patternfly/react-icons";
import { Link } from "react-router";

import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { ago, dateTime } from "@/text/format";
import { type Say, useTexts } from "@/text/texts";

import { NewSchedule } from "./NewSchedule";
import { RemoveSchedule } from "./RemoveSchedule";
import { RunSchedule } from "./RunSchedule";
import { texts } from "./texts";
import { useTimes } from "./times";

export type Schedule = Schemas["ScheduleView"];

export function Schedules() {
  const t = useTexts(texts);
  const may = useMay();
  const why = may("admin");
  const times = useTimes();
  const { data, error } = useLook("schedule", "schedule.list", {}, { every: 30_000 });
  const button = (
    <ActionButton variant="secondary" why={why} onClick={() => ask((close) => <NewSchedule onClose={close} />)}>
      {t("scheduleMake")}
    </ActionButton>
  );
  return (
    <Card>
      <CardHeader actions={{ hasNoOffset: true, actions: data?.length === 0 ? null : button }}>
        <CardTitle component="h2">{t("schedules")}</CardTitle>
      </CardHeader>
      <CardBody>
        <Content component="p">{t("schedulesAbout")}</Content>
        <ProblemAlert problem={error} />
        {!(error && !data) && (
          <Table
            label={t("schedules")}
            rows={data}
            id={(one) => one.name}
            columns={columns(t, times, why)}
            empty={
              <EmptyState titleText={t("scheduleNone")} headingLevel="h3" icon={CalendarAltIcon} variant="sm">
                <EmptyStateBody>{t("scheduleNoneBody")}</EmptyStateBody>
                <EmptyStateFooter>
                  <EmptyStateActions>{button}</EmptyStateActions>
                </EmptyStateFooter>
              </EmptyState>
            }
          />
        )}
      </CardBody>
    </Card>
  );
}

function columns(t: Say<(typeof texts)["keys"]>, times: (cron: string) => string, why: string | undefined): Column<Schedule>[] {
  return [
    { key: "name", label: t("schedule"), width: 20, by: (one) => one.name, cell: (one) => (
      <>
        <span className="inn-name">{one.name}</span>
        {one.who && <><br /><small>{t("madeBy", { who: one.who })}</small></>}
      </>
    ) },
    {
      key: "does",
      label: t("does"),
      width: 25,
      by: (one) => `${one.action} ${one.guest}`,
      cell: (one) => (
        <>
          <Link className="inn-name" to={`/guests/${encodeURIComponent(one.guest)}`}>
            {t(`does_${one.action}`, { guest: one.guest })}
          </Link>
          {one.keep && <><br /><small>{t("kept", { count: one.keep })}</small></>}
        </>
      ),
    },
    {
      key: "when",
      label: t("when"),
      width: 20,
      cell: (one) => <span title={`${one.cron} ${one.zone}`}>{t("inZone", { when: times(one.cron), zone: one.zone })}</span>,
    },
    { key: "next", label: t("next"), by: (one) => one.next, cell: (one) => (one.next ? <span title={dateTime(one.next)}>{ago(one.next)}</span> : "—") },
    {
      key: "last",
      label: t("last"),
      by: (one) => one.last_run,
      cell: (one) => (
        <>
          {one.last_run ? <Ran schedule={one} /> : t("notYet")}{" "}
          {one.missed > 0 && <Label isCompact color="orange">{t("missed", { count: one.missed })}</Label>}
        </>
      ),
    },
    {
      key: "actions",
      label: t("actions"),
      isAction: true,
      cell: (one) => (
        <ActionMenu
          of={one.name}
          actions={[
            { label: t("run"), why, onClick: () => ask((close) => <RunSchedule schedule={one} onClose={close} />) },
            { label: t("remove"), why, isDanger: true, onClick: () => ask((close) => <RemoveSchedule name={one.name} onClose={close} />) },
          ]}
        />
      ),
    },
  ];
}

function Ran({ schedule }: { schedule: Schedule }) {
  const at = schedule.last_run ?? 0;
  const said = <span title={dateTime(at)}>{ago(at)}</span>;
  return schedule.last_operation ? <Link to={`/operations/${schedule.last_operation}`}>{said}</Link> : said;
}
