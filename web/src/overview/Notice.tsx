import { Button } from "@patternfly/react-core";
import { lazy, type ReactNode, Suspense } from "react";
import { Link } from "react-router";

import type { Operation, Schemas } from "@/api/types";
import { again } from "@/app/loading";
import { useSaid } from "@/host/FindingCard";
import type { Finding } from "@/host/findings";
import { titleOf, useOperationActions } from "@/operations/actions";
import { ActionButton } from "@/parts/ActionButton";
import { ask } from "@/parts/Dialogs";
import { useMay } from "@/parts/may";
import { useVerbName } from "@/parts/verbs";
import { ago, dateTime, list, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import type { Notice as Told } from "./notices";
import { texts } from "./texts";

const Repair = lazy(again(async () => ({ default: (await import("@/host/Repair")).Repair })));
const RunSchedule = lazy(again(async () => ({ default: (await import("@/settings/RunSchedule")).RunSchedule })));

/** One thing that needs attention: what it is, and what to do about it. */
export function Notice({ notice }: { notice: Told }) {
  switch (notice.what) {
    case "link":
      return <LinkDown link={notice.link} />;
    case "guest":
      return <Ill guest={notice.guest} why={notice.why} />;
    case "finding":
      return <Found finding={notice.finding} />;
    case "operation":
      return <Left operation={notice.operation} why={notice.why} />;
    case "pool":
      return <Full pool={notice.pool} />;
    case "schedule":
      return <Missed schedule={notice.schedule} />;
  }
}

function Said({ title, children, button }: { title: string; children?: ReactNode; button: ReactNode }) {
  return (
    <>
      <div className="inn-attention__said">
        <div className="inn-attention__title">{title}</div>
        {children && <p>{children}</p>}
      </div>
      <div>{button}</div>
    </>
  );
}

function Go({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Button variant="secondary" size="sm" component={(props) => <Link {...props} to={to} />}>
      {children}
    </Button>
  );
}

function LinkDown({ link }: { link: Schemas["Link"] }) {
  const t = useTexts(texts);
  return (
    <Said title={t(link.state === "hung" ? "linkHung" : "linkAway")} button={<Go to="/host/doctor">{t("linkDo")}</Go>}>
      {t("linkBody", { since: dateTime(link.since), detail: link.detail })}
    </Said>
  );
}

function Ill({ guest, why }: { guest: Schemas["GuestRow"]; why: (Told & { what: "guest" })["why"] }) {
  const t = useTexts(texts);
  return (
    <Said title={t(why, { name: guest.name })} button={<Go to={`/guests/${encodeURIComponent(guest.name)}`}>{t("showGuest")}</Go>}>
      {t(`${why}Body`)}
    </Said>
  );
}

function Found({ finding }: { finding: Finding }) {
  const t = useTexts(texts);
  const may = useMay();
  const { title, means } = useSaid(finding);
  const repair = () => ask((close) => <Suspense><Repair only={[finding.id]} onClose={close} /></Suspense>);
  return (
    <Said
      title={title || "…"}
      button={
        finding.repairable ? (
          <ActionButton variant="secondary" size="sm" why={may("admin")} onClick={repair}>
            {t("repair")}
          </ActionButton>
        ) : (
          <Go to="/host/doctor">{t("showWhat")}</Go>
        )
      }
    >
      {means}
    </Said>
  );
}

function Left({ operation, why }: { operation: Operation; why: (Told & { what: "operation" })["why"] }) {
  const t = useTexts(texts);
  const name = useVerbName();
  const { actions, dialog } = useOperationActions();
  const [, retry, clean] = actions(operation);
  const what = titleOf(operation, name);
  const action = why === "operationLeft" ? clean : why === "operationServer" ? retry : undefined;
  const ended = operation.ended ?? operation.requested;
  return (
    <>
      <Said
        title={t(why, { what })}
        button={
          action ? (
            <ActionButton variant="secondary" size="sm" why={action.why} onClick={action.onClick}>
              {action.label}
            </ActionButton>
          ) : (
            <Go to={`/operations/${operation.id}`}>{t("show")}</Go>
          )
        }
      >
        {t(`${why}Body`, { ago: ended ? ago(ended) : "", left: list(operation.left ?? []) })}{" "}
        <Link to={`/operations/${operation.id}`}>{t("show")}</Link>
      </Said>
      {dialog}
    </>
  );
}

function Full({ pool }: { pool: Schemas["HostPool"] }) {
  const t = useTexts(texts);
  return (
    <Said
      title={t("poolFull", { name: pool.name })}
      button={<Go to={`/storage/${encodeURIComponent(pool.name)}`}>{t("showPool")}</Go>}
    >
      {t("poolFullBody", { free: size(pool.available), all: size(pool.capacity) })}
    </Said>
  );
}

function Missed({ schedule }: { schedule: Schemas["ScheduleView"] }) {
  const t = useTexts(texts);
  const may = useMay();
  const run = () => ask((close) => <Suspense><RunSchedule schedule={schedule} onClose={close} /></Suspense>);
  return (
    <Said
      title={t("missed", { name: schedule.name, count: schedule.missed })}
      button={
        <ActionButton variant="secondary" size="sm" why={may("admin")} onClick={run}>
          {t("runNow")}
        </ActionButton>
      }
    >
      {t("missedBody", { since: schedule.missed_since ? dateTime(schedule.missed_since) : "—" })}
    </Said>
  );
}
