import "@/guests/guests.css";

import {
  Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, PageSection, Toolbar, ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { TrashIcon } from "@patternfly/react-icons";
import { useMemo, useState } from "react";
import { Link } from "react-router";

import { announce } from "@/api/act";
import { useWho } from "@/app/who";
import { beginJob } from "@/guests/bulk";
import { matching, NOTHING } from "@/guests/filter";
import { Progress } from "@/guests/Progress";
import { type GuestRow, useGuestRows } from "@/guests/rows";
import { ActionButton } from "@/parts/ActionButton";
import { ActionMenu } from "@/parts/ActionMenu";
import { ask } from "@/parts/Dialogs";
import { PageHead } from "@/parts/PageHead";
import { ProblemAlert } from "@/parts/ProblemAlert";
import { type Column, Table } from "@/parts/Table";
import { SearchInput } from "@/patternfly/SearchInput";
import { ago, dateTime, size } from "@/text/format";
import { useTexts } from "@/text/texts";

import { BringBack } from "./BringBack";
import { Purge } from "./Purge";
import { PurgeMany } from "./PurgeMany";
import { texts } from "./texts";

const NOTHING_CHOSEN: ReadonlySet<string> = new Set();

export function Page() {
  const t = useTexts(texts);
  const { role } = useWho();
  const { data: rows, error } = useGuestRows("bin");
  const [text, setText] = useState("");
  const [ids, setIds] = useState<ReadonlySet<string>>(NOTHING_CHOSEN);
  const columns = useColumns();
  const found = useMemo(() => rows && matching(rows, { ...NOTHING, text }), [rows, text]);
  const chosen = useMemo(() => (ids.size > 0 ? (rows ?? []).filter((row) => ids.has(row.uuid)) : []), [rows, ids]);
  const why = role === "admin" ? undefined : t("onlyAdmins", { role });
  const count = rows?.length ?? 0;
  return (
    <>
      <PageHead
        title={t("bin")}
        about={count > 0 ? t("about", { count }) : undefined}
        actions={
          count > 0 && (
            <ActionButton variant="secondary" isDanger why={why} onClick={() => ask((close) => <PurgeMany guests={rows ?? []} onClose={close} />)}>
              {t("emptyAll")}
            </ActionButton>
          )
        }
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <ProblemAlert problem={rows ? null : error} />
        <Progress />
        {count > 0 && (
          <Toolbar className="inn-guests-bar">
            <ToolbarContent>
              <ToolbarItem>
                <SearchInput aria-label={t("search")} placeholder={t("search")} value={text} onChange={(_, now) => setText(now)} onClear={() => setText("")} />
              </ToolbarItem>
              {chosen.length > 0 && (
                <ToolbarItem>
                  <div className="inn-chosen" role="group" aria-label={t("chosen", { count: chosen.length })}>
                    <b>{t("chosen", { count: chosen.length })}</b>
                    <ActionButton variant="secondary" size="sm" why={why} onClick={() => void beginJob("undelete", chosen, {})}>{t("back")}</ActionButton>
                    <ActionButton variant="danger" size="sm" why={why} onClick={() => ask((close) => <PurgeMany guests={chosen} onClose={close} />)}>
                      {t("purge")}
                    </ActionButton>
                    <Button variant="link" isInline onClick={() => setIds(NOTHING_CHOSEN)}>{t("chooseNone")}</Button>
                  </div>
                </ToolbarItem>
              )}
            </ToolbarContent>
          </Toolbar>
        )}
        {(rows || !error) && (
          <Table
            label={t("bin")}
            rows={found}
            columns={columns}
            id={idOf}
            sort={NEWEST}
            empty={<Empty />}
            onClear={text ? () => setText("") : undefined}
            selected={{ ids, onSelect: setIds }}
          />
        )}
      </PageSection>
    </>
  );
}

const idOf = (row: GuestRow) => row.uuid;
const NEWEST = { key: "deleted", descending: true };

/** `20261122T101500Z`, with a number behind it where two of a name went within a second. */
export function deletedAt(row: GuestRow): number | null {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(row.deleted ?? "");
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

function useColumns(): Column<GuestRow>[] {
  const t = useTexts(texts);
  return useMemo(
    () => [
      { key: "name", label: t("name"), by: (row) => row.name, width: 30, cell: (row) => <Named row={row} /> },
      {
        key: "deleted",
        label: t("deleted"),
        by: deletedAt,
        width: 20,
        cell: (row) => {
          const at = deletedAt(row);
          return at === null ? "—" : <time dateTime={new Date(at * 1000).toISOString()} title={dateTime(at)}>{ago(at)}</time>;
        },
      },
      { key: "cpus", label: t("cpus"), by: (row) => row.cpus, cell: (row) => <span className="inn-number">{row.cpus ?? "—"}</span>, width: 10 },
      { key: "memory", label: t("memory"), by: (row) => row.memory, cell: (row) => <span className="inn-number">{size(row.memory)}</span>, width: 10 },
      { key: "actions", label: t("actions"), isAction: true, room: "12rem", cell: (row) => <Actions row={row} /> },
    ],
    [t],
  );
}

function Named({ row }: { row: GuestRow }) {
  return (
    <>
      <span className="inn-name">{row.name}</span>
      {row.title && <span className="inn-guest-title" title={row.title}>{row.title}</span>}
    </>
  );
}

function Actions({ row }: { row: GuestRow }) {
  const t = useTexts(texts);
  const { role } = useWho();
  const here = useGuestRows("here").data;
  const { name, uuid } = row;
  const why = role === "admin" ? undefined : t("onlyAdmins", { role });
  const back = () => {
    if (here?.some((one) => one.name === name)) return ask((close) => <BringBack guest={row} onClose={close} />);
    announce("guest.undelete", { name: uuid }, name);
  };
  const isProtected = Boolean(row.protected);
  return (
    <div className="inn-row-actions">
      <ActionButton variant="secondary" size="sm" why={why} aria-label={t("backOf", { name })} onClick={back}>
        {t("back")}
      </ActionButton>
      <ActionMenu
        of={name}
        actions={[
          {
            label: t(isProtected ? "unprotect" : "protect"),
            onClick: () => announce("guest.protect", { name: uuid, protected: !isProtected }, name),
            why,
          },
          {
            label: t("purge"),
            onClick: () => ask((close) => <Purge guest={row} onClose={close} />),
            why: why ?? (isProtected ? t("isProtected") : undefined),
            isDanger: true,
          },
        ]}
      />
    </div>
  );
}

function Empty() {
  const t = useTexts(texts);
  return (
    <EmptyState titleText={t("empty")} headingLevel="h2" icon={TrashIcon}>
      <EmptyStateBody>{t("emptyBody")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={(props: object) => <Link {...props} to="/guests" />}>{t("emptyGo")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
