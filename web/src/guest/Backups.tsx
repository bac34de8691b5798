import { Button, Content, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, List, ListItem } from "@patternfly/react-core";
import { ArchiveIcon } from "@patternfly/react-icons";
import { useState } from "react";
import { Link } from "react-router";

import { act } from "@/api/act";
import { ApiProblem } from "@/api/problem";
import { useLook } from "@/api/query";
import type { Schemas } from "@/api/types";
import { useWho } from "@/app/who";
import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { Alert, AlertActionCloseButton } from "@/patternfly/Alert";
import { useCatalogue } from "@/text/catalogue";
import { ago, dateTime, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { BackUp } from "./BackUp";
import { backupTexts } from "./backupTexts";
import type { Guest } from "./Page";
import { RemoveBackup } from "./RemoveBackup";
import { RestoreBackup } from "./RestoreBackup";

export type Backup = Schemas["BackupView"];

/** How a request names it. */
export function whichBackup(one: Backup): { backup: string; place?: string } {
  return { backup: one.id, ...(one.pool ? { place: one.pool } : {}) };
}

/** What is kept of it: made, checked, restored, removed. */
export default function Backups({ guest }: { guest: Guest }) {
  const t = useTexts(backupTexts);
  const say = useCatalogue();
  const { role } = useWho();
  const { data, error } = useLook("backup", "backup.list", { name: guest.name });
  const [checked, setChecked] = useState<{ when: string; problem?: ApiProblem; isDone: boolean } | null>(null);
  const why = role !== "admin" ? t("onlyAdmins") : undefined;
  const create = <ActionButton why={why} onClick={() => ask((close) => <BackUp guest={guest} onClose={close} />)}>{t("create")}</ActionButton>;
  const verify = async (one: Backup) => {
    const when = dateTime(one.made);
    setChecked({ when, isDone: false });
    try {
      await act("backup.verify", whichBackup(one), guest.name);
      setChecked({ when, isDone: true });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setChecked({ when, problem: error, isDone: true });
    }
  };
  const columns: Column<Backup>[] = [
    { key: "made", label: t("made"), cell: (one) => <Made one={one} />, by: (one) => one.made, width: 25 },
    { key: "state", label: t("state"), cell: (one) => t(one.state === "running" ? (one.frozen ? "frozen" : "running") : "stopped") },
    { key: "size", label: t("size"), cell: (one) => <span className="inn-number">{size(one.size)}</span>, by: (one) => one.size },
    {
      key: "where",
      label: t("where"),
      width: 40,
      cell: (one) => (
        <>
          {one.pool ? t("pool", { pool: one.pool }) : t("defaultPlace")}
          <div className="inn-guest__path">{one.path}</div>
          {one.notes.length > 0 && <List isPlain>{one.notes.map((note) => <ListItem key={note.text}><Content component="small">{say(note.text, note.facts)}</Content></ListItem>)}</List>}
        </>
      ),
    },
    {
      key: "actions",
      label: t("actions"),
      isAction: true,
      cell: (one) => (
        <ActionMenu
          of={dateTime(one.made)}
          actions={[
            { label: t("restore"), why, onClick: () => ask((close) => <RestoreBackup guest={guest} backup={one} onClose={close} />) },
            { label: t("verify"), onClick: () => void verify(one) },
            { label: t("remove"), why, isDanger: true, onClick: () => ask((close) => <RemoveBackup guest={guest} backup={one} onClose={close} />) },
          ]}
        />
      ),
    },
  ];
  const schedules = <Button variant="link" component={(props) => <Link {...props} to="/settings?tab=schedules" />}>{t("schedules")}</Button>;
  const empty = (
    <EmptyState titleText={t("none")} headingLevel="h2" icon={ArchiveIcon}>
      <EmptyStateBody>{t("noneBody")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>{create}</EmptyStateActions>
        <EmptyStateActions>{schedules}</EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
  return (
    <div className="inn-guest__stack">
      {Boolean(data?.length) && <div className="inn-guest__buttons">{create}{schedules}</div>}
      {checked && !checked.problem && (
        <Alert
          isInline
          variant={checked.isDone ? "success" : "info"}
          title={t(checked.isDone ? "verified" : "verifying", { when: checked.when })}
          actionClose={<AlertActionCloseButton title={checked.when} onClose={() => setChecked(null)} />}
        />
      )}
      <ProblemAlert problem={checked?.problem ?? (data ? null : error)} />
      {!(error && !data) && <Table label={t("backups")} rows={data} columns={columns} id={(one) => one.path} sort={{ key: "made", descending: true }} empty={empty} />}
      {Boolean(data?.length) && <Content component="small">{t("noneCheck", { name: guest.name })}</Content>}
    </div>
  );
}

function Made({ one }: { one: Backup }) {
  return (
    <>
      {dateTime(one.made)}
      <div><Content component="small">{ago(one.made)}</Content></div>
    </>
  );
}
